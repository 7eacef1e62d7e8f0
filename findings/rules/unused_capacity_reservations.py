"""Capacity reservations that no virtual machine uses."""

from findings.resource import Resource
from findings.rule import EvidenceField, Facts, Rule, RuleText, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_unused(reservation: Resource, _facts: Facts) -> bool:
    """The quantity must be known and above zero: a reservation of none costs nothing."""
    has_quantity = isinstance(reservation.sku.get("capacity"), int) and reservation.sku["capacity"] > 0
    return has_quantity and reservation.properties.get("virtualMachinesAssociatedCount") == 0


RULE = Rule(
    name="unused_capacity_reservations",
    text=RuleText(
        "capacity reservation",
        "capacity reservations",
        "{count} unused {them}",
        "A capacity reservation holds hardware for virtual machines and is billed as if they were running. No "
        "virtual machine is associated with these.",
        "Check whether a deployment or a recovery plan relies on the capacity. If not, delete the reservation.",
        "https://learn.microsoft.com/azure/virtual-machines/capacity-reservation-overview",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/capacityreservationgroups/capacityreservations",),
    matches=_is_unused,
    evidence=(
        sku_field(),
        EvidenceField("Machines reserved", lambda one: str(one.sku.get("capacity") or "")),
    ),
    undo="Reserve the capacity again; Azure may have none then.",
    reads=("virtualMachinesAssociatedCount",),
)
