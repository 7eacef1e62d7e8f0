"""Log Analytics workspaces that keep logs for longer than is free of charge."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure

FREE_DAYS = 90
"""What Microsoft Sentinel includes; other workspaces have 31 days: those between are left out, since we cannot tell.

https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs
"""


def _is_long(workspace: Resource, _facts: Facts) -> bool:
    return workspace.count("retentionInDays") > FREE_DAYS


RULE = Rule(
    name="long_log_retention",
    text=RuleText(
        "Log Analytics workspace",
        "Log Analytics workspaces",
        f"{{count}} {{them}} with more than {FREE_DAYS} days of retention",
        "Interactive retention beyond the included period is billed for every GB and month. Logs that are kept for "
        "audits only can go to long-term retention, which costs much less.",
        "Ask the owner how far back queries have to reach. Lower the interactive retention to that and use long-term "
        "retention for the rest.",
        "https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.operationalinsights/workspaces",),
    matches=_is_long,
    evidence=(property_field("Retention (days)", "retentionInDays"), property_field("Pricing tier", "skuName")),
    has_saving=False,
    reads=("retentionInDays", "skuName"),
)
