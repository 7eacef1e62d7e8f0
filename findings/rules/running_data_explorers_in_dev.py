"""Data Explorer clusters of development and test that run."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.text("state").lower() == "running" and is_dev(resource, facts)


RULE = Rule(
    name="running_data_explorers_in_dev",
    text=RuleText(
        "Data Explorer cluster",
        "Data Explorer clusters",
        "{count} running {them} in development and test",
        "A cluster is billed for its machines by the hour until it is stopped. A stopped one keeps its data. "
        "How many hours you can do without only you know, so we give no amount.",
        "Stop it outside working hours, or turn on its automatic stop.",
        "https://learn.microsoft.com/azure/data-explorer/auto-stop-clusters",
    ),
    measure=Measure.STOP,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.kusto/clusters",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        property_field("State", "state"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Start the cluster.",
    reads=("state",),
)
