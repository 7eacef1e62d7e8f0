"""The retention page: the nightly timer, upcoming and past deletions."""

from datetime import timedelta

import pytest

from shared.core.audit import SYSTEM, Action, AuditEvent
from shared.core.deletions import DeletionReason, DeletionScope
from shared.sql.deletion.deletions import DeletionRequest
from shared.sql.deletion.purge_runs import PurgeRuns
from tests.support.collecting import OTHER_TENANT, TENANT
from tests.support.desk import ADMINS_ROLE, COLLEAGUE, Desk, text_of
from web.desk.retention import desk_retention

HOUR = timedelta(hours=1)


def ran(desk: Desk, *, ended: bool = True) -> None:
    """A run of this moment."""
    now = desk.parts.clock.now()
    run_id = PurgeRuns(desk.parts.database).begin(now.date(), now)
    if ended:
        PurgeRuns(desk.parts.database).finish(run_id, now + timedelta(minutes=2), 1, 1234)


def shown(desk: Desk) -> str:
    return text_of(desk.get(desk_retention))


def after(desk: Desk, length: timedelta) -> None:
    desk.parts.time.sleep(length.total_seconds())
    desk.sign_in()


def test_a_successful_run_raises_no_alarm(desk: Desk) -> None:
    ran(desk)
    after(desk, 24 * HOUR)
    page = shown(desk)
    assert "Finished after 2 min" in page
    assert "1,234" in page
    assert 'role="alert"' not in page


def test_a_timer_that_has_not_run_for_a_day_raises_an_alarm(desk: Desk) -> None:
    ran(desk)
    after(desk, 26 * HOUR)
    assert "The nightly timer has not run for 1 d 2 h." in shown(desk)


def test_a_timer_that_has_never_run_raises_an_alarm(desk: Desk) -> None:
    desk.sign_in()
    assert "The nightly timer has never run." in shown(desk)


@pytest.mark.parametrize(("hours", "words"), [(0, "In progress"), (2, "Did not finish")])
def test_an_unfinished_run_is_in_progress_and_later_has_failed(desk: Desk, hours: int, words: str) -> None:
    ran(desk, ended=False)
    after(desk, hours * HOUR)
    page = shown(desk)
    assert words in page
    assert "No run of the nightly timer finished in the last day." in page


def test_a_failed_run_raises_no_alarm_after_a_successful_one(desk: Desk) -> None:
    ran(desk, ended=False)
    after(desk, HOUR)
    ran(desk)
    page = shown(desk)
    assert "Did not finish" in page
    assert 'role="alert"' not in page


def test_upcoming_and_overdue_deletions_are_listed_with_their_date(desk: Desk) -> None:
    desk.consented_scan()
    after(desk, timedelta(days=360))
    ran(desk)
    page = shown(desk)
    assert "in 5 days" in page
    assert "owner@contoso.example" in page
    after(desk, timedelta(days=6))
    assert "1 customer is overdue for deletion" in shown(desk)


def test_past_deletions_are_listed_with_receipt_and_status(desk: Desk) -> None:
    desk.consented_scan()
    now = desk.parts.clock.now()
    event = AuditEvent(now, TENANT, SYSTEM, Action.DELETION_REQUESTED)
    store = desk.parts.deletions
    deletion = store.ask(DeletionRequest(TENANT, DeletionScope.CUSTOMER, DeletionReason.RETENTION, event))
    desk.sign_in()
    assert "1 deletion is in progress" in shown(desk)
    while store.work(deletion, now):
        pass
    page = shown(desk)
    assert f"/data/receipts/{deletion.receipt_id}" in page
    assert "Retention period ended" in page
    assert "in progress" not in page.lower()


def test_reviewers_see_no_links_to_pages_of_administrators(desk: Desk) -> None:
    desk.consented_scan()
    after(desk, timedelta(days=360))
    assert "/desk/customers" not in shown(desk)
    desk.sign_in(COLLEAGUE, ADMINS_ROLE)
    assert f"/desk/customers/{TENANT}" in shown(desk)
    assert OTHER_TENANT not in shown(desk)
