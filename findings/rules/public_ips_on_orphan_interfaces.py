"""Public IP addresses attached to orphaned network interfaces."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import EvidenceField, Exclusion, Facts, Lookup, Rule, RuleText, sku_field
from findings.rules.orphan_network_interfaces import is_orphan
from findings.rules.unused_public_ips import is_free
from shared.core.findings import Confidence, Effort, Measure


def _own_id_if_orphan(interface: Resource) -> Iterable[str]:
    if is_orphan(interface):
        yield interface.resource_id


ORPHANS = Lookup(
    ("microsoft.network/networkinterfaces",),
    _own_id_if_orphan,
    reads=(
        "hostedWorkloadsCount",
        "privateEndpointId",
        "privateLinkServiceId",
        "virtualMachineId",
        "virtualMachineScaleSetId",
    ),
)


def _interface(address: Resource) -> str:
    """Return the id of the network interface the address is attached to; "" for a gateway or load balancer."""
    interface, found, _ = address.id_of("ipConfigurationId").partition("/ipconfigurations/")
    return interface if found else ""


def _is_on_orphan(address: Resource, facts: Facts) -> bool:
    return facts.known(ORPHANS, _interface(address))


RULE = Rule(
    name="public_ips_on_orphan_interfaces",
    text=RuleText(
        "public IP address",
        "public IP addresses",
        "{count} {them} on orphaned network interfaces",
        "These addresses are attached to a network interface, so Azure shows them as in use. The interface is not "
        "attached to any virtual machine, private endpoint or service, so no traffic can reach it.",
        "Check that nothing outside Azure depends on the address. Then delete the interface and the address.",
        "https://learn.microsoft.com/azure/virtual-network/ip-services/virtual-network-public-ip-address",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/publicipaddresses",),
    matches=_is_on_orphan,
    exclusions=(
        Exclusion("dynamic Basic SKU addresses, which have no charge while their interface is unused", is_free),
    ),
    evidence=(EvidenceField("Network interface", lambda address: _interface(address).rpartition("/")[2]), sku_field()),
    lookups=(ORPHANS,),
    reads=("ipConfigurationId", "publicIPAllocationMethod"),
)
