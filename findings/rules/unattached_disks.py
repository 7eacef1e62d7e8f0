"""Managed disks that are not attached to any virtual machine."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, date_field, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def _is_unattached(disk: Resource, _facts: Facts) -> bool:
    """The state decides: `Reserved` and `Frozen` disks belong to a machine, `ReadyToUpload` ones are being filled."""
    return not disk.has("managedBy") and (disk.text("diskState").lower() == "unattached" or _is_exported(disk, _facts))


def _is_exported(disk: Resource, _facts: Facts) -> bool:
    return disk.text("diskState").lower().startswith("active")


def _is_replica(disk: Resource, _facts: Facts) -> bool:
    name, tags = disk.name.lower(), disk.tag_text()
    marked = any(mark in tags for mark in ("asr-replicadisk", "asrseeddisk", "rsvaultbackup"))
    return marked or name.endswith("-asrreplica") or name.startswith(("ms-asr-", "asrseeddisk-"))


def _is_cluster_volume(disk: Resource, _facts: Facts) -> bool:
    return any("kubernetes.io-created-for-pvc" in tag.lower() for tag in disk.tags)


RULE = Rule(
    name="unattached_disks",
    text=RuleText(
        "disk",
        "disks",
        "{count} unattached {them}",
        "A managed disk is billed for its size whether or not it is attached to a virtual machine. By default, Azure "
        "keeps the disks of a deleted virtual machine.",
        "Ask the owner whether the data is still needed. If it is, first take an incremental snapshot on Standard "
        "storage, which costs much less. Then delete the disk.",
        "https://learn.microsoft.com/azure/virtual-machines/disks-find-unattached-portal",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/disks",),
    matches=_is_unattached,
    exclusions=(
        Exclusion("disks being exported or copied (shared access is active)", _is_exported),
        Exclusion("disks used by Azure Site Recovery or Azure Backup", _is_replica),
        Exclusion("Kubernetes volumes, which are attached when a pod needs them", _is_cluster_volume),
    ),
    evidence=(
        property_field("Disk state", "diskState"),
        property_field("Size (GiB)", "diskSizeGB"),
        sku_field(),
        date_field("Unattached since", "LastOwnershipUpdateTime"),
        date_field("Created", "timeCreated"),
    ),
    reads=("diskSizeGB", "diskState", "LastOwnershipUpdateTime", "managedBy", "timeCreated"),
)
