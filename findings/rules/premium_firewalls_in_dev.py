"""Firewalls of an expensive tier in development and test environments."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure

TIERS = ("premium",)


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return resource.text("skuTier").lower() in TIERS and is_dev(resource, facts)


RULE = Rule(
    name="premium_firewalls_in_dev",
    text=RuleText(
        "firewall",
        "firewalls",
        "{count} Premium {them} in development and test",
        "A Premium firewall costs more by the hour than a Standard or Basic one. Test networks seldom need "
        "intrusion detection. We do not know the price difference in your agreement, so we give no amount.",
        "Share the firewall of the hub, or change to Basic or Standard.",
        "https://learn.microsoft.com/azure/firewall/choose-firewall-sku",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.network/azurefirewalls",),
    matches=_exceeds_need,
    evidence=(
        property_field("Tier", "skuTier"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Change the tier back.",
    reads=("skuTier",),
)
