"""Public IP addresses that nothing answers on."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, Words, shown, shown_sku
from shared.core.findings import Confidence, Effort, Measure


def _is_unused(address: Resource, _facts: Facts) -> bool:
    return not (address.has("ipConfigurationId") or address.has("natGatewayId"))


def _is_of_a_prefix(address: Resource, _facts: Facts) -> bool:
    return address.has("publicIPPrefixId")


def _is_free(address: Resource, _facts: Facts) -> bool:
    is_dynamic = address.text("publicIPAllocationMethod").lower() == "dynamic"
    return is_dynamic and address.sku_text("name") in ("", "basic")


RULE = Rule(
    name="unused_public_ips",
    words=Words(
        "public IP address",
        "public IP addresses",
        "{count} unused {them}",
        "A reserved public IP address is billed by the hour whether or not anything is behind it.",
        "Check that no customer, firewall rule or DNS record outside Azure relies on the address, then delete it: "
        "once released, the same address cannot be had back.",
        "https://learn.microsoft.com/azure/virtual-network/ip-services/virtual-network-public-ip-address",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/publicipaddresses",),
    fits=_is_unused,
    exclusions=(
        Exclusion("addresses of a prefix, which is paid as a whole", _is_of_a_prefix),
        Exclusion("dynamic addresses of the Basic SKU, which cost nothing while unused", _is_free),
    ),
    shows=(shown_sku(), shown("Allocation", "publicIPAllocationMethod")),
)
