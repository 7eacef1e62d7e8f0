"""SQL databases of an expensive tier in development and test environments."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, sku_field
from shared.core.findings import Confidence, Effort, Measure

TIERS = (
    "businesscritical",
    "premium",
)


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.sku_text("tier") in TIERS and is_dev(resource, facts)


RULE = Rule(
    name="business_critical_databases_in_dev",
    text=RuleText(
        "SQL database",
        "SQL databases",
        "{count} Business Critical or Premium {them} in development and test",
        "Business Critical and Premium databases run on several replicas with local disks, at more than twice "
        "the price of General Purpose. We do not know the price difference in your agreement, so we give no "
        "amount.",
        "Change the database to General Purpose serverless, which pauses when it is not used.",
        "https://learn.microsoft.com/azure/azure-sql/database/service-tiers-vcore",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.sql/servers/databases",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Change the tier back.",
)
