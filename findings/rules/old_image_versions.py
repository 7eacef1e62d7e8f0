"""Image versions that were published more than a year ago."""

from datetime import timedelta

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, date_field
from shared.core.findings import Confidence, Effort, Measure

OLD_AFTER = timedelta(days=365)


def _is_old(version: Resource, facts: Facts) -> bool:
    published = version.day("publishedDate")
    return published is not None and facts.today - published > OLD_AFTER


RULE = Rule(
    name="old_image_versions",
    text=RuleText(
        "image version",
        "image versions",
        "{count} {them} older than a year",
        "A version of a gallery image is stored in each region that it is replicated to, and billed for it. "
        "Machines are usually made from the latest version.",
        "Check which versions deployments name. Delete the others, or reduce the number of replicas.",
        "https://learn.microsoft.com/azure/virtual-machines/azure-compute-gallery",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.LOW,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/galleries/images/versions",),
    matches=_is_old,
    evidence=(date_field("Published", "publishedDate"),),
    has_saving=False,
    undo="A deleted version cannot be restored.",
    reads=("publishedDate",),
)
