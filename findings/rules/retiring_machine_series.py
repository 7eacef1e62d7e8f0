"""Virtual machines of a series that Microsoft is retiring."""

import re

from findings.resource import Resource
from findings.rule import Facts, Rule, RuleText, date_field, property_field
from shared.core.findings import Confidence, Effort, Measure

SERIES = re.compile(
    r"basic_a\d+|standard_(?:a\d+m?(?:_v2)?|b\d+[a-z]*|f\d+s?(?:_v2)?|gs?\d+(?:-\d+)?|l\d+s(?:_v2)?|n[cv]\d+r?s?(?:_v[23])?)",
    re.IGNORECASE,
)


def _is_retiring(machine: Resource, _facts: Facts) -> bool:
    return SERIES.fullmatch(machine.text("vmSize")) is not None


RULE = Rule(
    name="retiring_machine_series",
    text=RuleText(
        "virtual machine",
        "virtual machines",
        "{count} {them} of a series that Microsoft is retiring",
        "Microsoft has announced the end of these series: A, B of version 1, F, G, L of the first versions, "
        "and GPU sizes before their current version. When a series ends, its machines are stopped.",
        "Choose a successor in the documentation, test it, then resize before the series ends.",
        "https://learn.microsoft.com/azure/virtual-machines/sizes/retirement/retired-sizes-list",
    ),
    measure=Measure.TIDY,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    resource_types=("microsoft.compute/virtualmachines",),
    matches=_is_retiring,
    evidence=(
        property_field("Size", "vmSize"),
        date_field("Created", "timeCreated"),
    ),
    has_saving=False,
    undo="Resize back while the series is still offered.",
    reads=("timeCreated", "vmSize"),
)
