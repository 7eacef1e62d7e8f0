"""Snapshots that copy the whole disk."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, date_field, property_field
from findings.rules.old_snapshots import is_of_a_backup, is_old
from shared.core.findings import Confidence, Effort, Measure


def _is_full(snapshot: Resource, facts: Facts) -> bool:
    """Old ones, and those on Premium storage, are reported for that."""
    is_standard = not snapshot.sku_text("name").startswith("premium")
    return snapshot.properties.get("incremental") is False and is_standard and not is_old(snapshot, facts)


RULE = Rule(
    name="full_snapshots",
    text=RuleText(
        "snapshot",
        "snapshots",
        "{count} full {them}",
        "A full snapshot is billed for all data of its disk. An incremental one is billed only for what "
        "changed since the snapshot before it, and restores the same way.",
        "Take an incremental snapshot, check it, then delete the full one.",
        "https://learn.microsoft.com/azure/virtual-machines/disks-incremental-snapshots",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/snapshots",),
    matches=_is_full,
    exclusions=(Exclusion("snapshots managed by a backup service", is_of_a_backup),),
    evidence=(
        property_field("Size (GiB)", "diskSizeGB"),
        date_field("Created", "timeCreated"),
    ),
    has_saving=False,
    undo="A deleted snapshot cannot be restored: check the new one first.",
    reads=("diskSizeGB", "incremental", "timeCreated"),
)
