import re
from datetime import date
from decimal import Decimal

from shared.core.models import ScanStatus, StepStatus
from shared.sql.collected.recommendations import Recommendations
from shared.sql.scans.steps import Steps
from tests.support.browsing import COST_COLUMNS, Visit, cost_row, ended, finished_scan, store
from tests.support.collecting import FIRST, SECOND, collecting_scan, steps_of
from web.customer.report import scan_report

FEBRUARY = date(2026, 2, 1)


def totals_shown(page: str) -> dict[str, Decimal]:
    """The totals at the head of the report, exactly, by currency."""
    head = page.split('class="totals"')[1].split("</ul>", maxsplit=1)[0]
    found = re.findall(r'months in ([A-Z]{3})</span> <strong class="number"><data value="([^"]+)">', head)
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
    page = visit.ask(scan_report, scan_id=scan.scan_id).body.decode()
    stored = Recommendations(visit.parts.database).cost_sums(scan.key)
    assert totals_shown(page) == stored
    assert totals_shown(page)["GBP"] == Decimal("1234567886.82345678901234574")


def test_each_cut_of_the_costs_is_the_whole(visit: Visit) -> None:
    visit.sign_in()
    rows = [cost_row(FIRST, f"{number}.01", service=f"Service {number}", resource=None) for number in range(15)]
    scan = finished_scan(visit.parts, rows, FIRST)
    page = visit.ask(scan_report, scan_id=scan.scan_id).body.decode()
    for title in ("Cost by service", "Cost by subscription", "Cost by location", "Cost by resource group"):
        card = page.split(f"<h3>{title}</h3>")[1].split('<div class="card">')[0].split("</section>")[0]
        shown = re.sub(r"<summary>.*?</summary>", "", card)
        assert sum(map(Decimal, re.findall(r'<data value="([^"]+)">', shown))) == Decimal("105.15"), title


def test_currencies_have_sections_of_their_own(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1"), cost_row(FIRST, "9", currency="JPY")], FIRST)
    page = visit.ask(scan_report, scan_id=scan.scan_id).body.decode()
    gbp, jpy = page.split('id="costs-GBP"')[1].split('id="costs-JPY"')
    assert "JPY" not in gbp.split("Costs in GBP")[1].split("<section")[0]
    assert "GBP" not in jpy.split("s recommendations</h2>")[0]


def test_a_partial_report_says_so_first_and_names_the_remedy(visit: Visit) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [("costs", FIRST), ("costs", SECOND)])
    steps = Steps(visit.parts.database)
    readable, blocked = steps_of(visit.parts, scan)
    store(visit.parts, readable, "costs", COST_COLUMNS, [cost_row(FIRST, "5")])
    role, scope = "Cost Management Reader", f"/subscriptions/{SECOND}"
    now = visit.parts.clock.now()
    steps.complete(blocked, StepStatus.BLOCKED, now, reason="No.", remedy_role=role, remedy_scope=scope)
    ended(visit.parts, scan, ScanStatus.PARTIAL)
    page = visit.ask(scan_report, scan_id=scan.scan_id).body.decode()
    body = page.split('<div class="report">')[1]
    assert body.index("This report is incomplete") < body.index("<h1>")
    assert re.search(rf"Grant {role} on [^(]+ \({scope}\)", page)
    assert "read for 1 of 2 subscriptions" in page


def test_coverage_is_one_line_above_the_costs_when_everything_was_read(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "5")], FIRST)
    page = visit.ask(scan_report, scan_id=scan.scan_id).body.decode()
    above, below = page.split('id="costs-GBP"')
    assert '1 of 1 subscription was read in full. <a href="#coverage">' in above
    assert 'id="coverage"' not in above
    assert 'id="coverage"' in below


def test_a_report_of_nothing_read_claims_no_zero(visit: Visit) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [])
    ended(visit.parts, scan, ScanStatus.BLOCKED, "This user can see no subscription.")
    page = visit.ask(scan_report, scan_id=scan.scan_id).body.decode()
    assert "This user can see no subscription." in page
    assert "This does not mean that your costs are zero." in page
    assert "0.00" not in page
    assert "We found no charges" not in page
    assert "0 resources" not in page


def test_a_kind_that_was_not_read_is_not_shown_as_empty(visit: Visit) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [("advisor", FIRST), ("reservations", FIRST), ("inventory", FIRST)])
    advisor, *blocked = steps_of(visit.parts, scan)
    store(visit.parts, advisor, "advisor", ADVISOR_COLUMNS, [])
    for step in blocked:
        Steps(visit.parts.database).complete(step, StepStatus.BLOCKED, visit.parts.clock.now(), reason="No.")
    ended(visit.parts, scan, ScanStatus.PARTIAL)
    page = visit.ask(scan_report, scan_id=scan.scan_id).body.decode()
    assert "Advisor has no open cost recommendations." in page
    assert "Azure recommends no reservations." not in page
    assert "These recommendations could not be read, so we do not know whether there are any." in page
    assert "We could not read your costs, so there are no figures to show." in page
    assert "0 resources" not in page


def test_an_unfinished_scan_has_no_figures_yet(visit: Visit) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [("costs", FIRST)])
    page = visit.ask(scan_report, scan_id=scan.scan_id).body.decode()
    assert "This scan is still running." in page
    assert "s recommendations</h2>" not in page


def test_what_no_resource_caused_is_named_apart(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "100"), cost_row(FIRST, "40", resource=None)], FIRST)
    page = visit.ask(scan_report, scan_id=scan.scan_id).body.decode()
    assert 'Not attributable to a resource: <data value="40">' in page


ADVISOR_COLUMNS = (
    "sub_account_id",
    "recommendation_id",
    "resource_id",
    "solution",
    "monthly_savings",
    "savings_currency",
    "term",
    "is_suppressed",
)


def test_alternatives_are_shown_and_never_added(visit: Visit) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [("advisor", FIRST)])
    rows: list[tuple[object, ...]] = [
        (FIRST, "r1", "/subscriptions/x", "Reserve it", Decimal(47), "USD", "P1Y", False),
        (FIRST, "r2", "/subscriptions/x", "Reserve it", Decimal(73), "USD", "P3Y", False),
        (FIRST, "r3", "/subscriptions/y", "Dismissed", Decimal(1000), "USD", None, True),
    ]
    store(visit.parts, steps_of(visit.parts, scan)[0], "advisor", ADVISOR_COLUMNS, rows)
    ended(visit.parts, scan, ScanStatus.COLLECTED)
    page = visit.ask(scan_report, scan_id=scan.scan_id).body.decode()
    assert '<data value="73">' in page
    assert "1 alternative</summary>" in page
    assert '"120"' not in page
    assert page.index("you have dismissed or postponed") < page.index('<data value="1000">')
