"""The white-list of properties is what it says: leaves, or counts of lists."""

import re

import pytest

from collectors.inventory_properties import PROPERTIES

EXPRESSION = re.compile(r"managedBy|properties(?:\.[A-Za-z]\w*)+|array_length\(properties(?:\.[A-Za-z]\w*)+\)")
LEAVES = [(kind, name, written) for kind, leaves in PROPERTIES.items() for name, written in leaves.items()]


@pytest.mark.parametrize(("kind", "name", "written"), LEAVES)
def test_each_is_a_path_to_a_leaf_or_the_length_of_a_list(kind: str, name: str, written: str) -> None:
    assert EXPRESSION.fullmatch(written)
    assert re.fullmatch(r"[A-Za-z]\w*", name)
    assert re.fullmatch(r"[a-z0-9]+\.[a-z0-9]+(/[a-z0-9]+)+", kind)


def test_the_types_that_checks_of_waste_need_are_there() -> None:
    assert len(PROPERTIES) >= 30
    assert PROPERTIES["microsoft.compute/disks"]["diskState"] == "properties.diskState"
    assert PROPERTIES["microsoft.network/publicipaddresses"]["ipConfigurationId"] == "properties.ipConfiguration.id"
    assert PROPERTIES["microsoft.web/serverfarms"]["numberOfSites"] == "properties.numberOfSites"
