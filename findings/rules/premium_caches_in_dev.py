"""Premium Redis caches in development and test environments."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return (
        resource.text("skuName").lower() == "premium"
        and resource.text("provisioningState").lower() != "failed"
        and is_dev(resource, facts)
    )


RULE = Rule(
    name="premium_caches_in_dev",
    text=RuleText(
        "Redis cache",
        "Redis caches",
        "{count} Premium {them} in development and test",
        "A Premium cache costs several times as much as a Basic one of the same size. Test seldom needs "
        "persistence, clusters or zones. We do not know the price difference in your agreement, so we give no "
        "amount.",
        "Create a Basic or Standard cache for test, then delete the Premium one: a cache cannot be scaled "
        "down from Premium.",
        "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-how-to-scale",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.cache/redis",),
    matches=_exceeds_need,
    evidence=(
        property_field("SKU", "skuName"),
        property_field("Size", "skuCapacity"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Create a Premium cache again.",
    reads=("provisioningState", "skuCapacity", "skuName"),
)
