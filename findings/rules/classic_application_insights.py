"""Application Insights resources without a workspace."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _is_classic(component: Resource, _facts: Facts) -> bool:
    return component.text("ingestionMode").lower() == "applicationinsights"


RULE = Rule(
    name="classic_application_insights",
    text=RuleText(
        "Application Insights resource",
        "Application Insights resources",
        "{count} classic {them}",
        "Microsoft retired classic Application Insights on 29 Feb 2024. Resources that store logs in a "
        "workspace can use its commitment tier and retention settings.",
        "Migrate the resource to a Log Analytics workspace. Existing data stays where it is.",
        "https://learn.microsoft.com/azure/azure-monitor/app/convert-classic-resource",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.insights/components",),
    matches=_is_classic,
    evidence=(property_field("Retention (days)", "retentionInDays"),),
    has_saving=False,
    undo="The migration cannot be undone.",
    reads=("ingestionMode", "retentionInDays"),
)
