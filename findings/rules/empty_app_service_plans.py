"""App Service plans without apps."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure

FREE_TIERS = ("free", "shared", "dynamic", "flexconsumption")
FREE_NAMES = ("f1", "d1", "y1", "fc1")


def _is_empty(plan: Resource, _facts: Facts) -> bool:
    """Azure must report the number of sites; a plan without that property is not reported as empty."""
    return "numberOfSites" in plan.properties and plan.count("numberOfSites") == 0


def _is_free(plan: Resource, _facts: Facts) -> bool:
    is_on_demand = plan.text("computeMode").lower() == "dynamic"
    return is_on_demand or plan.sku_text("tier") in FREE_TIERS or plan.sku_text("name") in FREE_NAMES


RULE = Rule(
    name="empty_app_service_plans",
    text=RuleText(
        "App Service plan",
        "App Service plans",
        "{count} {them} without apps",
        "An App Service plan is billed for its instances whether or not an app runs on them.",
        "Delete the plan. If you need it for a planned deployment, scale it down to one instance of the smallest tier.",
        "https://learn.microsoft.com/azure/app-service/overview-hosting-plans",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.web/serverfarms",),
    matches=_is_empty,
    exclusions=(Exclusion("Free, Shared and Consumption plans, which have no charge while empty", _is_free),),
    evidence=(sku_field("Pricing plan"), property_field("Instances", "numberOfWorkers")),
    reads=("computeMode", "numberOfSites", "numberOfWorkers"),
)
