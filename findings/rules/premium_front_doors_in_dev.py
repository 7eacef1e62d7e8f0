"""Front Door profiles of an expensive tier in development and test environments."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, sku_field
from shared.core.findings import Confidence, Effort, Measure

TIERS = ("premium_azurefrontdoor",)


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.sku_text("name") in TIERS and is_dev(resource, facts)


RULE = Rule(
    name="premium_front_doors_in_dev",
    text=RuleText(
        "Front Door profile",
        "Front Door profiles",
        "{count} Premium {them} in development and test",
        "A Premium profile has a base price about nine times that of Standard, for private origins and "
        "managed firewall rules. We do not know the price difference in your agreement, so we give no amount.",
        "Create a Standard profile for test, then delete the Premium one: a profile cannot be changed down.",
        "https://learn.microsoft.com/azure/frontdoor/front-door-cdn-comparison",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.cdn/profiles",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Change the tier back.",
)
