"""Costs: every row and every digit, or a loud refusal."""

import json
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.base import StepContext
from collectors.costs import BY_RESOURCE, COLLECTOR, COLUMNS, GROUPINGS, QUERIES, UNASSIGNED
from shared.arm.request import Json
from shared.core.errors import UnexpectedPayload
from tests.support.arm_replay import CONTEXT, PERIOD, SUBSCRIPTION

RESOURCE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/RG-Web/providers/Microsoft.Compute/disks/D1"
HEADINGS = ("Cost", "UsageQuantity", "BillingMonth", *GROUPINGS, "Currency")
CELLS: dict[str, Json] = {
    "Cost": Decimal("12.5"),
    "BillingMonth": "2025-11-01T00:00:00",
    "ResourceId": RESOURCE,
    "ServiceName": "Storage",
    "MeterSubcategory": "Premium SSD",
    "Meter": "P10 LRS Disk",
    "ResourceLocation": "UK South",
    "ChargeType": "Usage",
    "PricingModel": "Reservation",
    "PublisherType": "Azure",
    "Frequency": "UsageBased",
    "UsageQuantity": Decimal("744.0"),
    "Currency": "GBP",
}
SIMPLER = [StepContext(SUBSCRIPTION, PERIOD, simplified=number) for number in range(1, len(QUERIES))]


def _payload(*rows: list[Json], headings: tuple[str, ...] = HEADINGS) -> Json:
    columns = [{"name": name, "type": "String"} for name in headings]
    return {"properties": {"nextLink": None, "columns": columns, "rows": list(rows)}}


def _cells(**changed: Json) -> list[Json]:
    return [{**CELLS, **changed}[name] for name in HEADINGS]


def _read(payload: Json, context: StepContext = CONTEXT) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in COLLECTOR.rows(context, payload, True)]


def _one(**changed: Json) -> dict[str, Any]:
    (row,) = _read(_payload(_cells(**changed)))
    return row


def test_a_line_item_becomes_a_row() -> None:
    assert _one() == {
        "sub_account_id": SUBSCRIPTION,
        "charge_period_start": date(2025, 11, 1),
        "billed_cost": Decimal("12.5"),
        "billing_currency": "GBP",
        "resource_id": RESOURCE.lower(),
        "resource_group": "rg-web",
        "region_id": "uksouth",
        "service_name": "Storage",
        "meter_subcategory": "Premium SSD",
        "meter_name": "P10 LRS Disk",
        "charge_type": "Usage",
        "charge_category": "Usage",
        "charge_frequency": "Usage-Based",
        "pricing_category": "Committed",
        "commitment_discount_type": "Reservation",
        "publisher": "Azure",
        "consumed_quantity": Decimal("744.0"),
    }


def test_columns_are_found_by_name_in_any_order_and_casing() -> None:
    headings = tuple(name.upper() for name in reversed(HEADINGS))
    assert _read(_payload(_cells()[::-1], headings=headings)) == [_one()]


@pytest.mark.parametrize("name", ["Cost", "PreTaxCost", "CostInBillingCurrency", "totalCost"])
def test_the_cost_is_known_by_each_of_its_names(name: str) -> None:
    headings = (name, *HEADINGS[1:])
    assert _read(_payload(_cells(), headings=headings))[0]["billed_cost"] == Decimal("12.5")


@pytest.mark.parametrize(
    "written",
    ["2025-11-01T00:00:00", "2025-11-01T00:00:00Z", "2025-11-01", "20251101", "202511", 20251101, 202511],
)
def test_a_month_is_known_in_each_of_its_forms(written: Json) -> None:
    assert _one(BillingMonth=written)["charge_period_start"] == date(2025, 11, 1)


@pytest.mark.parametrize(
    "written",
    [
        None, "", "November 2025", "2025-11", "2025-11-02", "2025-11-01T12:00:00", "11/01/2025", 2025, 20251301, True,
        Decimal("20251101.0"), "\uff12\uff10\uff12\uff15\uff11\uff11\uff10\uff11", ["2025-11-01"], {"month": 11},
    ],
)  # fmt: skip
def test_a_month_in_any_other_form_is_refused(written: Json) -> None:
    with pytest.raises(UnexpectedPayload):
        _one(BillingMonth=written)


