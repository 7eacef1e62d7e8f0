"""The result of a query is readable, and what Azure wrote stays beside it."""

from typing import Any

import pytest

from shared.core.operator_jobs import JobKind
from web.desk.result_cells import Cell, cells, headings

SUBSCRIPTION = "11111111-1111-4111-8111-111111111111"
NAMES = {SUBSCRIPTION: "Production"}
MONTH = "2026-10-01T00:00:00"
DISK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/a/providers/Microsoft.Compute/disks/data"

COSTS: list[tuple[str, Any, str | None]] = [
    ("BillingMonth", MONTH, "Oct 2026"),
    ("UsageDate", 20261001, "1 Oct 2026"),
    ("UsageDate", "unknown", "unknown"),
    ("Cost", "123456.78901234567890", "123,456.79"),
    ("PreTaxCost", 3, "3.00"),
    ("SubscriptionId", SUBSCRIPTION, "Production"),
    ("ResourceId", DISK, "data"),
    ("MeterCategory", "", None),
    ("MeterCategory", "Storage", "Storage"),
]
QUERIES: list[tuple[str, Any, str | None]] = [
    ("when", "2026-10-01T14:05:00Z", "1 Oct 2026, 14:05 UTC"),
    ("share", "0.33333333333333", "0.33"),
    ("Cost", "1.5", "1.5"),
    ("count_", 2026, "2026"),
    ("isOn", True, "yes"),
    ("id", DISK, DISK),
    ("tags", None, None),
]


def only(column: str, value: object, kind: JobKind) -> Cell:
    (cell,) = cells([column], [value], kind, NAMES)
    return cell


@pytest.mark.parametrize(("column", "value", "text"), COSTS)
def test_a_cost_query_shows_dates_names_and_two_decimals(column: str, value: object, text: str | None) -> None:
    assert only(column, value, JobKind.COST_QUERY).text == text


@pytest.mark.parametrize(("column", "value", "text"), QUERIES)
def test_a_resource_query_is_shown_by_its_values_alone(column: str, value: object, text: str | None) -> None:
    assert only(column, value, JobKind.RESOURCE_QUERY).text == text


def test_the_currency_of_the_row_decides_its_decimals() -> None:
    amount, currency = cells(["Cost", "Currency"], ["1234.5678", "JPY"], JobKind.COST_QUERY, NAMES)
    assert (amount, currency.text) == (Cell("1,235", "1234.5678", is_number=True), "JPY")


def test_what_azure_wrote_is_kept_where_it_differs() -> None:
    assert only("BillingMonth", MONTH, JobKind.COST_QUERY).stored == MONTH
    assert only("MeterCategory", "Storage", JobKind.COST_QUERY).stored is None


def test_heads_of_a_cost_query_are_words_and_a_reviewers_own_names_stay() -> None:
    assert headings(["BillingMonth", "SubscriptionId"], JobKind.COST_QUERY) == ["Billing month", "Subscription"]
    assert headings(["vmCount"], JobKind.RESOURCE_QUERY) == ["vmCount"]
