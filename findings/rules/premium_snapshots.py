"""Snapshots on Premium storage."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, date_field, property_field, sku_field
from findings.rules.old_snapshots import is_of_a_backup, is_old
from shared.core.findings import Confidence, Effort, Measure


def _is_premium(snapshot: Resource, facts: Facts) -> bool:
    """Old ones are reported for deletion, which comes first."""
    return snapshot.sku_text("name").startswith("premium") and not is_old(snapshot, facts)


RULE = Rule(
    name="premium_snapshots",
    text=RuleText(
        "snapshot",
        "snapshots",
        "{count} {them} on Premium storage",
        "A snapshot of a Premium disk can be kept on Standard storage, which costs less per GiB and restores to any "
        "disk type. We do not know the price difference in your agreement, so we give no amount.",
        "Take an incremental snapshot on Standard storage, check it, then delete the one on Premium storage.",
        "https://learn.microsoft.com/azure/virtual-machines/disks-incremental-snapshots",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/snapshots",),
    matches=_is_premium,
    exclusions=(Exclusion("snapshots managed by a backup service", is_of_a_backup),),
    evidence=(sku_field(), property_field("Size (GiB)", "diskSizeGB"), date_field("Created", "timeCreated")),
    has_saving=False,
    reads=("diskSizeGB", "timeCreated"),
)
