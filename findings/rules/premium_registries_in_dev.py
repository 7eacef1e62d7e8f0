"""Container registries of an expensive tier in development and test environments."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, sku_field
from shared.core.findings import Confidence, Effort, Measure

TIERS = ("premium",)


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.sku_text("name") in TIERS and is_dev(resource, facts)


RULE = Rule(
    name="premium_registries_in_dev",
    text=RuleText(
        "container registry",
        "container registries",
        "{count} Premium {them} in development and test",
        "A Premium registry costs about ten times as much as a Basic one. Test seldom needs replication or "
        "private endpoints. We do not know the price difference in your agreement, so we give no amount.",
        "Check the stored size and whether private endpoints or replications exist. If not, change the "
        "registry to Standard or Basic.",
        "https://learn.microsoft.com/azure/container-registry/container-registry-skus",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.containerregistry/registries",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Change the tier back.",
)
