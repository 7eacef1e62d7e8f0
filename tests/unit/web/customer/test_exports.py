import csv
import io
from decimal import Decimal
from html import unescape

import pytest
from openpyxl import load_workbook

from shared.arm.request import ArmPage
from shared.core.audit import Action
from shared.core.errors import Conflict, NotFound
from shared.core.findings import Decision
from shared.core.left_out import LeftOut
from shared.core.models import Scan, ScanStatus, StepStatus
from shared.core.partly_read import PARTLY_READ
from shared.core.set_aside import SetAside, set_aside_sentence
from shared.sql.collected.cost_totals import CostTotals
from tests.support.browsing import COST_COLUMNS, Visit, cost_row, ended, finished_scan
from tests.support.collecting import FIRST, TENANT, USER, collecting_scan, steps_of
from tests.support.desk import Desk
from tests.unit.web.reviewed import as_customer, drafted, publish
from web.customer.exports import coverage_csv, findings_csv, report_workbook
from web.customer.findings import finding_decision
from web.customer.overview import scan_overview
from web.customer.read_data import scan_coverage
from web.rendering.findings import review
from web.rendering.workbook import HEAD_ROW

Rows = list[dict[str, object]]


def sheets(body: bytes) -> dict[str, Rows]:
    """Each sheet's rows by column title."""
    found: dict[str, Rows] = {}
    for sheet in load_workbook(io.BytesIO(body)):
        head, *rows = list(sheet.iter_rows(min_row=HEAD_ROW + 1, values_only=True))
        found[sheet.title] = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    return found


def of(rows: Rows, **wanted: str) -> Rows:
    """The rows with these values."""
    return [row for row in rows if all(row[column] == value for column, value in wanted.items())]


def added(rows: Rows, column: str) -> Decimal:
    return sum((Decimal(str(row[column])) for row in rows if row[column] is not None), Decimal(0))


@pytest.fixture
def scan(desk: Desk) -> Scan:
    return drafted(desk)


@pytest.fixture
def reviewed(desk: Desk, scan: Scan) -> Scan:
    CostTotals(desk.parts.database).compute(scan.key)
    publish(desk, scan)
    as_customer(desk)
    return scan


def test_each_sheet_of_costs_is_the_whole_bill(desk: Desk, reviewed: Scan) -> None:
    found = sheets(desk.get(report_workbook, scan_id=reviewed.scan_id).body)
    billed = sum((one.billed_cost for one in CostTotals(desk.parts.database).read(reviewed.key, "service")), Decimal(0))
    assert billed > 0
    cuts = [name for name in found if name.startswith("Costs by ")]
    assert cuts == [f"Costs by {each}" for each in ("service", "subscription", "resource group", "location", "month")]
    for name in cuts:
        assert added(found[name], "Billed cost") == pytest.approx(billed, rel=Decimal("1e-12")), name
    assert added(of(found["Summary"], Figure="Billed cost of the period"), "Amount") == pytest.approx(
        billed, rel=Decimal("1e-12")
    )


def test_the_savings_counted_once_add_up_to_the_pages_total(desk: Desk, reviewed: Scan) -> None:
    found = sheets(desk.get(report_workbook, scan_id=reviewed.scan_id).body)
    shown = review(desk.parts.database, reviewed)
    assert len({row["Finding"] for row in found["Savings"]}) == len(shown.views)
    assert shown.totals.proven
    for currency, expected in shown.totals.proven.items():
        counted = added(of(found["Savings"], Currency=currency), "Savings a month, counted once")
        assert counted == pytest.approx(expected, rel=Decimal("1e-12"))
        monthly = of(found["Summary"], Figure="Savings a month", Currency=currency)
        assert added(monthly, "Amount") == pytest.approx(expected, rel=Decimal("1e-12"))


def test_a_dismissed_finding_is_listed_and_not_counted(desk: Desk, reviewed: Scan) -> None:
    shown = review(desk.parts.database, reviewed)
    view = next(one for one in shown.views if one.counted.proven)
    form = {"decision": "dismissed", "reason": "Kept.", "version": "0", "seen": str(view.finding.version)}
    desk.post(finding_decision, form, scan_id=reviewed.scan_id, finding_id=view.finding.finding_id)
    found = sheets(desk.get(report_workbook, scan_id=reviewed.scan_id).body)
    (row,) = [one for one in found["Savings"] if one["Finding"] == view.finding.title]
    assert (row["Decision"], row["Savings a month, counted once"]) == ("Dismissed", None)
    decisions = {one["Decision"] for one in found["Savings by resource"] if one["Finding"] == view.finding.title}
    assert decisions == {"Dismissed"}


def test_drafts_are_in_no_download(desk: Desk, scan: Scan) -> None:
    as_customer(desk)
    found = sheets(desk.get(report_workbook, scan_id=scan.scan_id).body)
    assert not [name for name in found if name.startswith("Savings")]
    assert {"Savings": "The review of this scan is not published yet."} in [
        {str(row["Figure"]): row["Value"]} for row in found["Summary"]
    ]
    assert desk.get(findings_csv, scan_id=scan.scan_id).status == NotFound.status


