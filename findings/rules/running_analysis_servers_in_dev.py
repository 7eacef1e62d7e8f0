"""Analysis Services servers of development and test that run."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return (
        resource.text("state").lower() == "succeeded" and resource.sku_text("name") != "d1" and is_dev(resource, facts)
    )


RULE = Rule(
    name="running_analysis_servers_in_dev",
    text=RuleText(
        "Analysis Services server",
        "Analysis Services servers",
        "{count} running {them} in development and test",
        "A server is billed by the hour until it is paused. How many hours you can do without only you know, "
        "so we give no amount.",
        "Pause it outside working hours, by hand or by a schedule.",
        "https://learn.microsoft.com/azure/analysis-services/analysis-services-overview",
    ),
    measure=Measure.STOP,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.analysisservices/servers",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        property_field("State", "state"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Resume the server.",
    reads=("state",),
)
