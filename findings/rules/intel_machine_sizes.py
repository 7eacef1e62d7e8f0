"""Virtual machines of a current Intel size that has an AMD counterpart."""

import re

from findings.predicates import NOT_RUNNING
from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, date_field, property_field
from shared.core.findings import Confidence, Effort, Measure

SIZE = re.compile(r"standard_[de]\d+(?:-\d+)?(?P<features>[a-z]*)_v(?P<version>\d+)", re.IGNORECASE)
"""General-purpose and memory-optimised sizes; of the features, a is AMD and p is Arm."""

FIRST_WITH_AMD = 4


def _is_intel(machine: Resource, _facts: Facts) -> bool:
    """Earlier versions are reported for their age."""
    size = SIZE.fullmatch(machine.text("vmSize"))
    return size is not None and int(size["version"]) >= FIRST_WITH_AMD and not {*"ap"} & {*size["features"].lower()}


RULE = Rule(
    name="intel_machine_sizes",
    text=RuleText(
        "virtual machine",
        "virtual machines",
        "{count} {them} of an Intel size with an AMD counterpart",
        "Sizes of the D and E families exist with AMD processors, named with the letter a, at a lower price "
        "for the same vCPUs and memory. We do not know the price difference in your agreement, so we give no "
        "amount.",
        "Compare the price of the AMD size in the region, test the workload, then resize. The machine restarts.",
        "https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.compute/virtualmachines",),
    matches=_is_intel,
    exclusions=(NOT_RUNNING,),
    evidence=(
        property_field("Size", "vmSize"),
        date_field("Created", "timeCreated"),
    ),
    has_saving=False,
    undo="Resize back to the Intel size.",
    reads=("powerState", "timeCreated", "vmSize"),
)
