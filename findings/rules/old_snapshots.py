"""Disk snapshots older than 90 days."""

from datetime import timedelta

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, date_field, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure

OLD_AFTER = timedelta(days=90)


def is_old(snapshot: Resource, facts: Facts) -> bool:
    """Return whether it is older than OLD_AFTER."""
    created = snapshot.day("timeCreated")
    return created is not None and facts.today - created > OLD_AFTER


def is_of_a_backup(snapshot: Resource, _facts: Facts) -> bool:
    """Return whether a backup service made it: by its own resource groups, its names or its tags."""
    group, name, tags = snapshot.group or "", snapshot.name.lower(), snapshot.tag_text()
    is_named_by_backup = group.startswith("azurebackuprg_") or name.startswith("azurebackup_")
    return is_named_by_backup or any(mark in tags for mark in ("rsvaultbackup", "asr-replicadisk", "azurebackup"))


RULE = Rule(
    name="old_snapshots",
    text=RuleText(
        "snapshot",
        "snapshots",
        f"{{count}} {{them}} older than {OLD_AFTER.days} days",
        "Snapshots are billed every month for the data they store. Those taken manually before a change are often "
        "never deleted.",
        "Check whether the snapshot is still needed for a restore. If not, delete it. For regular restore points, use "
        "Azure Backup, which deletes them automatically.",
        "https://learn.microsoft.com/azure/virtual-machines/disks-incremental-snapshots",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/snapshots",),
    matches=is_old,
    exclusions=(Exclusion("snapshots managed by a backup service", is_of_a_backup),),
    evidence=(date_field("Created", "timeCreated"), property_field("Size (GiB)", "diskSizeGB"), sku_field()),
    reads=("diskSizeGB", "timeCreated"),
)
