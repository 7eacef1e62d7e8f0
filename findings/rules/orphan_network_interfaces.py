"""Network interfaces that are not attached to any resource."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText
from shared.core.findings import Confidence, Effort, Measure

OWNERS = ("virtualMachineId", "virtualMachineScaleSetId", "privateEndpointId", "privateLinkServiceId")


def is_orphan(interface: Resource) -> bool:
    """Return whether nothing owns the interface. Hosted workloads are services such as Azure NetApp Files."""
    return not any(interface.has(owner) for owner in OWNERS) and not interface.count("hostedWorkloadsCount")


def _is_orphan(interface: Resource, _facts: Facts) -> bool:
    return is_orphan(interface)


RULE = Rule(
    name="orphan_network_interfaces",
    text=RuleText(
        "network interface",
        "network interfaces",
        "{count} orphaned {them}",
        "A network interface has no charge, but an orphaned one uses an address in its subnet and makes a public IP "
        "address appear to be in use.",
        "Delete the interfaces of deleted virtual machines. This alone does not change your bill.",
        "https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.network/networkinterfaces",),
    matches=_is_orphan,
    has_saving=False,
    reads=(
        "hostedWorkloadsCount",
        "privateEndpointId",
        "privateLinkServiceId",
        "virtualMachineId",
        "virtualMachineScaleSetId",
    ),
)
