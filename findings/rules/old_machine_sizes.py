"""Virtual machines of a size generation that has successors."""

import re

from findings.predicates import is_deallocated
from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule, RuleText, date_field, property_field
from shared.core.findings import Confidence, Effort, Measure

SIZE = re.compile(r"standard_(?P<family>[de])s?\d+(?:-\d+)?[a-z]*(?:_v(?P<version>\d+))?", re.IGNORECASE)
"""General-purpose and memory-optimised sizes: the families that have had a successor at every version.

https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
"""

LAST_OLD_VERSION = 3


def _is_old(machine: Resource, _facts: Facts) -> bool:
    size = SIZE.fullmatch(machine.text("vmSize"))
    return size is not None and int(size["version"] or 1) <= LAST_OLD_VERSION


RULE = Rule(
    name="old_machine_sizes",
    text=RuleText(
        "virtual machine",
        "virtual machines",
        f"{{count}} {{them}} of a D or E size, version {LAST_OLD_VERSION} or earlier",
        "Newer versions of the same size run faster for about the same price, so a smaller one is often enough. We "
        "have not compared prices in your agreement, so we give no amount.",
        "Compare the price of the newest version in the region, check that the region and the operating system support "
        "it, then resize. The machine restarts.",
        "https://learn.microsoft.com/azure/virtual-machines/sizes/resize-vm",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.compute/virtualmachines",),
    matches=_is_old,
    exclusions=(Exclusion("deallocated virtual machines, which are not billed for compute", is_deallocated),),
    evidence=(property_field("Size", "vmSize"), date_field("Created", "timeCreated")),
    has_saving=False,
    reads=("powerState", "timeCreated", "vmSize"),
)
