import re
from decimal import Decimal

import pytest

from shared.core.periods import last_complete_months
from tests.support.browsing import Visit, cost_row, finished_scan
from tests.support.collecting import FIRST
from web.customer.changes import scan_changes


def page_of(visit: Visit, *rows: tuple[object, ...], **query: str) -> str:
    visit.sign_in()
    scan = finished_scan(visit.parts, rows, FIRST)
    response = visit.visit(scan_changes, query=query, scan_id=scan.scan_id)
    assert response.status == 200
    return response.body.decode()


def test_new_and_ended_costs_are_named_and_lead_to_the_resources(visit: Visit) -> None:
    before, after = last_complete_months(visit.parts.clock.now().date()).months[-3:-1]
    names = {"month": f"{after:%Y-%m}", "against": f"{before:%Y-%m}"}
    rows = [cost_row(FIRST, "10", month=before, service="Old"), cost_row(FIRST, "12", month=after, service="New")]
    page = page_of(visit, *rows, **names)
    assert re.findall(r'>(\w+)</a> <span class="tag \w+">(\w+)</span>', page) == [("New", "new"), ("Old", "ended")]
    assert re.search(r'/costs\?[^"]*by=resource[^"]*is_service=New', page)
    assert '<data value="2">' in page


def test_a_steady_year_has_a_forecast_with_its_error(visit: Visit) -> None:
    months = last_complete_months(visit.parts.clock.now().date()).months
    page = page_of(visit, *(cost_row(FIRST, "100", month=month) for month in months))
    shown = page.split('id="forecast-heading"')[1]
    if "cannot carry" in shown:
        pytest.fail("the clock of the tests stands in a month whose predecessor is closed")
    assert [Decimal(one) for one in re.findall(r'<data value="([^"]+)">', shown)] == [Decimal(100)] * 3
    assert "wrong by 0.0% on average" in shown


def test_a_part_of_a_year_has_none(visit: Visit) -> None:
    months = last_complete_months(visit.parts.clock.now().date()).months
    page = page_of(visit, *(cost_row(FIRST, "100", month=month) for month in months[6:]))
    assert "These months cannot carry a forecast" in page


@pytest.mark.parametrize(
    "query", [{"by": "x"}, {"month": "1999-01"}, {"month": "x", "against": "y"}, {"currency": "XXX"}]
)
def test_an_invalid_comparison_is_refused(visit: Visit, query: dict[str, str]) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "100")], FIRST)
    assert visit.visit(scan_changes, query=query, scan_id=scan.scan_id).status == 400


def test_a_scan_without_costs_says_so(visit: Visit) -> None:
    assert "no costs to compare" in page_of(visit)
