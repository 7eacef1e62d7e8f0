"""VPN gateways of SKUs that Microsoft is retiring."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure

OLD = ("standard", "highperformance")


def _is_old(gateway: Resource, _facts: Facts) -> bool:
    return gateway.text("gatewayType").lower() == "vpn" and gateway.text("skuName").lower() in OLD


RULE = Rule(
    name="old_vpn_gateway_skus",
    text=RuleText(
        "VPN gateway",
        "VPN gateways",
        "{count} {them} of an old SKU",
        "Microsoft has retired the Standard and High Performance SKUs of VPN gateways. Newer SKUs carry more "
        "traffic at a similar price.",
        "Migrate the gateway to a VpnGw SKU with availability zones.",
        "https://learn.microsoft.com/azure/vpn-gateway/gateway-sku-consolidation",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.network/virtualnetworkgateways",),
    matches=_is_old,
    evidence=(
        property_field("SKU", "skuName"),
        property_field("VPN type", "vpnType"),
    ),
    has_saving=False,
    undo="The migration cannot be undone.",
    reads=("gatewayType", "skuName", "vpnType"),
)
