import pytest

from shared.core.models import ScanStatus, StepStatus
from shared.messaging.queues import SCAN_REQUESTS
from shared.sql.scans.connections import Connections
from shared.sql.scans.scans import Scans
from shared.sql.scans.steps import Steps
from tests.support.browsing import STRANGER, Visit, cost_row, finished_scan
from tests.support.collecting import FIRST, SECOND, TENANT, USER, collecting_scan, steps_of
from web.customer.costs import scan_costs
from web.customer.overview import scan_overview
from web.customer.read_data import scan_coverage, scan_inventory, scan_recommendations
from web.customer.scan_pages import former_report
from web.customer.scans import scan_list, scan_start
from web.error_pages import Handler

OF_A_SCAN = [scan_overview, scan_costs, scan_inventory, scan_recommendations, scan_coverage, former_report]


@pytest.mark.parametrize("handler", [scan_list, *OF_A_SCAN])
def test_who_is_not_signed_in_is_asked_to(visit: Visit, handler: Handler) -> None:
    assert visit.ask(handler, scan_id="x").status == 401


@pytest.mark.parametrize("handler", OF_A_SCAN)
@pytest.mark.parametrize("scan_id", ["", "x", "'; DROP TABLE scans", "\N{SNOWMAN}", "a" * 5000, TENANT, TENANT.upper()])
def test_a_scan_that_does_not_exist_is_not_found(visit: Visit, handler: Handler, scan_id: str) -> None:
    visit.sign_in()
    assert visit.ask(handler, scan_id=scan_id).status == 404


@pytest.mark.parametrize("handler", OF_A_SCAN)
def test_another_users_scan_looks_as_if_it_did_not_exist(visit: Visit, handler: Handler) -> None:
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    visit.sign_in(STRANGER)
    theirs = visit.ask(handler, scan_id=scan.scan_id)
    nobodys = visit.ask(handler, scan_id=SECOND)
    assert (theirs.status, theirs.body) == (nobodys.status, nobodys.body)
    assert theirs.status == 404


def test_a_new_scan_is_asked_for_once_while_it_runs(visit: Visit) -> None:
    visit.consent()
    first = visit.ask(scan_start, "POST")
    second = visit.ask(scan_start, "POST")
    assert first.status == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert len(visit.parts.outbox.of(SCAN_REQUESTS.name)) == 1


def test_after_one_has_ended_there_can_be_another(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST, ScanStatus.PARTIAL)
    location = visit.ask(scan_start, "POST").headers["Location"]
    assert location.startswith("/scans/")
    assert scan.scan_id not in location


def test_the_list_has_the_own_scans_and_no_others(visit: Visit) -> None:
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    visit.sign_in(STRANGER)
    assert scan.scan_id.encode() not in visit.ask(scan_list).body
    visit.sign_in()
    page = visit.ask(scan_list).body.decode()
    assert f'href="/scans/{scan.scan_id}"' in page
    assert "Complete" in page


def test_a_sign_in_that_azure_no_longer_accepts_is_said_with_what_to_do(visit: Visit) -> None:
    connections = Connections(visit.parts.database)
    connections.save(TENANT, USER, "owner@contoso.example", b"encrypted", visit.parts.clock.now())
    visit.sign_in()
    assert "Sign in again" not in visit.ask(scan_list).body.decode()
    connections.require_sign_in(TENANT, USER, "You took back the consent.", at=visit.parts.clock.now())
    page = visit.ask(scan_list).body.decode()
    assert "Sign in again" in page
    assert "You took back the consent." in page


def test_a_running_scan_shows_its_bars_and_refreshes_by_itself(visit: Visit) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [("costs", FIRST), ("costs", SECOND), ("advisor", FIRST)])
    steps = Steps(visit.parts.database)
    steps.complete(steps_of(visit.parts, scan)[0], StepStatus.SUCCEEDED, visit.parts.clock.now())
    page = visit.ask(scan_overview, scan_id=scan.scan_id).body.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert '<progress id="bar-costs" max="2" value="1">50%</progress>' in page
    assert '<progress id="bar-advisor" max="1" value="0">' in page
    assert "1 of 3 steps done" in page


def test_a_finished_scan_shows_its_overview_and_refreshes_no_more(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    page = visit.ask(scan_overview, scan_id=scan.scan_id).body.decode()
    assert "refresh" not in page
    assert 'id="progress"' not in page
    assert f'href="/scans/{scan.scan_id}/costs' in page


def test_the_former_address_of_the_report_leads_to_the_overview(visit: Visit) -> None:
    visit.sign_in()
    scan = finished_scan(visit.parts, [cost_row(FIRST, "1")], FIRST)
    response = visit.ask(former_report, scan_id=scan.scan_id)
    assert (response.status, response.headers["Location"]) == (303, f"/scans/{scan.scan_id}")


@pytest.mark.parametrize("handler", [scan_costs, scan_inventory, scan_recommendations, scan_coverage])
def test_a_running_scan_has_no_figures_yet(visit: Visit, handler: Handler) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [("costs", FIRST)])
    response = visit.ask(handler, scan_id=scan.scan_id)
    assert response.status == 409
    assert b"This scan is still running" in response.body


@pytest.mark.parametrize("status", [status for status in ScanStatus if status.is_final])
def test_every_end_has_its_page(visit: Visit, status: ScanStatus) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [("costs", FIRST)])
    Scans(visit.parts.database).finish(scan.key, status, "For this reason.", visit.parts.clock.now())
    for handler in (scan_list, *OF_A_SCAN):
        assert visit.ask(handler, scan_id=scan.scan_id).status == (303 if handler is former_report else 200)


def test_names_from_azure_are_shown_as_text(visit: Visit) -> None:
    visit.sign_in()
    scan = collecting_scan(visit.parts, [("costs", FIRST)])
    steps = Steps(visit.parts.database)
    reason = "<img src=x onerror=alert(1)>"
    steps.complete(steps_of(visit.parts, scan)[0], StepStatus.SKIPPED, visit.parts.clock.now(), reason=reason)
    assert b"<img src=x" not in visit.ask(scan_overview, scan_id=scan.scan_id).body
    Scans(visit.parts.database).finish(scan.key, ScanStatus.PARTIAL, reason, visit.parts.clock.now())
    for handler in OF_A_SCAN:
        assert b"<img src=x" not in visit.ask(handler, scan_id=scan.scan_id).body
