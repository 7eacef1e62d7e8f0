"""Dedicated SQL pools of development and test that are not paused."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.text("status").lower() == "online" and is_dev(resource, facts)


RULE = Rule(
    name="online_sql_pools_in_dev",
    text=RuleText(
        "dedicated SQL pool",
        "dedicated SQL pools",
        "{count} online {them} in development and test",
        "A dedicated SQL pool is billed for its data warehouse units by the hour until it is paused. How many "
        "hours you can do without only you know, so we give no amount.",
        "Pause it outside working hours, by hand or by a schedule.",
        "https://learn.microsoft.com/azure/synapse-analytics/sql-data-warehouse/pause-and-resume-compute-portal",
    ),
    measure=Measure.STOP,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.synapse/workspaces/sqlpools",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        property_field("Status", "status"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Resume the pool.",
    reads=("status",),
)
