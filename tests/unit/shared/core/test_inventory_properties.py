"""The white-list of properties is what it says: leaves, counts of lists, or whether there is anything."""

import json
import re

import pytest

from shared.core.inventory_properties import PROPERTIES
from tests.architecture.tree import ROOT

PATH = r"properties(?:\.[A-Za-z]\w*(?:\[0\])?)+"
FILLED = rf"tostring\({PATH}\) contains '\"?\w+\":(?:\[?\{{|true)'"
EXPRESSION = re.compile(rf"managedBy|{PATH}|(?:array_length|isnotempty)\({PATH}\)|{FILLED}(?: or {FILLED})*")
LEAVES = [(kind, name, written) for kind, leaves in PROPERTIES.items() for name, written in leaves.items()]


@pytest.mark.parametrize(("kind", "name", "written"), LEAVES)
def test_each_is_a_leaf_or_a_length_or_whether_there_is_anything(kind: str, name: str, written: str) -> None:
    assert EXPRESSION.fullmatch(written)
    assert re.fullmatch(r"[A-Za-z]\w*", name)
    assert re.fullmatch(r"[a-z0-9]+\.[a-z0-9]+(/[a-z0-9]+)+", kind)


def test_the_types_that_checks_of_waste_need_are_there() -> None:
    assert len(PROPERTIES) >= 30
    assert PROPERTIES["microsoft.compute/disks"]["diskState"] == "properties.diskState"
    assert PROPERTIES["microsoft.network/publicipaddresses"]["ipConfigurationId"] == "properties.ipConfiguration.id"
    assert PROPERTIES["microsoft.web/serverfarms"]["numberOfSites"] == "properties.numberOfSites"


def test_each_property_is_one_that_microsoft_has_published() -> None:
    """A path that does not exist would read as absent, and so as waste: a new one needs its source in the table."""
    published = json.loads((ROOT / "tests" / "support" / "property_sources.json").read_text(encoding="utf-8"))
    sources: dict[str, dict[str, str]] = published["properties"]
    assert {kind: set(leaves) for kind, leaves in sources.items()} == {
        kind: set(leaves.values()) for kind, leaves in PROPERTIES.items()
    }
    assert all(source for leaves in sources.values() for source in leaves.values())
