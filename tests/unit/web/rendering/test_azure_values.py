"""Azure's names and values on a page: words, times in UTC, names of resources, two decimals."""

import pytest

from shared.core import inventory_properties
from web.rendering.azure_values import in_words, label, text_in_words

LABELS = {
    "hasBackends": "Has backends",
    "osDiskId": "OS disk",
    "diskSizeGB": "Disk size GB",
    "diskIOPSReadWrite": "Disk IOPS read write",
    "dataDisksCount": "Data disks",
    "virtualNetworkGateway1Id": "Virtual network gateway 1",
    "publicIPAllocationMethod": "Public IP allocation method",
    "name": "Name",
    "count": "Count",
    "id": "Id",
    "LastOwnershipUpdateTime": "Last ownership update time",
    "managedBy": "Attached to",
}


@pytest.mark.parametrize("name", LABELS)
def test_a_name_is_its_words(name: str) -> None:
    assert label(name) == LABELS[name]


def test_no_listed_property_has_a_label_like_code() -> None:
    tables = [each for each in vars(inventory_properties).values() if isinstance(each, dict)]
    names = {name for table in tables for listed in table.values() if isinstance(listed, dict) for name in listed}
    assert len(names) > 80
    assert [name for name in sorted(names) if label(name) == name and name != "vCores"] == []


VALUES: list[tuple[object, str]] = [
    (True, "yes"),
    (False, "no"),
    (12, "12"),
    (1.23456789, "1.23"),
    ("PowerState/deallocated", "deallocated"),
    ("2026-10-01T14:05:00.123Z", "1 Oct 2026, 14:05 UTC"),
    ("/subscriptions/1/resourceGroups/a/providers/Microsoft.Compute/disks/data", "data"),
    ("3.14159265358979", "3.14"),
    ("1.28", "1.28"),
    ("1.28.5", "1.28.5"),
    ("Premium_LRS", "Premium_LRS"),
    ({"name": "P1", "isDefault": True}, "Name: P1, Is default: yes"),
    (["a", False], "a, no"),
]


@pytest.mark.parametrize(("value", "said"), VALUES)
def test_a_value_is_readable(value: object, said: str) -> None:
    assert in_words(value) == said


def test_an_amount_too_small_to_show_is_not_zero() -> None:
    assert text_in_words("0.000001").startswith("under")
