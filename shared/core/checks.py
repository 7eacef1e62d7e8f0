"""The catalogue of checks as pages show it.

`checks.json` beside this module is generated from the rules: `python -m tools.checks_document`; a test compares them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.core.findings import Measure

FILE = Path(__file__).with_suffix(".json")


@dataclass(frozen=True)
class Check:
    """One check: what it reports and why, and which properties it reads of which resource types."""

    id: str
    title: str
    description: str
    remedy: str
    reads: tuple[str, ...]
    properties: Mapping[str, tuple[str, ...]]
    exclusions: tuple[str, ...]
    measure: Measure
    confidence: str
    effort: str
    money: str
    source: str
    command: str
    undo: str


@cache
def checks() -> tuple[Check, ...]:
    """Return all checks, in the order in which findings are listed."""
    return tuple(
        Check(
            **{
                **each,
                "reads": tuple(each["reads"]),
                "exclusions": tuple(each["exclusions"]),
                "properties": {kind: tuple(names) for kind, names in each["properties"].items()},
                "measure": Measure(each["measure"]),
            }
        )
        for each in json.loads(FILE.read_text(encoding="utf-8"))
    )


def users_of(resource_type: str, name: str) -> tuple[str, ...]:
    """Return the titles of the checks that read this property of this type."""
    return tuple(each.title for each in checks() if name in each.properties.get(resource_type, ()))
