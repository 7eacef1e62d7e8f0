"""Reservation recommendations of both kinds."""

from decimal import Decimal
from typing import Any

import pytest

from collectors.reservations import COLLECTOR, COLUMNS
from shared.arm.request import Json
from shared.core.errors import UnexpectedPayload
from tests.support.arm_replay import CONTEXT, SUBSCRIPTION

LEGACY = {
    "kind": "legacy",
    "location": "westus",
    "sku": "Standard_DS1_v2",
    "properties": {
        "lookBackPeriod": "Last30Days",
        "term": "P1Y",
        "scope": "Shared",
        "recommendedQuantity": Decimal("1.2"),
        "costWithNoReservedInstances": Decimal("12.0785105"),
        "totalCostWithReservedInstances": 13,
        "netSavings": Decimal("-0.68"),
    },
}
MODERN = {
    "kind": "modern",
    "properties": {
        "location": "westus2",
        "lookBackPeriod": 30,
        "term": "P3Y",
        "scope": "Single",
        "skuName": "SQLDB_BC_Compute_Gen5",
        "resourceType": "sqldatabases",
        "recommendedQuantity": 35,
        "costWithNoReservedInstances": {"currency": "USD", "value": Decimal("279881.9457795231")},
        "totalCostWithReservedInstances": {"currency": "USD", "value": Decimal("126115.06849314792")},
        "netSavings": {"currency": "USD", "value": Decimal("153766.87728637524")},
        "skuProperties": None,
    },
}


def _read(*value: Json) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in COLLECTOR.rows(CONTEXT, {"value": list(value)}, True)]


def test_a_legacy_one_has_bare_amounts_and_no_currency() -> None:
    (row,) = _read(LEGACY)
    assert row == {
        "sub_account_id": SUBSCRIPTION,
        "kind": "legacy",
        "benefit_scope": "Shared",
        "resource_type": None,
        "sku_name": "Standard_DS1_v2",
        "region_id": "westus",
        "term": "P1Y",
        "look_back_days": 30,
        "recommended_quantity": Decimal("1.2"),
        "cost_without_benefit": Decimal("12.0785105"),
        "cost_with_benefit": Decimal(13),
        "net_savings": Decimal("-0.68"),
        "currency": None,
    }


def test_a_modern_one_has_amounts_with_a_currency_and_a_numeric_look_back() -> None:
    (row,) = _read(MODERN)
    assert (row["net_savings"], row["currency"]) == (Decimal("153766.87728637524"), "USD")
    assert (row["look_back_days"], row["region_id"], row["sku_name"]) == (30, "westus2", "SQLDB_BC_Compute_Gen5")


def test_no_content_is_no_rows() -> None:
    assert list(COLLECTOR.rows(CONTEXT, None, True)) == []


@pytest.mark.parametrize(
    "item", [{}, {"kind": "future", "properties": {"term": "P1Y"}}, {"kind": "legacy"}, {"kind": 1}]
)
def test_an_unknown_kind_is_refused(item: Json) -> None:
    with pytest.raises(UnexpectedPayload):
        _read(item)


def test_every_type_of_resource_is_asked_for_in_both_scopes_once() -> None:
    filters = [request.query["$filter"] for request in COLLECTOR.requests(CONTEXT)]
    assert len(filters) == len(set(filters)) == 30
    assert sum("'Shared'" in each for each in filters) == 15
    assert all("lookBackPeriod eq 'Last30Days'" in each for each in filters)
