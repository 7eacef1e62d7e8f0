"""How many scans a user and a customer can start, and when a refusal says to come back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shared.core.limits import SCANS_AFTER_A_COMPLETE_ONE, SCANS_PER_CUSTOMER
from shared.core.models import ScanStatus
from shared.messaging.queues import SCAN_REQUESTS
from tests.support.browsing import STRANGER, Visit, ended
from tests.support.collecting import TENANT, USER
from web.customer.scans import scan_start
from web.http.messages import Response


def start(visit: Visit) -> Response:
    return visit.ask(scan_start, "POST")


def end(visit: Visit, status: ScanStatus) -> None:
    scan = visit.parts.scans.latest(TENANT, USER)
    assert scan is not None
    ended(visit.parts, scan, status)


def test_tabs_that_ask_at_once_make_one_scan(visit: Visit) -> None:
    for _ in range(5):
        visit.consent()
        with ThreadPoolExecutor(4) as pool:
            responses = list(pool.map(lambda _: start(visit), range(4)))
        assert {response.status for response in responses} == {303}
        assert len({response.headers["Location"] for response in responses}) == 1
        end(visit, ScanStatus.FAILED)
        visit.parts.time.sleep(86_400)
    assert len(visit.parts.outbox.of(SCAN_REQUESTS.name)) == 5


def test_after_a_complete_scan_the_next_one_waits_for_an_hour(visit: Visit) -> None:
    visit.consent()
    start(visit)
    end(visit, ScanStatus.COLLECTED)
    visit.parts.time.sleep(60)
    refused = start(visit)
    assert refused.status == 429
    assert refused.headers["Retry-After"] == "3540"
    assert "Try again at 23 Nov 2026, 13:01 UTC." in refused.body.decode()
    visit.parts.time.sleep(3540)
    assert start(visit).status == 303


@pytest.mark.parametrize("status", [ScanStatus.PARTIAL, ScanStatus.BLOCKED, ScanStatus.FAILED, ScanStatus.CANCELLED])
def test_any_other_scan_may_be_repeated_at_once(visit: Visit, status: ScanStatus) -> None:
    visit.consent()
    start(visit)
    end(visit, status)
    assert start(visit).status == 303


def test_a_customer_starts_so_many_scans_a_day_and_another_is_not_concerned(visit: Visit) -> None:
    visit.consent()
    for _ in range(SCANS_PER_CUSTOMER.number):
        assert start(visit).status == 303
        end(visit, ScanStatus.FAILED)
    for user in (USER, STRANGER):
        visit.consent(user)
        refused = start(visit)
        assert (refused.status, refused.headers["Retry-After"]) == (429, "86400")
    visit.parts.time.sleep(86_400)
    visit.consent()
    assert start(visit).status == 303


def test_the_heading_states_the_numbers_of_the_table() -> None:
    assert f"its {SCANS_PER_CUSTOMER.number} scans" in SCANS_PER_CUSTOMER.refusal
    assert SCANS_AFTER_A_COMPLETE_ONE.period == timedelta(hours=1)