def test_the_csv_has_a_row_for_each_resource_of_a_finding(desk: Desk, reviewed: Scan) -> None:
    body = desk.get(findings_csv, scan_id=reviewed.scan_id).body.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body, newline="")))
    shown = review(desk.parts.database, reviewed)
    ids = {(view.finding.title, each.resource_id) for view in shown.views for each in view.resources}
    assert {(row["Finding"], row["Resource ID"]) for row in rows} == ids


def test_every_download_is_in_the_activity_log(desk: Desk, reviewed: Scan) -> None:
    desk.get(report_workbook, scan_id=reviewed.scan_id)
    desk.get(findings_csv, scan_id=reviewed.scan_id)
    entries = desk.parts.audit_log.of_user(TENANT, USER, limit=100)
    files = [entry.details["file"] for entry in entries if entry.action is Action.REPORT_EXPORTED]
    assert sorted(map(str, files)) == ["findings.csv", "report.xlsx"]


def test_there_is_no_download_while_the_scan_is_running(visit: Visit) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [("costs", FIRST)])
    assert visit.ask(report_workbook, scan_id=scan.scan_id).status == Conflict.status


def test_a_hostile_name_is_text_in_the_workbook(visit: Visit) -> None:
    visit.sign_in()
    name = '=HYPERLINK("https://example.com","x")'
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1", service=name)], FIRST)
    body = visit.ask(report_workbook, scan_id=scan.scan_id).body
    cell = load_workbook(io.BytesIO(body))["Costs by service"].cell(HEAD_ROW + 2, 1)
    assert (cell.value, cell.data_type) == (name, "s")


def test_the_undecided_are_open(desk: Desk, reviewed: Scan) -> None:
    found = sheets(desk.get(report_workbook, scan_id=reviewed.scan_id).body)
    assert {row["Decision"] for row in found["Savings by resource"]} == {Decision.OPEN.value.capitalize()}


SET_ASIDE = SetAside(0, "a cost is not a number", 3)
DELEGATED = LeftOut.of(["Fabrikam Shop"], 1)


def scan_read_in_part(visit: Visit) -> Scan:
    """A scan with 2 cost rows that were read and 3 that were not, and with subscriptions that are no part of it."""
    scan, now = collecting_scan(visit.parts, [("costs", FIRST)]), visit.parts.clock.now()
    visit.parts.scans.note_left_out(scan.key, DELEGATED.to_json())
    held = visit.parts.steps.claim(scan.tenant_id, steps_of(visit.parts, scan)[0].step_id, now, 60)
    assert held is not None
    rows = [cost_row(FIRST, "70"), cost_row(FIRST, "30")]
    page = ArmPage(200, b"{}", {}, None)
    saved = visit.parts.steps.save_page(held, page, "costs", COST_COLUMNS, rows, 1, None, now, 60, [SET_ASIDE])
    reason = set_aside_sentence(saved.rows_set_aside, saved.rows, saved.set_aside_json)
    visit.parts.steps.complete(saved, StepStatus.SUCCEEDED, now, code=PARTLY_READ, reason=reason)
    return ended(visit.parts, scan, ScanStatus.PARTIAL)


def test_the_workbook_says_which_rows_and_subscriptions_are_left_out(visit: Visit) -> None:
    visit.sign_in()
    found = sheets(visit.ask(report_workbook, scan_id=scan_read_in_part(visit).scan_id).body)
    costs, *others = found["Coverage"]
    assert (costs["Rows read"], costs["Rows that could not be read"]) == (2, 3)
    assert "3 of 5 rows could not be read and are not counted: a cost is not a number (3)." in str(costs["State"])
    assert [row["State"] for row in others] == list(DELEGATED.sentences)
    assert [str(row["Value"])[:40] for row in of(found["Summary"], Figure="Costs left out")] == [
        "The totals leave out 3 of 5 cost rows of"
    ]


def test_the_left_out_coverage_of_the_workbook_and_the_csv_is_the_reports(visit: Visit) -> None:
    visit.sign_in()
    scan = scan_read_in_part(visit)
    page = unescape(visit.ask(scan_coverage, scan_id=scan.scan_id).body.decode())
    overview = unescape(visit.ask(scan_overview, scan_id=scan.scan_id).body.decode())
    sheet = sheets(visit.ask(report_workbook, scan_id=scan.scan_id).body)
    text = visit.ask(coverage_csv, scan_id=scan.scan_id).body.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for row, in_the_sheet in zip(rows, sheet["Coverage"], strict=True):
        assert {name: value or None for name, value in row.items()} == {
            name: None if value is None else str(value) for name, value in in_the_sheet.items()
        }
    assert all(sentence in page for sentence in DELEGATED.sentences)
    (gap,) = of(sheet["Summary"], Figure="Costs left out")
    assert str(gap["Value"]) in overview
    assert str(rows[0]["State"]).partition(": ")[2] in page
    assert [row["State"] for row in rows[1:]] == list(DELEGATED.sentences)
