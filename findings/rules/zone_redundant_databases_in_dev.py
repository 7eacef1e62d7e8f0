"""Zone-redundant General Purpose and Hyperscale databases in development and test environments."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, sku_field
from shared.core.findings import Confidence, Effort, Measure

TIERS = ("generalpurpose", "hyperscale")
"""In the other tiers zone redundancy has no price of its own."""


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return (
        resource.properties.get("zoneRedundant") is True
        and resource.sku_text("tier") in TIERS
        and is_dev(resource, facts)
    )


RULE = Rule(
    name="zone_redundant_databases_in_dev",
    text=RuleText(
        "SQL database",
        "SQL databases",
        "{count} zone-redundant {them} in development and test",
        "Zone redundancy has a price of its own in the General Purpose and Hyperscale tiers. Test databases "
        "seldom need it. We do not know the price difference in your agreement, so we give no amount.",
        "Turn off zone redundancy.",
        "https://learn.microsoft.com/azure/azure-sql/database/high-availability-sla",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.sql/servers/databases",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Turn on zone redundancy again.",
    reads=("zoneRedundant",),
)
