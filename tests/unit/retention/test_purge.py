import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from retention.night import DELETING_SECONDS
from retention.purge import PurgeResult, purge
from shared.core.audit import Action
from shared.core.deletions import Deletion, DeletionReason
from shared.core.periods import deletion_due_on
from shared.identity.consent import FLOWS_TABLE
from shared.identity.sessions import SESSIONS_TABLE
from shared.messaging.queues import DELETIONS
from shared.sql.deletion.deletions import Deletions
from shared.sql.deletion.purge_runs import retention_overview
from shared.sql.scans.dead_letters import DeadLetters
from shared.sql.schema.record_tables import deletion_ledger
from tests.support.collecting import Outbox
from tests.unit.retention.night import Night
from tests.unit.shared.sql.store import NOW, OTHER_TENANT, TENANT, USER, cost

DUE = deletion_due_on(NOW.date())
ONE_DAY = timedelta(days=1)
ROWS = {"costs": 10, "cost_resources": 1, "cost_charges": 1, "raw_pages": 1, "steps": 1, "scans": 1, "connections": 1}


def test_a_night_on_which_nothing_is_due_deletes_nothing(night: Night) -> None:
    night.customer()
    assert purge(night, DUE - ONE_DAY) == PurgeResult(0, {}, 0, 0, 0)
    assert night.store.scans.latest(TENANT, "33333333-3333-4333-8333-333333333333") is not None


def test_what_is_due_is_counted_by_table(night: Night) -> None:
    night.customer()
    night.customer(OTHER_TENANT)
    night.customer("55555555-5555-4555-8555-555555555555", NOW + ONE_DAY)
    assert purge(night, DUE) == PurgeResult(2, {table: 2 * count for table, count in ROWS.items()}, 0, 0, 0)
    assert purge(night, DUE) == PurgeResult(0, {}, 0, 0, 0)


def test_each_customers_deletion_is_on_record(night: Night) -> None:
    night.customer()
    night.time.moment = datetime(2027, 11, 23, 2, 17, tzinfo=UTC)
    purge(night, DUE)
    with night.database.system_transaction() as connection:
        asked, done = connection.execute(select(deletion_ledger).order_by(deletion_ledger.c.entry_id))
    assert {asked.tenant_pseudonym, done.tenant_pseudonym} == {night.pseudonyms.of(TENANT)}
    assert (asked.event, asked.reason) == ("requested", DeletionReason.RETENTION)
    assert (done.event, done.rows_deleted, done.recorded_at) == ("finished", sum(ROWS.values()), night.time.moment)


def test_expired_flows_and_sessions_go_and_living_ones_stay(night: Night) -> None:
    for table in (FLOWS_TABLE, SESSIONS_TABLE):
        night.record(table, "expired", NOW - timedelta(seconds=1))
        night.record(table, "living", NOW + timedelta(seconds=1))
    assert purge(night, NOW.date()) == PurgeResult(0, {}, 1, 1, 0)
    assert night.tables.get(SESSIONS_TABLE, "partition", "expired") is None
    assert night.tables.get(SESSIONS_TABLE, "partition", "living") is not None


def test_as_of_a_later_day_todays_sessions_have_expired(night: Night) -> None:
    night.record(SESSIONS_TABLE, "today's", NOW + timedelta(hours=8))
    assert purge(night, NOW.date() + ONE_DAY).sessions == 1


def test_dead_letters_are_kept_as_long_as_scans(night: Night) -> None:
    letters = DeadLetters(night.database)
    letters.record(None, "collect-costs", "reason", "{}", NOW)
    assert purge(night, DUE).dead_letters == 0
    assert purge(night, DUE + ONE_DAY).dead_letters == 1


def test_the_counts_are_logged_and_no_customers_data_is(night: Night, caplog: pytest.LogCaptureFixture) -> None:
    night.customer()
    with caplog.at_level(logging.INFO):
        purge(night, DUE)
    assert f"event=customer-purged tenant={TENANT} rows=16" in caplog.text
    assert "customers=1 rows=16 flows=0 sessions=0 dead_letters=0" in caplog.text
    assert "contoso" not in caplog.text


