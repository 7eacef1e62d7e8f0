"""Search services of development and test with several replicas or partitions."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.count("replicaCount") * resource.count("partitionCount") > 1 and is_dev(resource, facts)


RULE = Rule(
    name="search_replicas_in_dev",
    text=RuleText(
        "search service",
        "search services",
        "{count} {them} with several replicas or partitions in development and test",
        "A search service is billed for its replicas times its partitions. One of each is enough for test. We "
        "do not know the price difference in your agreement, so we give no amount.",
        "Reduce replicas and partitions to one.",
        "https://learn.microsoft.com/azure/search/search-capacity-planning",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.search/searchservices",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        property_field("Replicas", "replicaCount"),
        property_field("Partitions", "partitionCount"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Add replicas and partitions again.",
    reads=("partitionCount", "replicaCount"),
)
