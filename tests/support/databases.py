"""The database that a test runs over: SQLite, or what TEST_SQL_URL names.

`TEST_SQL_URL=mssql+pyodbc://user:password@host:1433/database?driver=…` is a server, on which
each run makes databases of its own (tests/support/server_databases.py). `TEST_SQL_URL=double` is
tests/peers/sqlserver, which lives in this process: an app that a test starts as another one
stays with SQLite then.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from sqlalchemy import Engine, event, make_url

from shared.core.clock import Clock
from shared.sql.engine.engine import Database
from shared.sql.migrate import migrate
from shared.sql.schema.record_tables import audit_events
from shared.sql.schema.tables import metadata
from tests.support.clock import FakeClock

if TYPE_CHECKING:
    from tests.peers.sqlserver.server import DoubledDatabase

DOUBLE = "double"


def other_database() -> str:
    """What TEST_SQL_URL says; empty for SQLite."""
    return os.environ.get("TEST_SQL_URL", "")


def needs_sqlite() -> None:
    """Skips a test that looks into SQLite itself."""
    if other_database():
        pytest.skip("this test is about SQLite")


@cache
def migrated_file() -> bytes:
    """An empty SQLite database with all migrations applied: they run once in a process, each test copies the result."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "migrated.db")
        database = Database.connect(f"sqlite:///{path}")
        migrate(database)
        database.dispose()
        return path.read_bytes()


def empty_file(path: Path) -> Path:
    """Write a migrated SQLite database without rows."""
    path.write_bytes(migrated_file())
    return path


def empty_database(path: Path) -> Database:
    """Return a migrated database without rows: the file at `path`, or the one of TEST_SQL_URL.

    Before it repeats a transaction it waits by a clock that stands still: only a server has others' locks to wait for.
    """
    if on_a_server():
        return _emptied()
    empty_file(path)
    made = _doubled(path) if other_database() else with_shared_statements(Database.connect(f"sqlite:///{path}"))
    made._clock = FakeClock()
    return made


def is_empty(database: Database, path: Path) -> bool:
    """Whether nothing has been written to this database of `empty_database`; closes its connections."""
    database.dispose()
    return path.read_bytes() == migrated_file()


def with_shared_statements(database: Database) -> Database:
    """Let it use the statements that earlier databases of this process have compiled: an engine keeps its own."""
    share_statements(database._engine, _first_engine())
    return database


def share_statements(engine: Engine, first: Engine) -> None:
    """Let an engine use what another one of the same kind has compiled."""
    engine.dialect = first.dialect  # part of the key under which a compiled statement is kept
    engine._compiled_cache = first._compiled_cache


@cache
def _first_engine() -> Engine:
    with tempfile.TemporaryDirectory() as folder:
        engine = Database.connect(f"sqlite:///{folder}/first.db")._engine
        engine.connect().close()  # The dialect reads SQLite's version when it connects.
        engine.dispose()
        return engine


def url_for_processes(path: Path) -> str:
    """The URL of the repositories' database, for another process; skips the test where there can be none."""
    if other_database() == DOUBLE:
        pytest.skip("the double lives in one process")
    if not on_a_server():
        return f"sqlite:///{path}"
    from tests.support.server_databases import REPOSITORIES, url_for

    return url_for(REPOSITORIES)


def on_a_server() -> bool:
    """Whether TEST_SQL_URL names one."""
    return other_database() not in ("", DOUBLE)


def app_environment(data: Path) -> dict[str, str]:
    """What an app with this data folder reads of its database, if that is not the file in there."""
    if not on_a_server():
        return {}
    from tests.support.server_databases import environment_for

    return environment_for(str(data.resolve()))


def app_database(data: Path) -> Database:
    """The database of an app with this data folder, to be looked into."""
    return Database.connect(app_environment(data).get("SQL_URL") or f"sqlite:///{data / 'caleta.sqlite'}")


@contextmanager
def app_in_this_process(data: Path) -> Iterator[None]:
    """Within the block an app that is started here has the database of TEST_SQL_URL."""
    with mock.patch.dict(os.environ, app_environment(data)):
        if other_database() != DOUBLE:
            yield
            return
        with double_of_sql_server():
            yield


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    """Within the block every statement of the database is noted, without its values."""
    noted: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        noted.append(statement)

    event.listen(database._engine, "before_cursor_execute", note)
    yield noted
    event.remove(database._engine, "before_cursor_execute", note)


@contextmanager
def double_of_sql_server() -> Iterator[None]:
    """Within the block an app that is started here stores in the double of SQL Server."""
    with (
        mock.patch("shared.sql.engine.engine.Database", DoubleInItsPlace),
        mock.patch("local.services.migrate", DoubleInItsPlace.migrate),
    ):
        yield


class DoubleInItsPlace:
    """The double of SQL Server where SQLite was asked for."""

    @staticmethod
    def connect(url: str, _identity: object, clock: Clock) -> Database:
        database = _doubled(Path(make_url(url).database or ""))
        database._clock = clock
        return database

    @staticmethod
    def migrate(database: "DoubledDatabase", leave_out: frozenset[str]) -> None:
        """By SQLite's own path: the double takes itself for SQL Server."""
        migrate(database.server.sqlite, leave_out)


def _doubled(path: Path) -> "DoubledDatabase":
    from tests.peers.sqlserver.server import doubled

    return doubled(path)


def _emptied() -> Database:
    from tests.support.server_databases import REPOSITORIES, left_out, prepare, url_for

    left_out()  # It is found out before there are tables.
    database = Database.connect(url_for(REPOSITORIES))
    prepare(database)
    with database.system_transaction() as connection:
        for table in [table for table in metadata.sorted_tables if table is not audit_events] + [audit_events]:
            connection.execute(table.delete())
    return database
