"""Virtual network gateways whose last change failed."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field
from shared.core.findings import Confidence, Effort, Measure


def _has_failed(gateway: Resource, _facts: Facts) -> bool:
    return gateway.text("provisioningState").lower() == "failed"


RULE = Rule(
    name="failed_network_gateways",
    text=RuleText(
        "virtual network gateway",
        "virtual network gateways",
        "{count} {them} in a failed state",
        "The last change to the gateway failed. It is billed all the same, and it may or may not carry traffic.",
        "Check whether its connections carry traffic. If they do not, repair or delete the gateway.",
        "https://learn.microsoft.com/azure/vpn-gateway/reset-gateway",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.network/virtualnetworkgateways",),
    matches=_has_failed,
    evidence=(property_field("Type", "gatewayType"), property_field("SKU", "skuName")),
    has_saving=False,
    reads=("gatewayType", "provisioningState", "skuName"),
)
