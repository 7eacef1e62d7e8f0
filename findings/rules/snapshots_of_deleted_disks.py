"""Snapshots whose disk no longer exists."""

from collections.abc import Iterable
from datetime import timedelta

from findings.resource import Resource
from findings.rule import EvidenceField, Exclusion, Facts, Lookup, Rule, RuleText, date_field, property_field
from findings.rules.old_snapshots import is_of_a_backup, is_old
from shared.core.findings import Confidence, Effort, Measure

DISKS = "microsoft.compute/disks"
KEPT_FOR = timedelta(days=30)
"""A snapshot may be kept on purpose for a while after its disk was deleted."""


def _own_id(disk: Resource) -> Iterable[str]:
    yield disk.resource_id


KNOWN_DISKS = Lookup((DISKS,), _own_id)


def _has_no_disk(snapshot: Resource, facts: Facts) -> bool:
    """Snapshots of snapshots are no evidence. Old ones are reported by their age; the disk of another
    subscription may not be readable."""
    source, created = snapshot.id_of("sourceResourceId"), snapshot.day("timeCreated")
    is_of_a_disk = f"/providers/{DISKS}/" in source and f"/subscriptions/{snapshot.subscription_id.lower()}/" in source
    is_kept = created is None or facts.today - created <= KEPT_FOR
    return is_of_a_disk and not is_kept and not is_old(snapshot, facts) and not facts.known(KNOWN_DISKS, source)


RULE = Rule(
    name="snapshots_of_deleted_disks",
    text=RuleText(
        "snapshot",
        "snapshots",
        "{count} {them} of deleted disks",
        "The disk of the snapshot no longer exists, and the snapshot is more than a month old. It is billed for the "
        "data that it stores.",
        "Ask the owner whether the snapshot is kept as an archive. If not, delete it.",
        "https://learn.microsoft.com/azure/virtual-machines/snapshot-copy-managed-disk",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/snapshots",),
    matches=_has_no_disk,
    exclusions=(Exclusion("snapshots managed by a backup service", is_of_a_backup),),
    evidence=(
        date_field("Created", "timeCreated"),
        property_field("Size (GiB)", "diskSizeGB"),
        EvidenceField("Deleted disk", lambda snapshot: snapshot.id_of("sourceResourceId").rpartition("/")[2]),
    ),
    lookups=(KNOWN_DISKS,),
    reads=("diskSizeGB", "sourceResourceId", "timeCreated"),
)
