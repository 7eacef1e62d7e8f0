from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Table, func, insert, select

from shared.core.periods import deletion_due_on
from shared.sql.dead_letters import DeadLetters
from shared.sql.desk_tables import DESK_TABLES
from shared.sql.purge import BATCH_ROWS
from shared.sql.tables import TENANT_TABLES, dead_letters, purges
from tests.unit.shared.sql.store import (
    LEASE,
    NOW,
    OTHER_TENANT,
    OTHER_USER,
    PAGE,
    TENANT,
    USER,
    Store,
    cost,
    subscription,
)

DUE = date(2027, 11, 23)
ONE_DAY = timedelta(days=1)


def customer(store: Store, tenant_id: str = TENANT, at: datetime = NOW) -> None:
    """A customer with something in every table."""
    store.connections.save(tenant_id, USER, "owner@contoso.example", b"token", at)
    scan = store.scan_with(*[cost("1")] * 30, tenant_id=tenant_id, at=at)
    own = subscription().subscription_id
    for table, columns, row in (
        ("inventory", ("sub_account_id", "resource_id", "resource_name", "resource_type"), (own, "/a", "a", "vm")),
        ("advisor", ("sub_account_id", "recommendation_id", "is_suppressed"), (own, "/r", False)),
        ("reservations", ("sub_account_id", "kind"), (own, "legacy")),
        ("savings_plans", ("sub_account_id",), (own,)),
    ):
        store.steps.save_page(store.claimed(scan, table), PAGE, table, columns, [row] * 2, 1, None, NOW, LEASE)
    store.totals.compute(tenant_id, scan.scan_id)
    with store.database.transaction(tenant_id) as connection:
        for of_desk in DESK_TABLES:
            connection.execute(insert(of_desk).values(filled(of_desk, tenant_id, scan.scan_id)))
    DeadLetters(store.database).record(tenant_id, "collect-costs", "reason", "{}", at)


def filled(table: Table, tenant_id: str, scan_id: str) -> dict[str, object]:
    """A row of a table of the desk, of this customer's scan."""
    kinds: dict[type, object] = {str: scan_id[:10], int: 1, bytes: b"x", object: NOW}
    needed = {column.name: kinds[column.type.python_type] for column in table.columns if not column.nullable}
    return {**needed, "tenant_id": tenant_id, "scan_id": scan_id}


def left(store: Store, tenant_id: str = TENANT) -> dict[str, int]:
    """How many rows each table has of this customer."""
    tables = (*TENANT_TABLES, dead_letters)
    with store.database.system_transaction() as connection:
        return {
            table.name: connection.execute(
                select(func.count()).select_from(table).where(table.c.tenant_id == tenant_id)
            ).scalar_one()
            for table in tables
        }


def delete_all(store: Store, today: date, limit: int = BATCH_ROWS, tenant_id: str = TENANT) -> list[tuple[str, int]]:
    found = []
    while batch := store.purge.delete_batch(tenant_id, today, limit):
        found.append((batch.table, batch.rows))
    return found


def test_nothing_is_due_the_day_before_and_all_of_it_on_the_day(store: Store) -> None:
    customer(store)
    before = left(store)
    assert all(before.values())
    assert store.purge.due(DUE - ONE_DAY) == []
    assert delete_all(store, DUE - ONE_DAY) == []
    assert left(store) == before
    assert store.purge.due(DUE) == [TENANT]
    delete_all(store, DUE)
    assert set(left(store).values()) == {0}
    assert store.purge.due(DUE) == []


