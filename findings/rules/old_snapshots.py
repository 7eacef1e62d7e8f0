"""Snapshots of disks that have grown old."""

from datetime import timedelta

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, Words, shown, shown_day, shown_sku
from shared.core.findings import Confidence, Effort, Measure

OLD_AFTER = timedelta(days=90)


def _is_old(snapshot: Resource, facts: Facts) -> bool:
    created = snapshot.day("timeCreated")
    return created is not None and facts.today - created > OLD_AFTER


def _is_of_a_backup(snapshot: Resource, _facts: Facts) -> bool:
    """Azure Backup keeps its restore points in groups of its own, and marks what it makes."""
    group, name, tags = snapshot.group or "", snapshot.name.lower(), snapshot.tag_text()
    is_backups_own = group.startswith("azurebackuprg_") or name.startswith("azurebackup_")
    return is_backups_own or any(mark in tags for mark in ("rsvaultbackup", "asr-replicadisk", "azurebackup"))


RULE = Rule(
    name="old_snapshots",
    words=Words(
        "snapshot",
        "snapshots",
        f"{{count}} {{them}} older than {OLD_AFTER.days} days",
        "Snapshots made by hand before a change are rarely deleted after it, and are billed for what they hold every "
        "month.",
        "Ask whether anybody would still restore from it. Delete it, or let Azure Backup keep restore points, which "
        "expire by themselves.",
        "https://learn.microsoft.com/azure/virtual-machines/disks-incremental-snapshots",
    ),
    measure=Measure.REMOVE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/snapshots",),
    fits=_is_old,
    exclusions=(Exclusion("snapshots that a backup made and looks after", _is_of_a_backup),),
    shows=(shown_day("Created", "timeCreated"), shown("Size in GiB", "diskSizeGB"), shown_sku()),
)
