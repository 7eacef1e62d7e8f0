"""The page of retention: the timer, what is due, what was deleted."""

from datetime import timedelta

import pytest

from shared.core.audit import SYSTEM, Action, AuditEvent
from shared.core.deletions import DeletionReason, DeletionScope
from shared.sql.deletion.deletions import Deletions, Wish
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


def test_a_night_that_went_well_raises_no_alarm(desk: Desk) -> None:
    ran(desk)
    after(desk, 24 * HOUR)
    page = shown(desk)
    assert "ended after 2 min" in page
    assert "1,234" in page
    assert 'role="alert"' not in page


def test_a_timer_that_has_not_run_for_more_than_a_day_is_in_plain_sight(desk: Desk) -> None:
    ran(desk)
    after(desk, 26 * HOUR)
    assert "The timer has not run for 1 d 2 h." in shown(desk)


def test_a_timer_that_has_never_run_is_said_to_have_never_run(desk: Desk) -> None:
    desk.sign_in()
    assert "The timer has never run." in shown(desk)


@pytest.mark.parametrize(("hours", "words"), [(0, "under way"), (2, "did not come to its end")])
def test_a_run_without_an_end_is_under_way_and_later_dead(desk: Desk, hours: int, words: str) -> None:
    ran(desk, ended=False)
    after(desk, hours * HOUR)
    page = shown(desk)
    assert words in page
    assert "No run of the last day has come to its end." in page


def test_a_run_that_died_is_no_alarm_once_another_has_ended(desk: Desk) -> None:
    ran(desk, ended=False)
    after(desk, HOUR)
    ran(desk)
    page = shown(desk)
    assert "did not come to its end" in page
    assert 'role="alert"' not in page


def test_what_comes_and_what_is_overdue_is_named_with_its_day(desk: Desk) -> None:
    desk.consented_scan()
    after(desk, timedelta(days=360))
    ran(desk)
    page = shown(desk)
    assert "in 5 days" in page
    assert "owner@contoso.example" in page
    after(desk, timedelta(days=6))
    assert "1 customer is due and still here" in shown(desk)


def test_what_was_deleted_is_listed_with_its_receipt_and_how_far_it_is(desk: Desk) -> None:
    desk.consented_scan()
    now = desk.parts.clock.now()
    event = AuditEvent(now, TENANT, SYSTEM, Action.DELETION_REQUESTED)
    store = Deletions(desk.parts.database)
    deletion = store.ask(Wish(TENANT, DeletionScope.CUSTOMER, DeletionReason.RETENTION, event))
    desk.sign_in()
    assert "1 deletion is under way" in shown(desk)
    while store.work(deletion, now):
        pass
    page = shown(desk)
    assert f"/data/receipts/{deletion.receipt_id}" in page
    assert "retention ended" in page
    assert "under way" not in page


def test_a_reviewer_reads_it_and_is_led_to_no_page_of_administrators(desk: Desk) -> None:
    desk.consented_scan()
    after(desk, timedelta(days=360))
    assert "/desk/customers" not in shown(desk)
    desk.sign_in(COLLEAGUE, ADMINS_ROLE)
    assert f"/desk/customers/{TENANT}" in shown(desk)
    assert OTHER_TENANT not in shown(desk)
