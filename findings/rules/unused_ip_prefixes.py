"""Public IP prefixes of which no address is used."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_unused(prefix: Resource, _facts: Facts) -> bool:
    """Azure leaves the list of addresses out when it is empty; the length of the prefix shows that it was read."""
    is_read = prefix.has("prefixLength")
    is_used = (
        prefix.count("publicIPAddressesCount") or prefix.has("natGatewayId") or prefix.has("loadBalancerFrontendId")
    )
    return is_read and not is_used


RULE = Rule(
    name="unused_ip_prefixes",
    text=RuleText(
        "public IP prefix",
        "public IP prefixes",
        "{count} unused {them}",
        "A prefix is billed for each of its addresses by the hour, from the moment it exists. No address, NAT "
        "gateway or load balancer uses these.",
        "Check that no firewall rule outside Azure depends on the range, then delete the prefix. A released "
        "range cannot be recovered.",
        "https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-address-prefix",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/publicipprefixes",),
    matches=_is_unused,
    evidence=(
        sku_field(),
        property_field("Prefix length", "prefixLength"),
    ),
    undo="A released range cannot be recovered.",
    reads=("loadBalancerFrontendId", "natGatewayId", "prefixLength", "publicIPAddressesCount"),
)
