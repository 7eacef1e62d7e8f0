"""Disks of virtual machines that were deallocated for the whole of the last complete month."""

from collections.abc import Iterable

from findings.predicates import is_deallocated
from findings.resource import Resource
from findings.rule import EvidenceField, Facts, Lookup, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _own_id_if_deallocated(machine: Resource) -> Iterable[str]:
    if is_deallocated(machine):
        yield machine.resource_id


DEALLOCATED = Lookup(("microsoft.compute/virtualmachines",), _own_id_if_deallocated, reads=("powerState",))


def _machine(disk: Resource) -> str:
    return disk.id_of("managedBy")


def _is_of_deallocated_machine(disk: Resource, facts: Facts) -> bool:
    is_shared = disk.count("shareInfoCount") > 1
    return not is_shared and facts.known(DEALLOCATED, _machine(disk))


RULE = Rule(
    name="disks_of_deallocated_machines",
    text=RuleText(
        "disk",
        "disks",
        "{count} {them} of virtual machines that have not run for a month",
        "These virtual machines are deallocated: no compute meter measured any use in the last complete month. Their "
        "disks are still billed.",
        "Check whether the machine is still needed. If not, take a snapshot or a backup, then delete the machine and "
        "its disks. If it is, change Premium disks to Standard while it is deallocated.",
        "https://learn.microsoft.com/azure/virtual-machines/states-billing",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.compute/disks",),
    matches=_is_of_deallocated_machine,
    evidence=(
        EvidenceField("Virtual machine", lambda disk: _machine(disk).rpartition("/")[2]),
        property_field("Disk state", "diskState"),
        property_field("Size (GiB)", "diskSizeGB"),
        sku_field(),
    ),
    lookups=(DEALLOCATED,),
    idle_id=_machine,
    reads=("diskSizeGB", "diskState", "managedBy", "shareInfoCount"),
)
