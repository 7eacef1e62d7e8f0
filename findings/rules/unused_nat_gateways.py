"""NAT gateways that no subnet uses."""

from findings.resource import Resource
from findings.rule import Facts, Rule, Words, shown_sku
from shared.core.findings import Confidence, Effort, Measure


def _serves_nobody(gateway: Resource, _facts: Facts) -> bool:
    """Newer gateways serve a whole virtual network instead of single subnets."""
    return not gateway.count("subnetsCount") and not gateway.has("sourceVirtualNetworkId")


RULE = Rule(
    name="unused_nat_gateways",
    words=Words(
        "NAT gateway",
        "NAT gateways",
        "{count} {them} without a subnet",
        "A NAT gateway is billed for every hour that it exists, with or without traffic. No subnet and no virtual "
        "network sends anything through these.",
        "Delete the gateway and the public IP addresses that were made for it.",
        "https://learn.microsoft.com/azure/nat-gateway/nat-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/natgateways",),
    fits=_serves_nobody,
    shows=(shown_sku(),),
)
