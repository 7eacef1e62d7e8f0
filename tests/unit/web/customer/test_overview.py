import re
from datetime import date, timedelta
from decimal import Decimal

from shared.core.findings import Decision, Measure
from shared.core.models import ScanStatus
from shared.core.money import sum_exactly
from shared.core.periods import last_complete_months
from shared.sql.collected.recommendations import Recommendations
from tests.support.browsing import Visit, cost_row, ended, finished_scan
from tests.support.collecting import FIRST, collecting_scan
from tests.support.desk import Desk
from tests.unit.web.reviewed import as_customer, drafted, of_scan, publish
from web.customer.findings import finding_decision
from web.customer.overview import scan_overview
from web.rendering.findings import review
from web.rendering.overview import overview

FEBRUARY = date(2026, 2, 1)


def test_the_spend_is_the_stored_rows_to_the_last_decimal(visit: Visit) -> None:
    visit.sign_in()
    rows = [
        cost_row(FIRST, "1234567890.12345678901234567"),
        cost_row(FIRST, "0.00000000000000007", month=FEBRUARY),
        cost_row(FIRST, "-3.3", resource=None),
        cost_row(FIRST, "17.5", currency="JPY", service="Bandwidth"),
    ]
    scan = finished_scan(visit.parts, rows, FIRST)
    figures = overview(visit.parts, scan)
    assert {one.currency: one.total for one in figures.spend} == Recommendations(visit.parts.database).cost_sums(
        scan.key
    )
    page = visit.ask(scan_overview, scan_id=scan.scan_id).body.decode()
    assert '<strong><data value="1234567886.82345678901234574">' in page
    assert 'refunds of <data value="3.3">' in page


def test_the_last_closed_month_is_compared_with_the_one_before(visit: Visit) -> None:
    visit.sign_in()
    before, last = last_complete_months(visit.parts.clock.now().date()).months[-2:]
    scan = finished_scan(visit.parts, [cost_row(FIRST, "110", month=last), cost_row(FIRST, "100", month=before)], FIRST)
    (spend,) = overview(visit.parts, scan).spend
    closed = spend.closed
    assert closed.month in (last, before)
    if closed.month == last:
        assert (closed.amount, closed.change, closed.change_share) == (Decimal(110), Decimal(10), Decimal("0.1"))
    else:
        assert (closed.amount, closed.change) == (Decimal(100), None)


def test_a_scan_that_read_nothing_claims_no_zero(visit: Visit) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [])
    ended(visit.parts, scan, ScanStatus.BLOCKED, "This user can see no subscription.")
    page = visit.ask(scan_overview, scan_id=scan.scan_id).body.decode()
    assert "This user can see no subscription." in page
    assert "This does not mean that your costs are zero." in page
    assert "0.00" not in page
    assert "We found no charges" not in page


def test_before_the_review_there_is_a_due_time_and_no_amount_to_save(desk: Desk) -> None:
    scan = drafted(desk)
    as_customer(desk)
    figures = overview(desk.parts, scan)
    assert (figures.savings, figures.actions, figures.since) == ((), (), None)
    page = desk.get(scan_overview, scan_id=scan.scan_id).body.decode()
    assert "Our review is due by" in page
    assert "You could save" not in page


def test_an_overdue_review_is_said_to_be_late(desk: Desk) -> None:
    scan = drafted(desk)
    desk.parts.time.sleep(timedelta(hours=25).total_seconds())
    as_customer(desk)
    assert "Our review is late." in desk.get(scan_overview, scan_id=scan.scan_id).body.decode()


def test_the_savings_are_those_of_the_findings_and_the_measures_add_up_to_them(desk: Desk) -> None:
    scan = drafted(desk)
    publish(desk, scan)
    as_customer(desk)
    figures = overview(desk.parts, scan)
    totals = review(desk.parts.database, scan).totals
    assert totals.proven
    assert {one.currency: one.monthly for one in figures.savings if one.monthly is not None} == totals.proven
    for one in figures.savings:
        assert sum_exactly(part.monthly for part in one.by_measure) == (one.monthly or 0)
        assert all(part.measure is not Measure.COMMIT for part in one.by_measure)
    page = desk.get(scan_overview, scan_id=scan.scan_id).body.decode()
    for amount in totals.proven.values():
        assert f'<data value="{format(amount, "f").rstrip("0").rstrip(".")}">' in page


def test_the_first_actions_are_the_largest_and_leave_when_they_are_decided(desk: Desk) -> None:
    scan = drafted(desk)
    publish(desk, scan)
    as_customer(desk)
    first, *others = overview(desk.parts, scan).actions
    assert len(others) <= 4
    largest = [max(one.monthly.values()) for one in (first, *others) if not one.is_estimate]
    assert largest == sorted(largest, reverse=True)
    finding = next(one for one in of_scan(desk, scan) if one.finding_id == first.finding_id)
    form = {"decision": Decision.DONE, "version": "0", "seen": str(finding.version)}
    assert desk.post(finding_decision, form, scan_id=scan.scan_id, finding_id=first.finding_id).status == 303
    after = overview(desk.parts, scan)
    assert first.finding_id not in {one.finding_id for one in after.actions}
    assert after.undecided == overview(desk.parts, scan).findings - 1
    done = {one.currency: one.done for one in after.savings if one.done is not None}
    assert done == dict(first.monthly)


def test_the_owner_is_read_from_the_resources_tags(desk: Desk) -> None:
    scan = drafted(desk)
    publish(desk, scan)
    views = review(desk.parts.database, scan).views
    tagged = {each.resource_id: each.owner_tag for view in views for each in view.resources if each.owner_tag}
    assert tagged
    for action in overview(desk.parts, scan).actions:
        view = next(one for one in views if one.finding.finding_id == action.finding_id)
        assert set(action.owners) == {each.owner_tag for each in view.resources if each.owner_tag}


def test_the_page_is_small_and_each_figure_leads_to_its_proof(desk: Desk) -> None:
    scan = drafted(desk)
    publish(desk, scan)
    as_customer(desk)
    page = desk.get(scan_overview, scan_id=scan.scan_id).body.decode()
    links = set(re.findall(rf'href="/scans/{scan.scan_id}(/[^"?#]*)', page))
    assert {"/costs", "/savings", "/coverage"} <= links
    assert len(page) < 40_000