def test_a_purge_that_dies_half_way_is_ended_by_the_next(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.customer()
    night.customer(OTHER_TENANT)
    with monkeypatch.context() as patch:
        patch.setattr("shared.sql.deletion.deletions.Deletions.work", die)
        with pytest.raises(ConnectionError):
            purge(night, DUE)
    second = purge(night, DUE + 30 * ONE_DAY)
    assert (second.customers, second.resumed) == (1, 1)
    assert second.rows == {**{table: 2 * count for table, count in ROWS.items()}, "scans": 1, "connections": 1}
    assert night.rows_left(TENANT) == night.rows_left(OTHER_TENANT) == 0


class Slow:
    """Deletes one small batch in ten seconds."""

    def __init__(self, night: Night) -> None:
        self.night = night
        self.worked: list[str] = []

    def work(self, deletion: Deletion, now: datetime, _limit: int = 0) -> object:
        self.worked.append(deletion.tenant_id)
        self.night.time.sleep(10)
        return WORK(self.night.deletions, deletion, now, 3)


WORK = Deletions.work


def test_a_large_customer_uses_its_share_and_the_others_are_deleted_the_same_night(
    night: Night, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    night.store.scan_with(*[cost("1")] * 900, tenant_id=TENANT, at=NOW - ONE_DAY)
    small = [f"55555555-5555-4555-8555-{number:012}" for number in range(4)]
    for tenant_id in small:
        night.customer(tenant_id)
    night.queues = sent = Outbox()
    night.time.moment = datetime.combine(DUE, time(2, 17), UTC)
    slow = Slow(night)
    monkeypatch.setattr("shared.sql.deletion.deletions.Deletions.work", lambda _, *words: slow.work(*words))
    assert purge(night, DUE).customers == 5
    assert [night.rows_left(tenant_id) for tenant_id in small] == [0] * 4
    assert slow.worked.count(TENANT) * 10 <= DELETING_SECONDS / 5 + 10
    assert night.rows_left(TENANT) > 0
    assert len(sent.of(DELETIONS.name)) == 1
    assert "purge-unfinished" not in caplog.text
    night.time.moment += ONE_DAY
    purge(night, DUE + ONE_DAY)
    assert "alert=purge-unfinished event=purge-unfinished waiting=0 late=1" in caplog.text


def test_who_has_waited_longest_comes_first_and_who_gets_no_time_raises_an_alert(
    night: Night, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tenants = [f"55555555-5555-4555-8555-{number:012}" for number in range(4)]
    for days, tenant_id in enumerate(reversed(tenants)):
        night.customer(tenant_id, NOW - 4 * ONE_DAY + days * ONE_DAY)
    night.queues = Outbox()
    worked: list[str] = []

    def work(_: Deletions, deletion: Deletion, *_rest: object) -> None:
        worked.append(deletion.tenant_id)
        night.time.sleep(DELETING_SECONDS / 2)

    monkeypatch.setattr("shared.sql.deletion.deletions.Deletions.work", work)
    purge(night, DUE)
    assert list(dict.fromkeys(worked)) == tenants[:1:-1]
    assert "waiting=2" in caplog.text


def test_the_night_ends_before_the_host_ends_it() -> None:
    hours, minutes, seconds = map(int, json.loads(Path("host.json").read_text())["functionTimeout"].split(":"))
    assert (hours * 3600 + minutes * 60 + seconds) * 2 / 3 >= DELETING_SECONDS


def die(*_: object) -> None:
    raise ConnectionError


def test_after_weeks_off_everything_that_came_due_is_deleted(night: Night) -> None:
    for days in range(20):
        night.customer(f"55555555-5555-4555-8555-{days:012}", NOW + days * ONE_DAY)
    assert purge(night, DUE + 9 * ONE_DAY).customers == 10
    assert purge(night, DUE + 40 * ONE_DAY).customers == 10


def test_two_runs_at_once_delete_each_customer_once(night: Night) -> None:
    tenants = [f"55555555-5555-4555-8555-{number:012}" for number in range(8)]
    for tenant_id in tenants:
        night.customer(tenant_id)
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: purge(night, DUE), range(2)))
    assert sum(result.customers for result in results) == len(tenants)
    with night.database.system_transaction() as connection:
        columns = (deletion_ledger.c.tenant_pseudonym, deletion_ledger.c.rows_deleted)
        ledger = connection.execute(select(*columns).where(deletion_ledger.c.event == "finished")).all()
    assert set(ledger) == {(night.pseudonyms.of(tenant_id), sum(ROWS.values())) for tenant_id in tenants}
    assert len(ledger) == len(tenants)


def test_who_comes_back_while_others_are_purged_keeps_everything(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.customer()
    night.customer(OTHER_TENANT)
    at = datetime(2027, 11, 23, 2, 17, tzinfo=UTC)
    work = Deletions.work

    def work_while_a_customer_returns(*words: object) -> object:
        if night.store.due.of(OTHER_TENANT) == DUE:
            night.store.scan_with(cost("7"), tenant_id=OTHER_TENANT, at=at)
        return work(*words)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("shared.sql.deletion.deletions.Deletions.work", work_while_a_customer_returns)
        assert purge(night, DUE) == PurgeResult(1, ROWS, 0, 0, 0)
    assert purge(night, DUE).rows == {}
    (returned,) = set(night.store.connections.users(OTHER_TENANT)) - {USER}
    assert night.store.scans.recent(OTHER_TENANT, returned, 5)[0].requested_at == at


def test_entries_of_the_log_are_deleted_a_year_after_the_last_scan(night: Night) -> None:
    night.customer()
    night.customer(OTHER_TENANT, NOW - 100 * ONE_DAY)
    night.store.scan(OTHER_TENANT, at=NOW + 300 * ONE_DAY)
    night.time.moment = datetime(2027, 11, 23, 2, 17, tzinfo=UTC)
    assert purge(night, DUE).audit_entries == 0
    assert purge(night, DUE + ONE_DAY).audit_entries == 2
    kept = [entry.action for entry in night.store.audit.of_customer(TENANT)]
    assert kept == [Action.DELETION_FINISHED, Action.DELETION_REQUESTED]
    assert len(night.store.audit.of_customer(OTHER_TENANT)) == 4
    purge(night, DUE + 400 * ONE_DAY)
    assert night.store.audit.of_customer(TENANT) == []


def test_old_entries_of_the_log_are_deleted_by_the_connection_that_is_there_for_it(night: Night) -> None:
    class Noting:
        """The same database, that notes how often work was done over it."""

        worked = 0

        def repeat(self, work: Callable[[], int]) -> int:
            self.worked += 1
            return night.database.repeat(work)

        system_transaction = night.database.system_transaction

    services: Any = night
    services.purge_database = noting = Noting()
    night.customer()
    purge(night, DUE)
    assert noting.worked == 1, "one batch, which found nothing"


def test_operators_see_what_was_deleted_what_comes_and_when_the_timer_ran(night: Night) -> None:
    night.customer()
    night.customer(OTHER_TENANT, NOW + 10 * ONE_DAY)
    night.time.moment = datetime(2027, 11, 23, 2, 17, tzinfo=UTC)
    purge(night, DUE)
    seen = retention_overview(night.database, night.receipts, night.time.moment)
    (receipt,) = seen.deleted
    assert (receipt.tenant_pseudonym, receipt.rows, receipt.is_done) == (night.pseudonyms.of(TENANT), 16, True)
    assert (seen.overdue, seen.coming) == ([], {DUE + 10 * ONE_DAY: [OTHER_TENANT]})
    (run,) = seen.runs
    assert (run.as_of, run.finished_at, run.customers, run.rows_deleted) == (DUE, night.time.moment, 1, 16)
    assert seen.unfinished == []
