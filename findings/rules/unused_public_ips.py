"""Public IP addresses that are not associated with any resource."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_unused(address: Resource, _facts: Facts) -> bool:
    return not (address.has("ipConfigurationId") or address.has("natGatewayId"))


def _is_of_a_prefix(address: Resource, _facts: Facts) -> bool:
    return address.has("publicIPPrefixId")


def is_free(address: Resource, _facts: Facts) -> bool:
    """Return whether Azure bills nothing for the address while it has no traffic."""
    is_dynamic = address.text("publicIPAllocationMethod").lower() == "dynamic"
    return is_dynamic and address.sku_text("name") in ("", "basic")


RULE = Rule(
    name="unused_public_ips",
    text=RuleText(
        "public IP address",
        "public IP addresses",
        "{count} unassociated {them}",
        "A static public IP address is billed by the hour whether or not it is associated with a resource.",
        "Check that no customer, firewall rule or DNS record outside Azure depends on the address, then delete it. A "
        "released address cannot be recovered.",
        "https://learn.microsoft.com/azure/virtual-network/ip-services/virtual-network-public-ip-address",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/publicipaddresses",),
    matches=_is_unused,
    exclusions=(
        Exclusion("addresses from a public IP prefix, which is billed as a whole", _is_of_a_prefix),
        Exclusion("dynamic Basic SKU addresses, which have no charge while unassociated", is_free),
    ),
    evidence=(sku_field(), property_field("Allocation", "publicIPAllocationMethod")),
    reads=("ipConfigurationId", "natGatewayId", "publicIPAllocationMethod", "publicIPPrefixId"),
)
