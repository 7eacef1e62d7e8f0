"""The cost rows as files: complete, safe to open, and flat in memory."""

import csv
import io
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import repeat
from typing import Any

import pytest
from openpyxl import load_workbook

from shared.core.models import Scan
from shared.sql.collected.cost_rows import CostRow
from tests.support.browsing import STRANGER, Visit, cost_row, finished_scan
from tests.support.collecting import FIRST
from tests.support.desk import Desk
from tests.unit.web.customer.test_exports import added, sheets
from tests.unit.web.reviewed import as_customer, drafted
from web.customer.exports import costs_csv, focus_costs_csv, report_workbook
from web.error_pages import Handler
from web.rendering.cost_files import COST_COLUMNS, FOCUS_COLUMNS, CostColumn, cost_csv
from web.rendering.data_tables import cost_row_table
from web.rendering.workbook import HEAD_ROW, Column, Table, workbook, write_workbook

REVIEWED = datetime(2026, 1, 1, tzinfo=UTC)
FILES: tuple[Handler, ...] = (costs_csv, focus_costs_csv)


def rows_of(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.fixture
def scan(desk: Desk) -> Scan:
    found = drafted(desk)
    desk.parts.cost_totals.compute(found.key)
    as_customer(desk)
    return found


def billed(desk: Desk, scan: Scan) -> Decimal:
    return sum((one.billed_cost for one in desk.parts.cost_totals.read(scan.key, "service")), Decimal(0))


def test_both_files_have_every_cost_row_to_the_last_digit(desk: Desk, scan: Scan) -> None:
    stored = desk.parts.recommendations.row_counts(scan.key)["costs"]
    for handler, column in ((costs_csv, "Billed cost"), (focus_costs_csv, "BilledCost")):
        found = rows_of(desk.get(handler, scan_id=scan.scan_id).body)
        assert len(found) == stored > 0
        assert sum((Decimal(row[column]) for row in found), Decimal(0)) == billed(desk, scan)


def test_the_workbook_has_every_cost_row_resource_and_offer(desk: Desk, scan: Scan) -> None:
    found = sheets(desk.get(report_workbook, scan_id=scan.scan_id).body)
    stored = desk.parts.recommendations.row_counts(scan.key)
    assert len(found["Costs by month"]) == stored["costs"]
    assert added(found["Costs by month"], "Billed cost") == pytest.approx(billed(desk, scan), rel=Decimal("1e-12"))
    assert len(found["Resources"]) == stored["inventory"] > 0
    offers = desk.parts.recommendations
    expected = len(offers.reservations(scan.key)) + len(offers.savings_plans(scan.key))
    assert len(found["Commitments"]) == expected > 0


def test_a_row_has_names_beside_ids_and_focus_has_its_own_formats(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "12.30")], FIRST)
    (plain,) = rows_of(visit.ask(costs_csv, scan_id=scan.scan_id).body)
    assert (plain["Month"], plain["Subscription"], plain["Resource"]) == ("2026-01-01", "Name of 1", "one")
    assert (plain["Location"], plain["Billed cost"], plain["Subscription ID"]) == ("UK South", "12.30", FIRST)
    body = visit.ask(focus_costs_csv, scan_id=scan.scan_id).body
    assert not body.startswith(b"\xef\xbb\xbf")
    (focus,) = rows_of(body)
    assert (focus["ChargePeriodStart"], focus["ChargePeriodEnd"]) == ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")
    assert (focus["ProviderName"], focus["RegionId"], focus["RegionName"]) == ("Microsoft", "uksouth", "UK South")
    assert focus["SubAccountName"] == "Name of 1"


@pytest.mark.parametrize("handler", FILES)
def test_a_hostile_name_is_no_formula(visit: Visit, handler: Handler) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1", service="=HYPERLINK(1)")], FIRST)
    (row,) = rows_of(visit.ask(handler, scan_id=scan.scan_id).body)
    assert "'=HYPERLINK(1)" in row.values()
    assert not [value for value in row.values() if value.startswith("=")]


@pytest.mark.parametrize("handler", [*FILES, report_workbook])
def test_another_users_scan_is_not_found(visit: Visit, handler: Handler) -> None:
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    visit.sign_in(STRANGER)
    assert visit.ask(handler, scan_id=scan.scan_id).status == 404


def many(count: int) -> Iterator[CostRow]:
    known = {"service_name": "Storage", "billing_currency": "GBP", "sub_account_id": FIRST}
    empty = dict.fromkeys(CostRow.__dataclass_fields__)
    values: dict[str, Any] = {**empty, **known, "charge_period_start": date(2026, 1, 1), "billed_cost": Decimal("1.2")}
    return repeat(CostRow(**values), count)


def peak_bytes(work: Iterable[object]) -> int:
    tracemalloc.start()
    for _ in work:
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@pytest.mark.slow
@pytest.mark.parametrize("columns", [COST_COLUMNS, FOCUS_COLUMNS], ids=["costs", "focus"])
def test_a_csv_ten_times_as_long_takes_no_more_memory(columns: tuple[CostColumn, ...]) -> None:
    small, large = (peak_bytes(cost_csv(columns, many(count), {})) for count in (5_000, 50_000))
    assert large < small * 1.5


@pytest.mark.slow
def test_a_workbook_ten_times_as_long_takes_no_more_memory() -> None:
    def written(count: int) -> Iterator[None]:
        write_workbook(io.BytesIO(), [cost_row_table(many(count), {})], "Test", REVIEWED)
        yield

    peak_bytes(written(10))
    small, large = peak_bytes(written(1_000)), peak_bytes(written(10_000))
    assert large < small * 1.5


def test_rows_beyond_the_end_of_a_sheet_are_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.rendering.workbook.SHEET_ROWS", HEAD_ROW + 1 + 3)
    table = Table("A name of exactly thirty letters", "", (Column("A"),), [(str(number),) for number in range(7)])
    book = load_workbook(io.BytesIO(workbook([table], "Test", REVIEWED)))
    assert [sheet.max_row - HEAD_ROW - 1 for sheet in book] == [3, 3, 1]
    assert all(len(name) <= 31 for name in book.sheetnames)
    cells = [row[0] for sheet in book for row in sheet.iter_rows(min_row=HEAD_ROW + 2, values_only=True)]
    assert cells == list("0123456")
