"""Log Analytics workspaces of development and test without a daily cap."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure

NO_CAP = -1


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.properties.get("dailyQuotaGb") == NO_CAP and is_dev(resource, facts)


RULE = Rule(
    name="workspaces_without_cap_in_dev",
    text=RuleText(
        "Log Analytics workspace",
        "Log Analytics workspaces",
        "{count} {them} without a daily cap in development and test",
        "A test that logs too much is billed for every GB. A daily cap stops the ingestion for the rest of "
        "the day. It is a safeguard, so we give no amount.",
        "Set a daily cap a little above the usual volume of a day.",
        "https://learn.microsoft.com/azure/azure-monitor/logs/daily-cap",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.operationalinsights/workspaces",),
    matches=_exceeds_need,
    evidence=(
        property_field("Pricing tier", "skuName"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Remove the cap.",
    reads=("dailyQuotaGb", "skuName"),
)
