"""A page reads in one transaction: two requests beside its queries, however many there are."""

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from shared.sql.engine.page_reading import current_page, reading_a_page
from shared.sql.engine.session_context import FOR_SYSTEM, STATEMENT_SECONDS, for_tenant
from shared.sql.engine.sql_server import CORES_NOW, LIMIT_CORES
from shared.sql.schema.tables import scans
from tests.peers.sqlserver.driver import DatabaseError, Error, failure
from tests.peers.sqlserver.server import DoubledDatabase, doubled
from tests.support.clock import FakeClock
from tests.support.databases import empty_database
from tests.unit.shared.sql.store import OTHER_TENANT, TENANT, Store


@pytest.fixture
def database(tmp_path: Path) -> Iterator[DoubledDatabase]:
    empty_database(tmp_path / "page.db").dispose()
    made = doubled(tmp_path / "page.db")
    with made.system_transaction(), made.system_reading():
        """The first connections ask the server what it is."""
    made.server.wire.statements.clear()
    yield made
    made.dispose()


def recent(database: DoubledDatabase, tenant_id: str = TENANT) -> int:
    return len(Store(database).scans.recent(tenant_id, "user", 9))


def test_five_queries_of_a_page_are_seven_requests(database: DoubledDatabase) -> None:
    with reading_a_page():
        for _ in range(5):
            recent(database)
    sent = database.server.wire.statements
    assert [statement[:6] for statement in sent] == ["EXEC s", *["SELECT"] * 5, "COMMIT"]


def test_a_worker_reads_in_a_transaction_each(database: DoubledDatabase) -> None:
    assert current_page() is None
    recent(database)
    recent(database)
    assert [statement[:6] for statement in database.server.wire.statements] == ["EXEC s", "SELECT", "COMMIT"] * 2


def test_a_page_reads_what_it_has_written(database: DoubledDatabase) -> None:
    with reading_a_page():
        assert recent(database) == 0
        Store(database).scan(TENANT, "user")
        assert recent(database) == 1


def test_one_page_reads_one_customers_rows_after_the_others_with_the_session_context_between(
    database: DoubledDatabase,
) -> None:
    Store(database).scan(OTHER_TENANT, "user")
    database.server.wire.statements.clear()
    with reading_a_page():
        assert [recent(database), recent(database, OTHER_TENANT)] == [0, 1]
        with database.system_reading() as connection:
            assert len(connection.execute(select(scans.c.scan_id)).all()) == 1
        assert recent(database) == 0
    contexts = [each for each in database.server.wire.statements if each.startswith("EXEC")]
    assert contexts == [for_tenant(TENANT)[0], for_tenant(OTHER_TENANT)[0], FOR_SYSTEM, for_tenant(TENANT)[0]]
    assert database.server.wire.statements.count("COMMIT") == 1


def test_a_read_within_a_read_has_a_connection_of_its_own(database: DoubledDatabase) -> None:
    def id_of(connection: Connection) -> int:
        return id(connection.connection.dbapi_connection)

    with reading_a_page(), database.reading(TENANT) as outer:
        with database.reading(TENANT) as inner:
            assert id_of(inner) != id_of(outer)
        assert outer.execute(select(scans.c.scan_id).where(scans.c.tenant_id == TENANT)).all() == []


def test_after_an_error_the_page_reads_on_another_connection(database: DoubledDatabase) -> None:
    with reading_a_page():
        recent(database)
        with pytest.raises(ZeroDivisionError), database.reading(TENANT):
            raise ZeroDivisionError
        assert recent(database) == 0
    assert [statement for statement in database.server.wire.statements if statement == "COMMIT"] == ["COMMIT"]


def test_a_result_that_was_not_read_to_its_end_does_not_hold_up_the_next_query(database: DoubledDatabase) -> None:
    Store(database).scan(TENANT, "user")
    with reading_a_page():
        with database.reading(TENANT) as connection:
            abandoned = connection.execute(select(scans.c.scan_id).where(scans.c.tenant_id == TENANT))
        assert recent(database) == 1
        assert abandoned.closed


def failing_page(database: DoubledDatabase) -> None:
    with reading_a_page():
        recent(database)
        raise ZeroDivisionError


def test_a_page_that_fails_gives_its_connection_back(database: DoubledDatabase) -> None:
    for _ in range(30):  # More than the pool holds.
        with pytest.raises(ZeroDivisionError):
            failing_page(database)
    assert recent(database) == 0


def test_another_thread_is_no_part_of_the_page(database: DoubledDatabase) -> None:
    found: list[object] = []
    with reading_a_page():
        other = threading.Thread(target=lambda: found.append(current_page()))
        other.start()
        other.join()
    assert found == [None]
    assert database.server.wire.statements == []


def away() -> DatabaseError:
    made = failure(DatabaseError, "42000", "Database is not currently available.", 40613)
    assert isinstance(made, DatabaseError)
    return made


@pytest.mark.parametrize(("number", "kept"), [(10928, True), (40613, False)])
def test_throttling_leaves_the_pool_as_it_is_and_a_failover_empties_it(
    database: DoubledDatabase, number: int, kept: bool
) -> None:
    before = database.server.connected
    database.server.fails_at["FROM scans"] = failure(DatabaseError, "42000", "Busy.", number)
    database._clock = PatientClock()
    assert recent(database) == 0
    assert (database.server.connected == before) is kept


class PatientClock(FakeClock):
    """Counts what is slept."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class NeverThere(dict[str, Error]):
    """A server that answers each statement of this text with an outage."""

    def pop(self, key: str, *_: object) -> Error:
        return self[key]


@pytest.mark.parametrize(("is_page", "waits"), [(True, [1.0]), (False, [5.0, 10.0, 20.0, 40.0, 60.0])])
def test_a_page_tries_twice_and_a_worker_keeps_its_patience(
    database: DoubledDatabase, is_page: bool, waits: list[float]
) -> None:
    clock = database._clock = PatientClock()
    database.server.fails_at = NeverThere({"FROM scans": away()})
    with pytest.raises(DBAPIError, match="not currently available"), reading_a_page() if is_page else nullcontext():
        recent(database)
    assert clock.slept == waits


def test_a_statement_has_a_time_limit_and_a_migration_none(database: DoubledDatabase) -> None:
    with database.reading(TENANT) as connection:
        assert connection.connection.dbapi_connection.timeout == STATEMENT_SECONDS  # type: ignore[union-attr]
    with database.migrating() as connection:
        assert connection.connection.dbapi_connection.timeout == 0  # type: ignore[union-attr]
    with database.transaction(TENANT) as connection:
        assert connection.connection.dbapi_connection.timeout == STATEMENT_SECONDS  # type: ignore[union-attr]


def test_a_query_runs_on_one_core(database: DoubledDatabase) -> None:
    database.limit_cores()
    database.limit_cores()
    assert [each for each in database.server.wire.statements if "MAXDOP" in each] == [CORES_NOW, LIMIT_CORES, CORES_NOW]
