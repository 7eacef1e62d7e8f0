"""Premium firewalls without a policy, so none of the Premium features can be in use."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _cannot_use_premium(firewall: Resource, _facts: Facts) -> bool:
    """Intrusion detection and TLS inspection are settings of a policy; classic rules have neither."""
    return firewall.text("skuTier").lower() == "premium" and not firewall.has("firewallPolicyId")


RULE = Rule(
    name="premium_firewalls_without_policy",
    text=RuleText(
        "Premium firewall",
        "Premium firewalls",
        "{count} {them} without a firewall policy",
        "Premium costs more than Standard because of intrusion detection, TLS inspection and URL filtering. All of "
        "them are set in a firewall policy, and these firewalls have none. We do not know the price difference in your "
        "agreement, so we give no amount.",
        "Check whether the Premium features are planned. If not, change the firewall to Standard.",
        "https://learn.microsoft.com/azure/firewall/change-sku",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.network/azurefirewalls",),
    matches=_cannot_use_premium,
    evidence=(property_field("Tier", "skuTier"), property_field("State", "provisioningState")),
    has_saving=False,
    reads=("firewallPolicyId", "provisioningState", "skuTier"),
)
