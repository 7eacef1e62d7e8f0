"""Azure Cache for Redis instances that failed to deploy."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _has_failed(cache: Resource, _facts: Facts) -> bool:
    return cache.text("provisioningState").lower() == "failed"


RULE = Rule(
    name="failed_caches",
    text=RuleText(
        "Redis cache",
        "Redis caches",
        "{count} {them} in a failed state",
        "The last change to the cache failed. It is billed all the same, and it may or may not serve requests.",
        "Check whether an app connects to the cache. If none does, delete it; otherwise repair it.",
        "https://learn.microsoft.com/azure/azure-cache-for-redis/cache-overview",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.cache/redis",),
    matches=_has_failed,
    evidence=(
        property_field("SKU", "skuName"),
        property_field("Family", "skuFamily"),
        property_field("Size", "skuCapacity"),
    ),
    has_saving=False,
    reads=("provisioningState", "skuCapacity", "skuFamily", "skuName"),
)
