"""App Service plans of a Premium or Isolated tier in development and test environments."""

import re

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure

PREMIUM = re.compile(r"(?:p\d+m?v[234]|p[123]|i\d+m?v2)")
"""The names of Premium and Isolated v2 plans; empty plans are reported for deletion."""


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return (
        PREMIUM.fullmatch(resource.sku_text("name")) is not None
        and resource.count("numberOfSites") > 0
        and is_dev(resource, facts)
    )


RULE = Rule(
    name="premium_app_service_plans_in_dev",
    text=RuleText(
        "App Service plan",
        "App Service plans",
        "{count} Premium {them} in development and test",
        "Premium and Isolated plans are for production. A Basic plan runs the same apps without autoscaling, "
        "slots and zones, at a lower price. We do not know the price difference in your agreement, so we give "
        "no amount.",
        "Scale the plan down to Basic, or share one plan among the test apps.",
        "https://learn.microsoft.com/azure/app-service/overview-hosting-plans",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.web/serverfarms",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        property_field("Apps", "numberOfSites"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Change the tier back.",
    reads=("numberOfSites",),
)
