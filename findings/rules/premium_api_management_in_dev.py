"""API Management services of an expensive tier in development and test environments."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, sku_field
from shared.core.findings import Confidence, Effort, Measure

TIERS = (
    "premium",
    "premiumv2",
    "standard",
    "standardv2",
)


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.sku_text("name") in TIERS and is_dev(resource, facts)


RULE = Rule(
    name="premium_api_management_in_dev",
    text=RuleText(
        "API Management service",
        "API Management services",
        "{count} production-tier {them} in development and test",
        "The Developer tier has the features of Premium without a service level agreement, for a small part "
        "of its price. We do not know the price difference in your agreement, so we give no amount.",
        "Create a Developer or Consumption service from a backup of this one, then delete it.",
        "https://learn.microsoft.com/azure/api-management/api-management-features",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.apimanagement/service",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Change the tier back.",
)
