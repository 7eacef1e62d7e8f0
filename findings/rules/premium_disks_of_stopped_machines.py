"""Premium disks of virtual machines that are deallocated now."""

from findings.resource import Resource
from findings.rule import EvidenceField, Exclusion, Facts, Rule, RuleText, property_field, sku_field
from findings.rules.disks_of_deallocated_machines import DEALLOCATED
from shared.core.findings import Confidence, Effort, Measure


def _is_premium_at_rest(disk: Resource, facts: Facts) -> bool:
    """Only `Reserved`: the state of a disk whose machine is deallocated."""
    is_reserved = disk.text("diskState").lower() == "reserved" and disk.sku_text("name").startswith("premium_")
    return is_reserved and facts.known(DEALLOCATED, disk.id_of("managedBy"))


def _is_shared(disk: Resource, _facts: Facts) -> bool:
    return disk.count("shareInfoCount") > 1


RULE = Rule(
    name="premium_disks_of_stopped_machines",
    text=RuleText(
        "disk",
        "disks",
        "{count} Premium {them} of deallocated virtual machines",
        "A disk is billed at its full price while its virtual machine is deallocated. On Standard storage it "
        "costs much less until the machine is started again. We do not know the price difference in your "
        "agreement, so we give no amount.",
        "Change the disk to Standard HDD or Standard SSD while the machine is deallocated, and back before it "
        "runs again. An automation can do both.",
        "https://learn.microsoft.com/azure/virtual-machines/disks-convert-types",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/disks",),
    matches=_is_premium_at_rest,
    exclusions=(Exclusion("disks that several virtual machines share", _is_shared),),
    evidence=(
        sku_field(),
        property_field("Size (GiB)", "diskSizeGB"),
        EvidenceField("Virtual machine", lambda disk: disk.id_of("managedBy").rpartition("/")[2]),
    ),
    lookups=(DEALLOCATED,),
    has_saving=False,
    undo="Change the disk back before the machine is started.",
    reads=("diskSizeGB", "diskState", "managedBy", "shareInfoCount"),
)
