import re
from decimal import Decimal

from shared.core.models import ScanStatus, StepStatus
from shared.sql.scans.steps import Steps
from tests.support.browsing import COST_COLUMNS, Visit, cost_row, ended, finished_scan, store
from tests.support.collecting import FIRST, SECOND, collecting_scan, steps_of
from web.customer.costs import scan_costs
from web.customer.overview import scan_overview
from web.customer.read_data import scan_coverage, scan_inventory, scan_recommendations

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
    page = visit.ask(scan_recommendations, scan_id=scan.scan_id).body.decode()
    assert '<data value="73">' in page
    assert "1 alternative</summary>" in page
    assert '"120"' not in page
    assert page.index("you have dismissed or postponed") < page.index('<data value="1000">')


def test_a_kind_that_could_not_be_read_is_not_shown_as_empty(visit: Visit) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [("advisor", FIRST), ("reservations", FIRST), ("inventory", FIRST)])
    advisor, *blocked = steps_of(visit.parts, scan)
    store(visit.parts, advisor, "advisor", ADVISOR_COLUMNS, [])
    for step in blocked:
        Steps(visit.parts.database).complete(step, StepStatus.BLOCKED, visit.parts.clock.now(), reason="No.")
    ended(visit.parts, scan, ScanStatus.PARTIAL)
    page = visit.ask(scan_recommendations, scan_id=scan.scan_id).body.decode()
    assert "Advisor has no open cost recommendations." in page
    assert "Azure recommends no reservations." not in page
    assert "These recommendations could not be read, so we do not know whether there are any." in page
    costs = visit.ask(scan_costs, scan_id=scan.scan_id).body.decode()
    assert "We could not read your costs, so there are no figures to show." in costs
    assert "0 resources" not in visit.ask(scan_inventory, scan_id=scan.scan_id).body.decode()


def test_coverage_names_what_is_missing_and_the_role_to_grant(visit: Visit) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [("costs", FIRST), ("costs", SECOND)])
    steps = Steps(visit.parts.database)
    readable, blocked = steps_of(visit.parts, scan)
    store(visit.parts, readable, "costs", COST_COLUMNS, [cost_row(FIRST, "5")])
    role, scope = "Cost Management Reader", f"/subscriptions/{SECOND}"
    now = visit.parts.clock.now()
    steps.complete(blocked, StepStatus.BLOCKED, now, reason="No.", remedy_role=role, remedy_scope=scope)
    ended(visit.parts, scan, ScanStatus.PARTIAL)
    page = visit.ask(scan_coverage, scan_id=scan.scan_id).body.decode()
    assert re.search(rf"Grant {role} on [^(]+ \({SECOND}\)", page)
    assert "read for 1 of 2 subscriptions" in page
    overview = visit.ask(scan_overview, scan_id=scan.scan_id).body.decode()
    assert f"1 subscription was not read in full: grant <strong>{role}</strong>" in overview


def test_complete_coverage_is_one_line_of_the_overview(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "5")], FIRST)
    page = visit.ask(scan_overview, scan_id=scan.scan_id).body.decode()
    assert f'<a href="/scans/{scan.scan_id}/coverage">1 of 1 subscription was read in full.</a>' in page
    assert "grant" not in page
