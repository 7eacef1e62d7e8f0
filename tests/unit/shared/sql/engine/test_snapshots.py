"""What only reads sees one moment of the database, by SQL Server's SNAPSHOT isolation; the migration sees to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select

from shared.core.errors import ConfigurationError
from shared.sql.engine.snapshots import ALLOW, LEVEL, STATE
from shared.sql.schema.tables import scans
from tests.peers.sqlserver import driver
from tests.peers.sqlserver.server import DoubledDatabase, Session, doubled
from tests.support.databases import empty_database
from tests.support.tsql import strangers, syntax_errors
from tests.unit.shared.sql.store import TENANT, Store


@pytest.fixture
def database(path: Path) -> Iterator[DoubledDatabase]:
    made = doubled(path)
    yield made
    made.dispose()


def levels(engine: Engine) -> list[bool]:
    """For each new connection of the engine, whether it was asked to read one moment."""
    found: list[bool] = []

    def keep(connection: driver.Connection, _record: object) -> None:
        assert isinstance(connection.session, Session)
        found.append(connection.session.only_reads)

    event.listen(engine, "connect", keep)
    return found


def test_the_statements_are_t_sql() -> None:
    for statement in (STATE, ALLOW, LEVEL):
        assert syntax_errors(statement) == ""
        assert strangers(statement) == []


def test_readers_see_one_moment_and_writers_the_newest(database: DoubledDatabase) -> None:
    readers, writers = levels(database._readers), levels(database._engine)
    with database.reading(TENANT), database.system_reading():
        """Two at once are two connections."""
    with database.transaction(TENANT), database.system_transaction():
        """Two at once are two connections."""
    assert readers == [True, True]
    assert writers == [False, False]


def test_the_double_refuses_a_write_among_reads(database: DoubledDatabase) -> None:
    with database.reading(TENANT) as connection, pytest.raises(AssertionError, match="a write among reads"):
        connection.execute(scans.delete().where(scans.c.tenant_id == TENANT))


def test_where_the_database_does_not_allow_it_readers_read_and_it_is_logged_once(
    database: DoubledDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    database.server.snapshots = 0
    readers = levels(database._readers)
    with database.reading(TENANT), database.reading(TENANT):
        """Two at once are two connections."""
    assert readers == [False, False]
    assert caplog.messages == ["event=snapshot-missing"]
    assert database.lacks_snapshots


def test_the_database_is_found_by_name_since_its_id_may_be_another(database: DoubledDatabase) -> None:
    """The double answers DB_ID() with an id that sys.databases does not have, as Azure SQL may."""
    readers = levels(database._readers)
    with database.reading(TENANT):
        """It connects."""
    assert readers == [True]
    assert not database.lacks_snapshots


def test_the_migration_allows_it_once(database: DoubledDatabase) -> None:
    database.server.snapshots = 0
    sent: list[str] = []
    event.listen(database._engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    database.allow_snapshots()
    database.allow_snapshots()
    assert [each for each in sent if each in (STATE, ALLOW)] == [STATE, ALLOW, STATE]


def test_a_user_who_may_not_allow_it_reads_who_can(database: DoubledDatabase) -> None:
    database.server.snapshots = 0
    database.server.fails_at[ALLOW] = driver.failure(driver.ProgrammingError, "42000", "No permission.", 5011)
    with pytest.raises(ConfigurationError, match="have its owner run `ALTER DATABASE CURRENT"):
        database.allow_snapshots()


def test_two_statements_of_one_page_agree_whatever_is_written_between_them(tmp_path: Path) -> None:
    store = Store(empty_database(tmp_path / "caleta.db"))
    store.scan()
    count = select(func.count()).select_from(scans).where(scans.c.tenant_id == TENANT)
    with store.database.reading(TENANT) as connection:
        before = connection.execute(count).scalar_one()
        store.scan()
        assert connection.execute(count).scalar_one() == before == 1
    with store.database.reading(TENANT) as connection:
        assert connection.execute(count).scalar_one() == 2
    store.database.dispose()
