"""NAT gateways that are not associated with a subnet."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_unassociated(gateway: Resource, _facts: Facts) -> bool:
    """A newer gateway can be associated with a virtual network instead of subnets."""
    return not gateway.count("subnetsCount") and not gateway.has("sourceVirtualNetworkId")


RULE = Rule(
    name="unused_nat_gateways",
    text=RuleText(
        "NAT gateway",
        "NAT gateways",
        "{count} {them} without subnets",
        "A NAT gateway is billed for every hour it exists, with or without traffic. These are not associated with any "
        "subnet or virtual network.",
        "Delete the gateway and the public IP addresses created for it.",
        "https://learn.microsoft.com/azure/nat-gateway/nat-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/natgateways",),
    matches=_is_unassociated,
    evidence=(sku_field(),),
    reads=("sourceVirtualNetworkId", "subnetsCount"),
)
