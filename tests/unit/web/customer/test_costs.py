import re
from datetime import date
from decimal import Decimal

from shared.sql.collected.recommendations import Recommendations
from tests.support.browsing import Visit, cost_row, finished_scan
from tests.support.collecting import FIRST
from web.customer.costs import scan_costs

FEBRUARY = date(2026, 2, 1)


def totals_shown(page: str) -> dict[str, Decimal]:
    """The totals of the period, exactly, by currency."""
    found = re.findall(r'id="costs-([A-Z]{3})".*?months: <strong><data value="([^"]+)">', page, re.DOTALL)
    return {currency: Decimal(value) for currency, value in found}


def test_every_total_equals_the_stored_rows_to_the_last_decimal(visit: Visit) -> None:
    visit.sign_in()
    rows = [
        cost_row(FIRST, "1234567890.12345678901234567"),
        cost_row(FIRST, "0.00000000000000007", month=FEBRUARY),
        cost_row(FIRST, "-3.3", resource=None),
        cost_row(FIRST, "17.5", currency="JPY", service="Bandwidth"),
    ]
    scan = finished_scan(visit.parts, rows, FIRST)
    page = visit.ask(scan_costs, scan_id=scan.scan_id).body.decode()
    stored = Recommendations(visit.parts.database).cost_sums(scan.key)
    assert totals_shown(page) == stored
    assert totals_shown(page)["GBP"] == Decimal("1234567886.82345678901234574")


def test_each_cut_of_the_costs_is_the_whole(visit: Visit) -> None:
    visit.sign_in()
    rows = [cost_row(FIRST, f"{number}.01", service=f"Service {number}", resource=None) for number in range(15)]
    scan = finished_scan(visit.parts, rows, FIRST)
    page = visit.ask(scan_costs, scan_id=scan.scan_id).body.decode()
    for title in ("Cost by service", "Cost by subscription", "Cost by location", "Cost by resource group"):
        card = page.split(f"<h3>{title}</h3>")[1].split('<div class="card">')[0].split("</section>")[0]
        shown = re.sub(r"<summary>.*?</summary>", "", card)
        assert sum(map(Decimal, re.findall(r'<data value="([^"]+)">', shown))) == Decimal("105.15"), title


def test_currencies_have_sections_of_their_own(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1"), cost_row(FIRST, "9", currency="JPY")], FIRST)
    page = visit.ask(scan_costs, scan_id=scan.scan_id).body.decode()
    gbp, jpy = page.split('id="costs-GBP"')[1].split('id="costs-JPY"')
    assert "JPY" not in gbp.split("Costs in GBP")[1].split("<section")[0]
    assert "GBP" not in jpy.split('aria-labelledby="about-heading"')[0]


def test_what_no_resource_caused_is_named_apart(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "100"), cost_row(FIRST, "40", resource=None)], FIRST)
    page = visit.ask(scan_costs, scan_id=scan.scan_id).body.decode()
    assert 'Not attributable to a resource: <data value="40">' in page
