"""Managed disks that belong to no machine."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, Words, shown, shown_day, shown_sku
from shared.core.findings import Confidence, Effort, Measure


def _is_unattached(disk: Resource, _facts: Facts) -> bool:
    """A shared disk names its machines in managedByExtended; a `Reserved` one waits for a stopped machine."""
    is_free = not disk.has("managedBy") and not disk.count("managedByExtendedCount")
    return is_free and disk.text("diskState").lower() != "reserved"


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
    words=Words(
        "disk",
        "disks",
        "{count} {them} attached to no machine",
        "A managed disk is billed for its size whether or not a machine uses it. Azure keeps a disk when its machine "
        "is deleted, unless deletion with the machine was chosen.",
        "Ask the owner whether the data is still needed. If it is, take an incremental snapshot on Standard storage "
        "first, which costs a fraction; then delete the disk.",
        "https://learn.microsoft.com/azure/virtual-machines/disks-find-unattached-portal",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/disks",),
    fits=_is_unattached,
    exclusions=(
        Exclusion("being exported or copied now (shared access is active)", _is_exported),
        Exclusion("replicas and seeds of Azure Site Recovery, or in use by a backup", _is_replica),
        Exclusion("volumes of Kubernetes clusters, which attach them when a pod needs them", _is_cluster_volume),
    ),
    shows=(
        shown("State", "diskState"),
        shown("Size in GiB", "diskSizeGB"),
        shown_sku(),
        shown_day("Unattached since", "LastOwnershipUpdateTime"),
        shown_day("Created", "timeCreated"),
    ),
)
