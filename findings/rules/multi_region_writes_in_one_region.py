"""Cosmos DB accounts with multi-region writes and one region."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _writes_to_one_region(account: Resource, _facts: Facts) -> bool:
    return account.properties.get("enableMultipleWriteLocations") is True and account.count("locationsCount") == 1


RULE = Rule(
    name="multi_region_writes_in_one_region",
    text=RuleText(
        "Cosmos DB account",
        "Cosmos DB accounts",
        "{count} {them} with multi-region writes in one region",
        "With multi-region writes, throughput has a higher price per request unit. With one region there is no second "
        "one to write to. We do not know the price difference in your agreement, so we give no amount.",
        "Check whether another region is planned. If not, turn off multi-region writes.",
        "https://learn.microsoft.com/azure/cosmos-db/optimize-cost-regions",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.documentdb/databaseaccounts",),
    matches=_writes_to_one_region,
    evidence=(property_field("Regions", "locationsCount"), property_field("Offer", "databaseAccountOfferType")),
    has_saving=False,
    reads=("databaseAccountOfferType", "enableMultipleWriteLocations", "locationsCount"),
)
