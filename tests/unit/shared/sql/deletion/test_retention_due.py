"""Whose data is due: twelve months after the customer's most recent scan, whatever else they did since."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.models import ScanStatus
from shared.core.periods import deletion_due_on
from tests.unit.shared.sql.store import NOW, OTHER_TENANT, OTHER_USER, TENANT, USER, Store

DUE = deletion_due_on(NOW.date())


def consents(store: Store, tenant_id: str, days_later: int) -> None:
    at = NOW + timedelta(days=days_later)
    store.connections.save(tenant_id, USER, "olivia@contoso.example", b"encrypted", at)


@pytest.mark.parametrize(("day", "due"), [(DUE - timedelta(days=1), []), (DUE, [TENANT]), (date(2099, 1, 1), [TENANT])])
def test_a_customer_is_due_twelve_months_after_the_scan_and_ever_after(store: Store, day: date, due: list[str]) -> None:
    store.scan()
    assert store.due.by(day) == due


def test_the_most_recent_scan_counts(store: Store) -> None:
    store.scan()
    store.scan(at=NOW + timedelta(days=1))
    assert store.due.by(DUE) == []
    assert store.due.by(DUE + timedelta(days=1)) == [TENANT]


@pytest.mark.parametrize("status", [ScanStatus.BLOCKED, ScanStatus.FAILED, ScanStatus.CANCELLED])
def test_a_scan_that_read_nothing_prolongs_nothing(store: Store, status: ScanStatus) -> None:
    first = store.scan(at=NOW)
    store.scans.finish(first.key, ScanStatus.COLLECTED, None, NOW)
    later = store.scan(at=NOW + timedelta(days=30))
    assert store.due.by(DUE) == []
    store.scans.finish(later.key, status, None, NOW + timedelta(days=30))
    assert store.due.by(DUE) == [TENANT]


def test_who_has_been_due_for_longest_comes_first(store: Store) -> None:
    store.scan(at=NOW)
    store.scan(OTHER_TENANT, at=NOW - timedelta(days=1))
    assert store.due.by(DUE) == [OTHER_TENANT, TENANT]


def test_a_sign_in_after_the_scan_puts_nothing_off(store: Store) -> None:
    store.scan()
    consents(store, TENANT, days_later=200)
    assert store.due.by(DUE) == [TENANT]


def test_without_a_scan_the_consent_counts(store: Store) -> None:
    consents(store, TENANT, days_later=0)
    consents(store, OTHER_TENANT, days_later=1)
    assert store.due.by(DUE - timedelta(days=1)) == []
    assert store.due.by(DUE) == [TENANT]


def test_who_has_just_come_back_is_left_in_peace_for_a_day(store: Store) -> None:
    store.scan()
    consents(store, TENANT, days_later=(DUE - NOW.date()).days)
    assert store.due.by(DUE) == []
    assert store.due.by(DUE + timedelta(days=2)) == [TENANT]


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
    store.scan(at=datetime.combine(scanned, at, UTC))
    assert store.due.by(due - timedelta(days=1)) == []
    assert store.due.by(due) == [TENANT]
    assert store.due.of(TENANT) == due


@pytest.mark.parametrize("moment", ["2026-11-24T01:30:00+02:00", "2026-11-22T23:30:00-02:00"])
def test_the_day_is_that_of_utc_whatever_the_clocks_do(store: Store, moment: str) -> None:
    store.scan(at=datetime.fromisoformat(moment))
    assert store.due.of(TENANT) == date(2027, 11, 23)


def test_the_most_recent_scan_of_any_user_counts(store: Store) -> None:
    store.scan()
    store.scan(user=OTHER_USER, at=NOW.replace(month=12))
    assert store.due.by(DUE) == []
    assert store.due.by(DUE.replace(month=12)) == [TENANT]


def test_what_comes_is_listed_by_day(store: Store) -> None:
    store.scan()
    store.scan(OTHER_TENANT, at=NOW + timedelta(days=3))
    week = timedelta(days=7)
    coming = store.due.between(DUE - week, DUE + week)
    assert coming == {DUE: [TENANT], DUE + timedelta(days=3): [OTHER_TENANT]}
    assert store.due.between(DUE + timedelta(days=1), DUE + timedelta(days=2)) == {}


def test_of_whom_nothing_is_kept_nothing_is_due(store: Store) -> None:
    assert store.due.of(TENANT) is None
