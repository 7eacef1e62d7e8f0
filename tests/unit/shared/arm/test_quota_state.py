"""Lines in the table: shared by all instances, never lost to one of them, never in the way of a scan."""

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.arm.pacing import MAX_RESERVATIONS, QuotaRequest, QuotaState, QuotaUse, Reservation, reserve
from shared.arm.quota_state import QUOTAS_TABLE, TRIES, QuotaStates
from shared.table_storage.store import MAX_VALUE_LENGTH
from tests.support.clock import START, FakeClock
from tests.support.tables import MemoryTables

TENANT = "11111111-1111-4111-8111-111111111111"
NOW = START.timestamp()
FULL = QuotaState(
    (QuotaUse(NOW, 12, "one"),), (Reservation(NOW + 10, 12, "two", "step 2"),), NOW + 53, (("three", NOW + 60),), 2
)


@pytest.fixture
def tables() -> MemoryTables:
    return MemoryTables()


def states(tables: MemoryTables, clock: FakeClock | None = None) -> QuotaStates:
    """One instance's."""
    return QuotaStates(tables, clock or FakeClock())


def turn(state: QuotaState) -> tuple[QuotaState, float]:
    return reserve(state, NOW, QuotaRequest("a step", "scope", 12))


def test_a_line_is_read_as_it_was_written_by_another_instance(tables: MemoryTables) -> None:
    assert states(tables).read(TENANT, "costs") == QuotaState()
    states(tables).change(TENANT, "costs", lambda _: (FULL, True))
    assert states(tables).read(TENANT, "costs") == FULL
    states(tables).change(TENANT, "costs", lambda state: (replace(state, refusals=3), True))
    assert states(tables).read(TENANT, "costs").refusals == 3


def test_tenants_have_a_line_each(tables: MemoryTables) -> None:
    states(tables).change(TENANT, "costs", lambda _: (FULL, True))
    assert states(tables).read("another tenant", "costs") == QuotaState()


def test_of_two_instances_at_the_same_moment_only_one_is_first(tables: MemoryTables) -> None:
    def before_write() -> None:
        tables.before_write = lambda: None
        states(tables).change(TENANT, "costs", turn)

    tables.before_write = before_write
    waits = [
        states(tables).change(TENANT, "costs", lambda state: reserve(state, NOW, QuotaRequest("mine", "mine", 12)))
    ]
    assert waits == [10.5], "the other instance was quicker"
    assert len(states(tables).read(TENANT, "costs").uses) == 1


def test_a_caller_that_is_always_too_slow_gets_no_turn(tables: MemoryTables, caplog: pytest.LogCaptureFixture) -> None:
    states(tables).change(TENANT, "costs", turn)
    key = (QUOTAS_TABLE, TENANT, "costs")

    def others() -> None:
        tables.records[key] = replace(tables.records[key], etag=f"{tables.records[key].etag}+")

    tables.before_write = others
    assert states(tables).change(TENANT, "costs", turn) is None
    assert f"tries={TRIES}" in caplog.text


def test_without_the_store_nothing_is_known_and_nothing_raised(
    tables: MemoryTables, caplog: pytest.LogCaptureFixture
) -> None:
    clock, tables.is_down = FakeClock(), True
    instance = states(tables, clock)
    assert (instance.change(TENANT, "costs", turn), instance.read(TENANT, "costs")) == (None, QuotaState())
    assert tables.asked == 1, "it is not asked at every query"
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    tables.is_down = False
    clock.moment += timedelta(seconds=31)
    assert instance.change(TENANT, "costs", turn) == 0.0


def test_the_longest_line_fits_into_a_record(tables: MemoryTables) -> None:
    uses = tuple(QuotaUse(1.8e9 * 60 + number + 0.25, 1, "0a1b2c3d4e5f") for number in range(660))
    reservations = tuple(
        Reservation(1.8e9 * 60 + n + 0.25, 12, "0a1b2c3d4e5f", f"job {TENANT}") for n in range(MAX_RESERVATIONS)
    )
    states(tables).change(TENANT, "costs", lambda _: (QuotaState(uses, reservations), True))
    (record,) = tables.records.values()
    assert max(map(len, record.values.values())) < MAX_VALUE_LENGTH
    assert json.loads(record.values["uses"])[0][1] == 1


def test_a_line_is_worth_nothing_once_every_window_has_passed(tables: MemoryTables) -> None:
    states(tables).change(TENANT, "costs", turn)
    assert tables.delete_expired(QUOTAS_TABLE, START + timedelta(hours=1)) == 0
    assert tables.delete_expired(QUOTAS_TABLE, START + timedelta(hours=2)) == 1
