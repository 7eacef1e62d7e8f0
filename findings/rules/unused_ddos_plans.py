"""DDoS protection plans without protected resources."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText
from shared.core.findings import Confidence, Effort, Measure


def _is_unused(plan: Resource, _facts: Facts) -> bool:
    return not plan.count("virtualNetworksCount") and not plan.count("publicIPAddressesCount")


RULE = Rule(
    name="unused_ddos_plans",
    text=RuleText(
        "DDoS protection plan",
        "DDoS protection plans",
        "{count} {them} without protected resources",
        "A DDoS protection plan has a high fixed monthly price, and one plan can protect all subscriptions in a "
        "tenant. No virtual network and no public IP address uses these plans.",
        "Delete the plan, or associate it with the virtual networks it was bought for.",
        "https://learn.microsoft.com/azure/ddos-protection/ddos-protection-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/ddosprotectionplans",),
    matches=_is_unused,
    reads=("publicIPAddressesCount", "virtualNetworksCount"),
)
