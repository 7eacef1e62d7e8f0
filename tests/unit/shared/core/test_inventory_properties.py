"""The white-list of properties is what it says: leaves, counts of lists, or whether there is anything."""

import re

import pytest

from shared.core.inventory_properties import PROPERTIES

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
