"""Public IP addresses that look used: their network interface belongs to nothing."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import Facts, Lookup, Rule, Shown, Words, shown_sku
from findings.rules.orphan_network_interfaces import is_orphan
from shared.core.findings import Confidence, Effort, Measure


def _own_id_if_orphan(interface: Resource) -> Iterable[str]:
    if is_orphan(interface):
        yield interface.resource_id


ORPHANS = Lookup(("microsoft.network/networkinterfaces",), _own_id_if_orphan)


def _interface(address: Resource) -> str:
    """The interface whose configuration the address is bound to; "" for a gateway's or a balancer's."""
    interface, found, _ = address.id_of("ipConfigurationId").partition("/ipconfigurations/")
    return interface if found else ""


def _hangs_on_an_orphan(address: Resource, facts: Facts) -> bool:
    return facts.known(ORPHANS, _interface(address))


RULE = Rule(
    name="public_ips_on_orphan_interfaces",
    words=Words(
        "public IP address",
        "public IP addresses",
        "{count} {them} on interfaces without a machine",
        "These addresses are bound to a network interface, so Azure shows them as in use. The interface belongs to no "
        "machine, endpoint or service: nothing answers there.",
        "Delete the interface and then the address, once nothing outside Azure relies on it.",
        "https://learn.microsoft.com/azure/virtual-network/ip-services/virtual-network-public-ip-address",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/publicipaddresses",),
    fits=_hangs_on_an_orphan,
    shows=(Shown("Interface", lambda address: _interface(address).rpartition("/")[2]), shown_sku()),
    lookups=(ORPHANS,),
)
