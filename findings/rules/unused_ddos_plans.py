"""DDoS protection plans that protect nothing."""

from findings.resource import Resource
from findings.rule import Facts, Rule, Words
from shared.core.findings import Confidence, Effort, Measure


def _protects_nothing(plan: Resource, _facts: Facts) -> bool:
    return not plan.count("virtualNetworksCount") and not plan.count("publicIPAddressesCount")


RULE = Rule(
    name="unused_ddos_plans",
    words=Words(
        "DDoS protection plan",
        "DDoS protection plans",
        "{count} {them} without a network",
        "A DDoS protection plan has a high fixed monthly price, and one plan serves all subscriptions of a tenant. No "
        "virtual network and no address uses these.",
        "Delete the plan, or bind the networks to it that it was bought for.",
        "https://learn.microsoft.com/azure/ddos-protection/ddos-protection-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/ddosprotectionplans",),
    fits=_protects_nothing,
)
