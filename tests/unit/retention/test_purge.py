import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from retention.purge import RETENTION_ENDED, PurgeResult, purge
from shared.identity.consent import FLOWS_TABLE
from shared.identity.sessions import SESSIONS_TABLE
from shared.sql.dead_letters import DeadLetters
from shared.sql.tables import purges
from tests.unit.retention.night import Night
from tests.unit.shared.sql.store import NOW, OTHER_TENANT, TENANT, cost

DUE = date(2027, 11, 23)
ONE_DAY = timedelta(days=1)
ROWS = {"costs": 10, "raw_pages": 1, "steps": 1, "scans": 1, "connections": 1}


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
        (row,) = connection.execute(select(purges))
    assert (row.tenant_id, row.reason, row.rows_deleted) == (TENANT, RETENTION_ENDED, sum(ROWS.values()))
    assert row.purged_at == night.time.moment


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
    assert f"customer purged tenant={TENANT} rows=14" in caplog.text
    assert "customers=1 rows=14 flows=0 sessions=0 dead_letters=0" in caplog.text
    assert "contoso" not in caplog.text


def test_a_purge_that_dies_half_way_is_ended_by_the_next(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.customer()
    night.customer(OTHER_TENANT)

    def die(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr("shared.sql.purge.Purge.record", die)
        with pytest.raises(ConnectionError):
            purge(night, DUE)
    assert purge(night, DUE).customers == 1
    assert night.store.purge.due(DUE) == []
    assert night.store.collected.row_counts(OTHER_TENANT, "any")["costs"] == 0


def test_who_comes_back_while_others_are_purged_keeps_everything_new(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.customer()
    night.customer(OTHER_TENANT)
    at = datetime(2027, 11, 23, 2, 17, tzinfo=UTC)
    record = type(night.store.purge).record

    def record_and_return(*words: object) -> None:
        night.store.scan_with(cost("7"), tenant_id=OTHER_TENANT, at=at)
        record(*words)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("shared.sql.purge.Purge.record", record_and_return)
        assert purge(night, DUE) == PurgeResult(1, ROWS, 0, 0, 0)
    assert purge(night, DUE).rows == {}
    assert night.store.scans.recent(OTHER_TENANT, "33333333-3333-4333-8333-333333333333", 5)[0].requested_at == at
