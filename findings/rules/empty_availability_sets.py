"""Availability sets without virtual machines."""

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText
from shared.core.findings import Confidence, Effort, Measure


def _is_empty(group: Resource, _facts: Facts) -> bool:
    """The length of the list must be there: a property that was not read says nothing."""
    return group.properties.get("virtualMachinesCount") == 0


def _is_for_recovery(group: Resource, _facts: Facts) -> bool:
    return group.name.lower().endswith("-asr")


RULE = Rule(
    name="empty_availability_sets",
    text=RuleText(
        "availability set",
        "availability sets",
        "{count} {them} without virtual machines",
        "An availability set costs nothing. An empty one is left over from virtual machines that were deleted.",
        "Delete it, unless a deployment is about to use it.",
        "https://learn.microsoft.com/azure/virtual-machines/availability-set-overview",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.HIGH,
    effort=Effort.LOW,
    resource_types=("microsoft.compute/availabilitysets",),
    matches=_is_empty,
    exclusions=(Exclusion("availability sets prepared by Azure Site Recovery", _is_for_recovery),),
    has_saving=False,
    reads=("virtualMachinesCount",),
)
