"""Fabric capacities of development and test that are not paused."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.text("state").lower() == "active" and is_dev(resource, facts)


RULE = Rule(
    name="active_fabric_capacities_in_dev",
    text=RuleText(
        "Fabric capacity",
        "Fabric capacities",
        "{count} active {them} in development and test",
        "A capacity is billed by the hour until it is paused. A paused one is billed for its storage only. "
        "How many hours you can do without only you know, so we give no amount.",
        "Pause it outside working hours, by hand or by a schedule.",
        "https://learn.microsoft.com/fabric/enterprise/pause-resume",
    ),
    measure=Measure.STOP,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.fabric/capacities",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        property_field("State", "state"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Resume the capacity.",
    reads=("state",),
)
