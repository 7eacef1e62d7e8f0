"""Premium disks in development and test environments."""

from findings.predicates import ENVIRONMENT, is_dev
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, property_field, sku_field
from shared.core.findings import Confidence, Effort, Measure


def disk_is_premium(disk: Resource) -> bool:
    """Return whether the disk is a Premium SSD in use; an unattached one is reported for deletion."""
    return disk.sku_text("name").startswith("premium_") and disk.text("diskState").lower() == "attached"


def _exceeds_need(resource: Resource, facts: Facts) -> bool:
    return disk_is_premium(resource) and is_dev(resource, facts)


RULE = Rule(
    name="premium_disks_in_dev",
    text=RuleText(
        "disk",
        "disks",
        "{count} Premium {them} in development and test",
        "Premium SSDs are for production workloads that need low latency. A Standard SSD of the same size "
        "costs about half and is usually enough for development and test. We do not know the price difference "
        "in your agreement, so we give no amount.",
        "Deallocate the virtual machine, change the disk to Standard SSD, then start it. The data stays.",
        "https://learn.microsoft.com/azure/virtual-machines/disks-convert-types",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.compute/disks",),
    matches=_exceeds_need,
    evidence=(
        sku_field(),
        property_field("Size (GiB)", "diskSizeGB"),
        ENVIRONMENT,
    ),
    has_saving=False,
    undo="Change the disk back to Premium SSD in the same way.",
    reads=("diskSizeGB", "diskState"),
)