@given(st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_twelve_months_are_twelve_calendar_months(moment: datetime) -> None:
    due = deletion_due_on(moment.date())
    assert (due.year, due.month) == (moment.year + 1, moment.month)
    assert due.day == (28 if (moment.month, moment.day) == (2, 29) else moment.day)


@pytest.mark.parametrize(
    ("scanned", "due"),
    [
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 28)),
        (date(2026, 12, 31), date(2027, 12, 31)),
        (date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
@pytest.mark.parametrize("at", [time.min, time.max])
def test_month_ends_and_leap_days(store: Store, scanned: date, due: date, at: time) -> None:
    customer(store, at=datetime.combine(scanned, at, UTC))
    assert store.purge.due(due - ONE_DAY) == []
    assert store.purge.due(due) == [TENANT]


def test_the_day_is_that_of_utc(store: Store) -> None:
    customer(store, at=datetime.fromisoformat("2026-11-24T01:30:00+02:00"))
    assert store.purge.due(date(2027, 11, 22)) == []
    assert store.purge.due(date(2027, 11, 23)) == [TENANT]


def test_what_has_been_due_for_years_is_still_due(store: Store) -> None:
    customer(store)
    assert store.purge.due(DUE + timedelta(days=3_000)) == [TENANT]


def test_the_most_recent_scan_of_any_user_counts(store: Store) -> None:
    customer(store)
    store.scan(user=OTHER_USER, at=NOW.replace(month=12))
    assert store.purge.due(DUE) == []
    assert store.purge.due(DUE.replace(month=12)) == [TENANT]


def test_a_customer_who_never_scanned_is_due_by_the_consent(store: Store) -> None:
    store.connections.save(TENANT, USER, "owner@contoso.example", b"token", NOW)
    assert store.purge.due(DUE - ONE_DAY) == []
    assert store.purge.due(DUE) == [TENANT]
    assert delete_all(store, DUE) == [("connections", 1)]


def test_a_consent_after_the_last_scan_does_not_prolong_it(store: Store) -> None:
    customer(store)
    store.connections.save(TENANT, USER, "owner@contoso.example", b"token", NOW + timedelta(days=200))
    assert store.purge.due(DUE) == [TENANT]


def test_no_other_customer_loses_anything(store: Store) -> None:
    customer(store)
    customer(store, OTHER_TENANT, NOW + ONE_DAY)
    before = left(store, OTHER_TENANT)
    delete_all(store, DUE)
    assert left(store, OTHER_TENANT) == before
    assert delete_all(store, DUE, tenant_id=OTHER_TENANT) == []


def test_children_go_first_in_batches_of_no_more_than_was_asked(store: Store) -> None:
    customer(store)
    batches = delete_all(store, DUE, limit=7)
    order = list(dict.fromkeys(table for table, _ in batches))
    names = [table.name for table in TENANT_TABLES]
    assert [name for name in order if name in names] == names
    assert [rows for table, rows in batches if table == "costs"] == [7, 7, 7, 7, 2]
    assert max(rows for _, rows in batches) == 7


@pytest.mark.parametrize("batches", [1, 4, 6, 12])
def test_a_purge_that_was_stopped_goes_on(store: Store, batches: int) -> None:
    customer(store)
    for _ in range(batches):
        assert store.purge.delete_batch(TENANT, DUE, 7)
    assert store.purge.due(DUE + ONE_DAY) == [TENANT]
    delete_all(store, DUE + ONE_DAY)
    assert set(left(store).values()) == {0}


def test_a_scan_that_begins_during_the_purge_is_not_lost(store: Store) -> None:
    customer(store)
    for _ in range(6):
        store.purge.delete_batch(TENANT, DUE, 7)
    scan = store.scan_with(cost("5"), at=datetime.combine(DUE, time(3), UTC))
    before = left(store)
    assert store.purge.delete_batch(TENANT, DUE) is None
    assert left(store) == before
    assert store.scans.get(TENANT, scan.scan_id) is not None


def test_a_consent_given_during_the_purge_is_not_lost_before_its_scan_begins(store: Store) -> None:
    customer(store)
    store.purge.delete_batch(TENANT, DUE, 7)
    store.connections.save(TENANT, USER, "owner@contoso.example", b"new", datetime.combine(DUE, time(3), UTC))
    assert store.purge.delete_batch(TENANT, DUE) is None
    assert store.purge.due(DUE) == []
    assert store.connections.get(TENANT, USER) is not None


def test_a_deletion_is_on_record_after_it(store: Store) -> None:
    store.purge.record(TENANT, "retention ended", 12, NOW)
    with store.database.system_transaction() as connection:
        row = connection.execute(select(purges)).one()
    assert (row.tenant_id, row.reason, row.rows_deleted, row.purged_at) == (TENANT, "retention ended", 12, NOW)


def test_a_batch_stays_below_the_locks_at_which_sql_server_locks_the_table() -> None:
    assert BATCH_ROWS < 5_000
