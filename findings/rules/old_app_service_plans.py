"""App Service plans of earlier generations."""

import re

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure

OLD = re.compile(r"s[123]|p[123](?:v2)?")


def _is_old(plan: Resource, _facts: Facts) -> bool:
    """Empty plans are reported for deletion."""
    return OLD.fullmatch(plan.sku_text("name")) is not None and plan.count("numberOfSites") > 0


RULE = Rule(
    name="old_app_service_plans",
    text=RuleText(
        "App Service plan",
        "App Service plans",
        "{count} {them} of an earlier generation",
        "Standard and Premium v2 plans run on older hardware. A Premium v3 or v4 plan has more memory and "
        "faster cores for about the same price, so that fewer instances are enough. We do not know the price "
        "difference in your agreement, so we give no amount.",
        "Scale to a Premium v3 or v4 plan with fewer instances and watch the load for a week.",
        "https://learn.microsoft.com/azure/app-service/app-service-configure-premium-tier",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.web/serverfarms",),
    matches=_is_old,
    evidence=(
        sku_field(),
        property_field("Instances", "numberOfWorkers"),
        property_field("Apps", "numberOfSites"),
    ),
    has_saving=False,
    undo="Scale back to the earlier plan.",
    reads=("numberOfSites", "numberOfWorkers"),
)
