"""Network interfaces that belong to nothing."""

from findings.resource import Resource
from findings.rule import Facts, Rule, Words
from shared.core.findings import Confidence, Effort, Measure

OWNERS = ("virtualMachineId", "virtualMachineScaleSetId", "privateEndpointId", "privateLinkServiceId")


def is_orphan(interface: Resource) -> bool:
    """Nobody's; hosted workloads are NetApp's volumes and their like."""
    return not any(interface.has(owner) for owner in OWNERS) and not interface.count("hostedWorkloadsCount")


def _is_orphan(interface: Resource, _facts: Facts) -> bool:
    return is_orphan(interface)


RULE = Rule(
    name="orphan_network_interfaces",
    words=Words(
        "network interface",
        "network interfaces",
        "{count} {them} left behind",
        "A network interface costs nothing itself, but it holds an address of its subnet, keeps a public IP address "
        "looking used, and hides what is really there.",
        "Delete the interfaces of machines that are gone. Nothing on the bill changes by this alone.",
        "https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/networkinterfaces",),
    fits=_is_orphan,
    has_saving=False,
)
