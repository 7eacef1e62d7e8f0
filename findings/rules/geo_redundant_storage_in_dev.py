"""Storage accounts that copy development and test data to a second region."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, date_field, sku_field
from shared.core.findings import Confidence, Effort, Measure

REDUNDANT = ("grs", "gzrs")
"""Also RA-GRS and RA-GZRS end like this."""


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.sku_text("name").endswith(REDUNDANT) and is_dev(resource, facts)


RULE = Rule(
    name="geo_redundant_storage_in_dev",
    text=RuleText(
        "storage account",
        "storage accounts",
        "{count} geo-redundant {them} in development and test",
        "Geo-redundant storage keeps three more copies in a second region, at about twice the price of "
        "locally redundant storage, and bills the transfer. Test data can usually be made again. We do not "
        "know the price difference in your agreement, so we give no amount.",
        "Change the redundancy to LRS. The data stays, and access is not interrupted.",
        "https://learn.microsoft.com/azure/storage/common/redundancy-migration",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.storage/storageaccounts",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        date_field("Created", "creationTime"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Change the redundancy back; the copy to the second region is billed.",
    reads=("creationTime",),
)
