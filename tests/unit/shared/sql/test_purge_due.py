"""Whose data is due: twelve months after the customer's most recent scan, whatever else they did since."""

from datetime import date, timedelta

import pytest

from shared.core.periods import deletion_due_on
from tests.unit.shared.sql.store import NOW, OTHER_TENANT, TENANT, USER, Store

DUE = deletion_due_on(NOW.date())


def consents(store: Store, tenant_id: str, days_later: int) -> None:
    at = NOW + timedelta(days=days_later)
    store.connections.save(tenant_id, USER, "olivia@contoso.example", b"encrypted", at)


@pytest.mark.parametrize(("day", "due"), [(DUE - timedelta(days=1), []), (DUE, [TENANT]), (date(2099, 1, 1), [TENANT])])
def test_a_customer_is_due_twelve_months_after_the_scan_and_ever_after(store: Store, day: date, due: list[str]) -> None:
    store.scan()
    assert store.purge.due(day) == due


def test_the_most_recent_scan_counts(store: Store) -> None:
    store.scan()
    store.scan(at=NOW + timedelta(days=1))
    assert store.purge.due(DUE) == []
    assert store.purge.due(DUE + timedelta(days=1)) == [TENANT]


def test_a_sign_in_after_the_scan_puts_nothing_off(store: Store) -> None:
    store.scan()
    consents(store, TENANT, days_later=200)
    assert store.purge.due(DUE) == [TENANT]


def test_without_a_scan_the_consent_counts(store: Store) -> None:
    consents(store, TENANT, days_later=0)
    consents(store, OTHER_TENANT, days_later=1)
    assert store.purge.due(DUE - timedelta(days=1)) == []
    assert store.purge.due(DUE) == [TENANT]


def test_who_has_just_come_back_is_left_in_peace_for_a_day(store: Store) -> None:
    store.scan()
    consents(store, TENANT, days_later=(DUE - NOW.date()).days)
    assert store.purge.due(DUE) == []
    assert store.purge.due(DUE + timedelta(days=2)) == [TENANT]
