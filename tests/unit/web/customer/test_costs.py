import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest

from shared.core.models import Scan
from shared.core.money import sum_exactly
from shared.core.periods import last_complete_months
from shared.sql.collected.cost_explorer import CostExplorer
from shared.sql.collected.recommendations import Recommendations
from tests.support.browsing import Visit, cost_row, finished_scan
from tests.support.collecting import FIRST
from tests.support.desk import Desk
from tests.unit.web.reviewed import as_customer, drafted
from web.customer.costs import scan_costs
from web.rendering.cost_explorer import DIMENSION_LABELS


def page_of(visit: Visit, scan: Scan, **query: str) -> str:
    response = visit.visit(scan_costs, query=query, scan_id=scan.scan_id)
    assert response.status == 200
    return unescape(response.body.decode())


def total_shown(page: str) -> Decimal:
    """The amount above the chart, exactly."""
    found = re.search(r'<p class="big"><strong><data value="([^"]+)">', page)
    assert found is not None
    return Decimal(found[1])


def rows_shown(page: str) -> dict[str, str]:
    """The table's cells in its first column of amounts, by name."""
    table = page.partition('id="commitments-')[0].rsplit("<tbody>", 1)[1].split("</tbody>", maxsplit=1)[0]
    cells = re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+).*?<td class="number"[^>]*>(.*?)</td>', table, re.DOTALL)
    return {name: re.sub(r"<[^>]+>", "", cell) for name, cell in cells}


@pytest.fixture
def months(visit: Visit) -> tuple[date, ...]:
    return last_complete_months(visit.parts.clock.now().date()).months


def test_every_total_equals_the_stored_rows_to_the_last_decimal(visit: Visit, months: tuple[date, ...]) -> None:
    visit.sign_in()
    rows = [
        cost_row(FIRST, "1234567890.12345678901234567"),
        cost_row(FIRST, "0.00000000000000007", month=months[-1]),
        cost_row(FIRST, "-3.3", resource=None),
        cost_row(FIRST, "17.5", currency="JPY", service="Bandwidth"),
    ]
    scan = finished_scan(visit.parts, rows, FIRST)
    stored = Recommendations(visit.parts.database).cost_sums(scan.key)
    for currency, amount in stored.items():
        assert total_shown(page_of(visit, scan, currency=currency)) == amount
    assert stored["GBP"] == Decimal("1234567886.82345678901234574")


@pytest.mark.parametrize("by", DIMENSION_LABELS)
def test_each_grouping_of_the_costs_is_the_whole(desk: Desk, by: str) -> None:
    scan = drafted(desk)
    desk.parts.cost_totals.compute(scan.key)
    as_customer(desk)
    page = desk.get(scan_costs, {"by": by, "currency": "GBP"}, scan_id=scan.scan_id).body.decode()
    assert total_shown(page) == Recommendations(desk.parts.database).cost_sums(scan.key)["GBP"]


def test_a_view_without_a_filter_reads_no_cost_row(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "7"), cost_row(FIRST, "2", service="SQL")], FIRST)
    monkeypatch.delattr(CostExplorer, "ask")
    monkeypatch.delattr(CostExplorer, "tag_names")
    for by in ("service", "subscription", "resource_group"):
        assert total_shown(page_of(visit, scan, by=by)) == 9


def test_stored_totals_and_cost_rows_give_one_answer(visit: Visit, months: tuple[date, ...]) -> None:
    visit.sign_in()
    rows = [cost_row(FIRST, f"{n}.5", service=f"Service {n % 4}", month=months[-1 - n % 2]) for n in range(12)]
    scan = finished_scan(visit.parts, rows, FIRST)
    compared = {"month": f"{months[-1]:%Y-%m}", "against": f"{months[-2]:%Y-%m}"}
    for query in ({}, compared):
        stored = page_of(visit, scan, **query)
        summed = page_of(visit, scan, is_charge_type="Usage", **query)
        assert rows_shown(stored) == rows_shown(summed)
        assert total_shown(stored) == total_shown(summed)


def test_a_group_is_drilled_down_to_its_meters_and_the_address_holds_the_filters(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "7"), cost_row(FIRST, "2", service="SQL")], FIRST)
    page = page_of(visit, scan)
    (link,) = set(re.findall(r'href="([^"]*is_service=Storage[^"]*)"', page))
    query = dict(part.split("=") for part in link.split("?")[1].split("&"))
    assert query["by"] == "resource"
    below = page_of(visit, scan, **query)
    assert total_shown(below) == 7
    assert "Service: Storage" in below
    meters = page_of(visit, scan, **{**query, "by": "meter"})
    assert rows_shown(meters) == {"Disk": "7.00"}


def test_the_table_is_searched_by_name_and_sorted(visit: Visit) -> None:
    visit.sign_in()
    rows = [cost_row(FIRST, f"{n}", service=name) for n, name in enumerate(("Zebra", "Apple", "Maple"), 1)]
    scan = finished_scan(visit.parts, rows, FIRST)
    assert list(rows_shown(page_of(visit, scan))) == ["Maple", "Apple", "Zebra"]
    assert list(rows_shown(page_of(visit, scan, sort="name"))) == ["Apple", "Maple", "Zebra"]
    found = page_of(visit, scan, q="PLE")
    assert (list(rows_shown(found)), total_shown(found)) == (["Maple", "Apple"], Decimal(5))


def test_each_month_of_the_chart_leads_to_that_month_alone(visit: Visit, months: tuple[date, ...]) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "7", month=each) for each in months], FIRST)
    page = page_of(visit, scan)
    links = re.findall(r'<a href="([^"]+)" aria-label="(\w{3} \d{4}): £7.00">', page)
    assert [label for _, label in links] == [f"{each:%b %Y}" for each in months]
    alone = page_of(visit, scan, month=f"{months[3]:%Y-%m}")
    assert total_shown(alone) == 7
    assert total_shown(page) == sum_exactly([Decimal(7)] * 12)


@pytest.mark.parametrize("query", [{"by": "x"}, {"sort": "x"}, {"page": "-1"}, {"month": "1999-01"}, {"is_x": "1"}])
def test_an_invalid_query_is_refused(visit: Visit, query: dict[str, str]) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "7")], FIRST)
    assert visit.visit(scan_costs, query=query, scan_id=scan.scan_id).status == 400


def test_the_page_is_small_with_hundreds_of_groups(visit: Visit) -> None:
    visit.sign_in()
    rows = [cost_row(FIRST, f"{n}.5", service=f"A service with a long name, number {n}") for n in range(300)]
    scan = finished_scan(visit.parts, rows, FIRST)
    page = page_of(visit, scan)
    assert len(page) < 150_000
    assert "Page 1 of 6" in page


def test_the_layers_of_the_bill_are_shown_in_both_views_on_the_unfiltered_page_alone(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "7.25"), cost_row(FIRST, "-2", service="Bandwidth")], FIRST)
    page = visit.ask(scan_costs, scan_id=scan.scan_id).body.decode()
    section = page.partition('id="commitments-GBP"')[2]
    usage = section.partition('<th scope="row">Usage</th>')[2].partition("</tr>")[0]
    assert re.findall(r'<data value="([^"]+)">', usage) == ["5.25", "5.25"]
    assert "How well your commitments are used" not in section
    filtered = visit.visit(scan_costs, query={"month": "2026-01"}, scan_id=scan.scan_id).body.decode()
    assert "commitments-GBP" not in filtered