@pytest.mark.parametrize("written", ["2025-10-01", "2026-11-01", 20241101])
def test_a_month_outside_the_period_is_refused(written: Json) -> None:
    with pytest.raises(UnexpectedPayload, match="outside the requested period"):
        _one(BillingMonth=written)


def test_a_refund_stays_negative() -> None:
    assert _one(Cost=Decimal("-40.123456789"))["billed_cost"] == Decimal("-40.123456789")


@pytest.mark.parametrize("written", ["204.80504517043207", "7E-06", "1.0000000000000000019", "0.0", "-0.1", "1E+5"])
def test_an_amount_keeps_every_digit(written: str) -> None:
    assert _one(Cost=Decimal(written))["billed_cost"] == Decimal(written)


def test_a_whole_number_is_an_amount_too() -> None:
    assert _one(Cost=3)["billed_cost"] == Decimal(3)
    assert _one(Cost=0)["billed_cost"] == Decimal(0)


@pytest.mark.parametrize("written", [None, "12.5", "", True, 12.5, [1], {}])
def test_a_cost_that_is_no_number_is_refused(written: Json) -> None:
    with pytest.raises(UnexpectedPayload):
        _one(Cost=written)


@pytest.mark.parametrize("written", ["", None])
def test_a_cost_without_a_resource_is_kept_as_not_attributable(written: Json) -> None:
    row = _one(ResourceId=written, ChargeType="Purchase", ResourceLocation=written)
    assert (row["resource_id"], row["resource_group"], row["region_id"]) == (None, None, None)
    assert row["billed_cost"] == Decimal("12.5")


@pytest.mark.parametrize(
    ("resource_id", "group"),
    [
        (f"/subscriptions/{SUBSCRIPTION}/providers/microsoft.security/pricings/appservices", None),
        (f"/subscriptions/{SUBSCRIPTION}/resourcegroups/20200402/providers/a/b/c", "20200402"),
        (f"/subscriptions/{SUBSCRIPTION}/resourcegroups/", None),
        (f"/subscriptions/{SUBSCRIPTION}/resourceGroups/only", "only"),
        (f"/subscriptions/{SUBSCRIPTION}", None),
        ("a-name-that-is-no-path", None),
    ],
)
def test_the_resource_group_is_read_from_the_id(resource_id: str, group: str | None) -> None:
    row = _one(ResourceId=resource_id)
    assert (row["resource_id"], row["resource_group"]) == (resource_id.lower(), group)


def test_a_service_without_a_name_is_unassigned() -> None:
    assert _one(ServiceName="")["service_name"] == UNASSIGNED


def test_currencies_are_kept_row_by_row() -> None:
    rows = _read(_payload(_cells(Currency="GBP"), _cells(Currency="eur")))
    assert [row["billing_currency"] for row in rows] == ["GBP", "EUR"]


@pytest.mark.parametrize("written", ["", None, "POUND", "£", 826, "\uff27\uff22\uff30", ["GBP"]])
def test_a_cost_without_a_currency_is_refused(written: Json) -> None:
    with pytest.raises(UnexpectedPayload):
        _one(Currency=written)


@pytest.mark.parametrize("missing", ["BillingMonth", *GROUPINGS, "Currency", "Cost"])
def test_a_missing_column_is_refused(missing: str) -> None:
    headings = tuple("Other" if name == missing else name for name in HEADINGS)
    with pytest.raises(UnexpectedPayload, match="no column"):
        _read(_payload(_cells(), headings=headings))


def test_a_missing_column_is_refused_even_when_there_are_no_rows() -> None:
    with pytest.raises(UnexpectedPayload, match="no column"):
        _read(_payload(headings=("UsageDate", "Currency")))


ALWAYS = ("Cost", "BillingMonth", *BY_RESOURCE, "Currency")
COLUMNS_OF = {
    "MeterSubcategory": ["meter_subcategory"],
    "Meter": ["meter_name"],
    "ResourceLocation": ["region_id"],
    "ChargeType": ["charge_type", "charge_category"],
    "PricingModel": ["pricing_category", "commitment_discount_type"],
    "PublisherType": ["publisher"],
    "Frequency": ["charge_frequency"],
}


