"""Names of tenants that do not exist are remembered for a while, in a bounded number of records."""

import pytest

from shared.identity.tenants import TenantNotFound
from shared.identity.unknown_tenants import REMEMBERED_MINUTES, SLOTS, UnknownTenants
from tests.support.clock import FakeClock
from tests.support.tables import MemoryTables


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def tables() -> MemoryTables:
    return MemoryTables()


@pytest.fixture
def unknown(tables: MemoryTables, clock: FakeClock) -> UnknownTenants:
    return UnknownTenants("flows", tables, clock)


def test_a_name_is_unknown_for_half_an_hour_and_then_asked_for_again(unknown: UnknownTenants, clock: FakeClock) -> None:
    unknown.check("gone.example")
    unknown.remember("gone.example")
    clock.sleep(REMEMBERED_MINUTES * 60 - 1)
    with pytest.raises(TenantNotFound):
        unknown.check("gone.example")
    clock.sleep(1)
    unknown.check("gone.example")


def test_names_of_the_same_slot_are_not_mistaken_for_each_other(unknown: UnknownTenants, tables: MemoryTables) -> None:
    names = [f"tenant{number}.example" for number in range(3 * SLOTS)]
    for name in names:
        unknown.remember(name)
        with pytest.raises(TenantNotFound):
            unknown.check(name)
    assert len(tables.records) <= SLOTS
    unknown.check("never-named.example")


def test_what_is_stored_does_not_show_the_name(unknown: UnknownTenants, tables: MemoryTables) -> None:
    unknown.remember("contoso.example")
    assert "contoso" not in str(tables.records)


def test_a_concurrent_write_of_the_slot_is_no_error(unknown: UnknownTenants, tables: MemoryTables) -> None:
    def other_process() -> None:
        tables.before_write = lambda: None
        unknown.remember("contoso.example")

    tables.before_write = other_process
    unknown.remember("contoso.example")
    with pytest.raises(TenantNotFound):
        unknown.check("contoso.example")
