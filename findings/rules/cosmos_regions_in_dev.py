"""Cosmos DB accounts of development and test with several regions."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.count("locationsCount") > 1 and is_dev(resource, facts)


RULE = Rule(
    name="cosmos_regions_in_dev",
    text=RuleText(
        "Cosmos DB account",
        "Cosmos DB accounts",
        "{count} {them} with several regions in development and test",
        "Throughput and storage are billed in each region of the account. Test data is seldom needed in a "
        "second one. We do not know the price difference in your agreement, so we give no amount.",
        "Remove all regions but one.",
        "https://learn.microsoft.com/azure/cosmos-db/optimize-cost-regions",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.documentdb/databaseaccounts",),
    matches=_exceeds_need,
    evidence=(
        property_field("Regions", "locationsCount"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Add the region again; the data is copied to it.",
    reads=("locationsCount",),
)
