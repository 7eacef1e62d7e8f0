"""Disks of machines that have been deallocated for at least a whole month."""

from collections.abc import Iterable

from findings.resource import Resource
from findings.rule import Facts, Lookup, Rule, Shown, Words, shown, shown_sku
from shared.core.findings import Confidence, Effort, Measure


def _own_id_if_deallocated(machine: Resource) -> Iterable[str]:
    if machine.text("powerState").lower() == "powerstate/deallocated":
        yield machine.resource_id


DEALLOCATED = Lookup(("microsoft.compute/virtualmachines",), _own_id_if_deallocated)


def _machine(disk: Resource) -> str:
    return disk.id_of("managedBy")


def _waits_for_a_deallocated_machine(disk: Resource, facts: Facts) -> bool:
    is_shared = disk.count("managedByExtendedCount") > 1
    return not is_shared and facts.known(DEALLOCATED, _machine(disk))


RULE = Rule(
    name="disks_of_deallocated_machines",
    words=Words(
        "disk",
        "disks",
        "{count} {them} of machines that have not run for a month",
        "These machines are deallocated and cost nothing themselves: no compute was billed for them in the whole last "
        "complete month. Their disks are billed all the same.",
        "Ask whether the machine will be needed. If not, keep a snapshot or a backup and delete it with its disks. If "
        "it may be needed, change Premium disks to Standard while it is off.",
        "https://learn.microsoft.com/azure/virtual-machines/states-billing",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.compute/disks",),
    fits=_waits_for_a_deallocated_machine,
    shows=(
        Shown("Machine", lambda disk: _machine(disk).rpartition("/")[2]),
        shown("Disk state", "diskState"),
        shown("Size in GiB", "diskSizeGB"),
        shown_sku(),
    ),
    lookups=(DEALLOCATED,),
    idle_id=_machine,
)