@pytest.mark.parametrize("context", [CONTEXT, *SIMPLER])
def test_what_a_query_does_not_ask_for_is_unknown(context: StepContext) -> None:
    asked = QUERIES[context.simplified]
    headings = (*ALWAYS, *(name for name in asked.groupings if name not in BY_RESOURCE))
    headings = (*headings, "UsageQuantity") if asked.has_quantity else headings
    (row,) = _read(_payload([CELLS[name] for name in headings], headings=headings), context)
    for name, columns in COLUMNS_OF.items():
        assert [row[column] is not None for column in columns] == [name in asked.groupings] * len(columns)
    assert (row["consumed_quantity"] is not None) is asked.has_quantity
    assert row["billed_cost"] == Decimal("12.5")


@pytest.mark.parametrize("written", [None, "", "12", True, [1]])
def test_a_quantity_that_is_no_number_is_unknown(written: Json) -> None:
    assert _one(UsageQuantity=written)["consumed_quantity"] is None


def test_a_response_without_quantities_is_read() -> None:
    headings = tuple(name for name in HEADINGS if name != "UsageQuantity")
    (row,) = _read(_payload([CELLS[name] for name in headings], headings=headings))
    assert row["consumed_quantity"] is None


def test_a_purchase_of_a_commitment_is_not_covered_by_one() -> None:
    row = _one(ChargeType="Purchase", PricingModel="OnDemand", Frequency="OneTime", ResourceId="")
    named = ("charge_category", "pricing_category", "commitment_discount_type", "charge_frequency")
    assert [row[name] for name in named] == ["Purchase", "Standard", None, "One-Time"]


@pytest.mark.parametrize("payload", [None, _payload()])
def test_no_cost_data_is_no_rows(payload: Json) -> None:
    assert _read(payload) == []


@pytest.mark.parametrize(
    "payload",
    [
        [], "", {}, {"properties": None}, {"properties": {"rows": None}}, {"properties": {"rows": [], "columns": None}},
        {"properties": {"rows": [[1]], "columns": [{"name": "Cost"}, {"name": "cost"}]}},
        {"properties": {"rows": [], "columns": [{"type": "Number"}]}},
        _payload(_cells()[:-1]), _payload([*_cells(), 1]), _payload("not a row"),  # type: ignore[arg-type]
        _payload(None),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_an_unknown_shape_is_refused(payload: Json) -> None:
    with pytest.raises(UnexpectedPayload):
        _read(payload)


@given(st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=15), max_size=40))
def test_the_rows_add_up_to_what_azure_sent(amounts: list[Decimal]) -> None:
    written = json.dumps(_payload(*[_cells(Cost="@", UsageQuantity=1) for _ in amounts]))
    for amount in amounts:
        written = written.replace('"@"', format(amount, "f"), 1)
    rows = _read(json.loads(written, parse_float=Decimal))
    assert [row["billed_cost"] for row in rows] == amounts


def test_the_query_asks_for_the_whole_period_by_month() -> None:
    (request,) = COLLECTOR.requests(CONTEXT)
    assert request.body is not None
    assert request.body["type"] == "ActualCost"
    assert request.body["timePeriod"] == {"from": "2025-11-01T00:00:00Z", "to": "2026-10-31T23:59:59Z"}
    assert request.body["dataset"]["granularity"] == "Monthly"
    assert [each["name"] for each in request.body["dataset"]["grouping"]] == list(GROUPINGS)
    assert request.query == {"$top": "5000"}


def test_the_query_asks_for_cost_and_quantity_the_documented_limit_of_two_sums() -> None:
    (request,) = COLLECTOR.requests(CONTEXT)
    assert request.body is not None
    sums = request.body["dataset"]["aggregation"].values()
    assert [(each["name"], each["function"]) for each in sums] == [("Cost", "Sum"), ("UsageQuantity", "Sum")]


def test_each_simpler_query_asks_for_less_down_to_the_documented_limit_of_two_groupings() -> None:
    asked = [set(query.groupings) | ({"quantity"} if query.has_quantity else set()) for query in QUERIES]
    assert all(later < earlier for earlier, later in pairwise(asked))
    (request,) = COLLECTOR.requests(SIMPLER[-1])
    assert request.body is not None
    assert [each["name"] for each in request.body["dataset"]["grouping"]] == ["ResourceId", "ServiceName"]
    assert list(request.body["dataset"]["aggregation"]) == ["totalCost"]
