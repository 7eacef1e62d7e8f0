"""Virtual machines whose disks are blobs in a storage account."""

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, date_field, property_field
from shared.core.findings import Confidence, Effort, Measure


def _has_blob_disk(machine: Resource, _facts: Facts) -> bool:
    return machine.properties.get("hasUnmanagedDisk") is True


RULE = Rule(
    name="unmanaged_disks",
    text=RuleText(
        "virtual machine",
        "virtual machines",
        "{count} {them} with unmanaged disks",
        "Microsoft retired unmanaged disks on 31 Mar 2026. The machine depends on a storage account that is "
        "billed for the disk's blob.",
        "Deallocate the machine, convert its disks to managed disks, then delete the blobs.",
        "https://learn.microsoft.com/azure/virtual-machines/unmanaged-disks-deprecation",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.compute/virtualmachines",),
    matches=_has_blob_disk,
    evidence=(
        property_field("Size", "vmSize"),
        date_field("Created", "timeCreated"),
    ),
    has_saving=False,
    undo="The conversion cannot be undone.",
    reads=("hasUnmanagedDisk", "timeCreated", "vmSize"),
)
