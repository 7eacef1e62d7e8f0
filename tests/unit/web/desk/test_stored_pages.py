"""Rows that could not be read: counted at the desk, with the raw page that holds them."""

import json

import pytest

from collectors.scan.run import collect
from shared.core.models import Scan, ScanStatus
from tests.support.browsing import ended
from tests.support.collecting import FIRST, collecting_scan, cost_page, step_body, steps_of
from tests.support.desk import Desk, text_of
from tests.unit.collectors.costs_scan import COSTS, QUERY
from web.desk.costs import desk_costs
from web.desk.scan import desk_scan_page
from web.desk.stored_pages import desk_raw_page

LEFT_OUT = "The totals leave out 1 of 3 cost rows of Name of 1: it could not be read."


@pytest.fixture
def scan(desk: Desk) -> Scan:
    """A scan of which one cost row has no cost."""
    desk.sign_in()
    page = cost_page(FIRST, "1", "2", "4")
    page["properties"]["rows"][1][0] = None
    desk.parts.azure.pages[QUERY, FIRST] = [page]
    made = collecting_scan(desk.parts, [("costs", FIRST)])
    collect(desk.parts, COSTS, step_body(steps_of(desk.parts, made)[0]))
    desk.parts.cost_totals.compute(made.key)
    return ended(desk.parts, made, ScanStatus.PARTIAL)


def test_the_coverage_counts_the_rows_and_leads_to_the_raw_page(desk: Desk, scan: Scan) -> None:
    text = text_of(desk.get(desk_scan_page, scan_id=scan.scan_id))
    (step,) = steps_of(desk.parts, scan)
    assert "1 of 3 rows could not be read and is not counted: a cost is not a number (1)." in text
    assert f'href="/desk/scans/{scan.scan_id}/raw-pages/{step.step_id}/0"' in text


@pytest.mark.parametrize("page", [desk_scan_page, desk_costs])
def test_every_total_says_what_it_leaves_out(desk: Desk, scan: Scan, page: object) -> None:
    assert LEFT_OUT in text_of(desk.get(page, scan_id=scan.scan_id))  # type: ignore[arg-type]


def test_the_raw_page_is_a_file_as_azure_sent_it(desk: Desk, scan: Scan) -> None:
    (step,) = steps_of(desk.parts, scan)
    sent = desk.get(desk_raw_page, scan_id=scan.scan_id, step_id=str(step.step_id), page="0")
    assert sent.status == 200
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(sent.body)["properties"]["rows"][1][0] is None


@pytest.mark.parametrize(("step_id", "page"), [("1", "1"), ("2", "0"), ("x", "0"), ("1", "-1"), ("9" * 30, "0")])
def test_another_page_is_not_found(desk: Desk, scan: Scan, step_id: str, page: str) -> None:
    assert desk.get(desk_raw_page, scan_id=scan.scan_id, step_id=step_id, page=page).status == 404


def test_only_an_operator_sees_a_raw_page(desk: Desk, scan: Scan) -> None:
    desk.cookies.clear()
    (step,) = steps_of(desk.parts, scan)
    assert desk.get(desk_raw_page, scan_id=scan.scan_id, step_id=str(step.step_id), page="0").status == 404
