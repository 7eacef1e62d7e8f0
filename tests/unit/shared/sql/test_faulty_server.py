"""Over SQL Server's double: a transaction that fails on the way is run again whole, if need be on a new connection."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.peers.sqlserver import driver
from tests.peers.sqlserver.server import DoubledDatabase, doubled
from tests.support.clock import START, FakeClock
from tests.unit.shared.sql.store import Store, cost

ROWS = [cost("1"), cost("2")]


@pytest.fixture
def database(path: Path) -> Iterator[DoubledDatabase]:
    made = doubled(path)
    made._clock = FakeClock()
    yield made
    made.dispose()


def fault(number: int, state: str = "42000") -> driver.Error:
    return driver.failure(driver.OperationalError, state, "Words.", number)


def saved(database: DoubledDatabase, at: str, error: driver.Error) -> tuple[int, int, int]:
    """Pages and rows that the step says it has, and connections made for it, when the server fails at `at`."""
    store = Store(database)
    scan = store.scan()
    held = store.claimed(scan)
    before = database.server.connected
    database.server.fails_at[at] = error
    step = store.save(held, ROWS)
    assert not database.server.fails_at, "the server never failed"
    assert store.collected.row_counts(scan.key)["costs"] == len(ROWS)
    return step.pages, step.rows, database.server.connected - before


@pytest.mark.parametrize("at", ["UPDATE steps", "INSERT INTO raw_pages", "INSERT INTO costs"])
@pytest.mark.parametrize("number", [1205, 1222])
def test_a_deadlock_anywhere_costs_a_repetition_on_the_same_connection(
    database: DoubledDatabase, at: str, number: int
) -> None:
    assert saved(database, at, fault(number)) == (1, 2, 0)


@pytest.mark.parametrize(
    "at", ["sp_set_session_context", "UPDATE steps", "INSERT INTO costs", "COMMIT", "AFTER COMMIT"]
)
@pytest.mark.parametrize(("number", "state"), [(40197, "42000"), (40613, "42000"), (10054, "08S01"), (0, "08S01")])
def test_a_failover_anywhere_costs_a_repetition_on_a_new_connection(
    database: DoubledDatabase, at: str, number: int, state: str
) -> None:
    assert saved(database, at, fault(number, state)) == (1, 2, 1)


def test_a_fault_that_stays_comes_out_and_nothing_is_stored(database: DoubledDatabase) -> None:
    store = Store(database)
    held = store.claimed()
    database.server.fails_at["INSERT INTO raw_pages"] = fault(208)
    with pytest.raises(DBAPIError):
        store.save(held, ROWS)
    assert store.steps.get(held.tenant_id, held.step_id) == held


def test_a_duplicate_is_no_reason_to_begin_again(database: DoubledDatabase) -> None:
    store = Store(database)
    held = store.claimed()
    database.server.fails_at["INSERT INTO raw_pages"] = driver.failure(driver.IntegrityError, "23000", "There.", 2601)
    with pytest.raises(IntegrityError):
        store.save(held, ROWS)
    assert database._clock.now() == START, "nothing was waited for"
