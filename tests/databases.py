"""The database that a test runs over: SQLite, or what TEST_SQL_URL names.

`TEST_SQL_URL=mssql+pyodbc://user:password@host:1433/database?driver=…` is a server with a
database for nothing else: its schema is migrated once (TEST_SQL_LEAVE_OUT says without what),
its rows are deleted before each test. `TEST_SQL_URL=double` is tests/peers/sqlserver.
"""

import os
import shutil
from functools import cache
from pathlib import Path

import pytest

from shared.sql.engine import Database
from shared.sql.migrations import features
from shared.sql.record_tables import audit_events
from shared.sql.tables import metadata

DOUBLE = "double"


def other_database() -> str:
    """What TEST_SQL_URL says; empty for SQLite."""
    return os.environ.get("TEST_SQL_URL", "")


def needs_sqlite() -> None:
    """Skips a test that looks into SQLite itself."""
    if other_database():
        pytest.skip("this test is about SQLite")


@cache
def migrated_file(folder: Path) -> Path:
    """An empty database as a file, made once for each folder."""
    path = folder / "migrated.db"
    database = Database.connect(f"sqlite:///{path}")
    database.migrate()
    database.dispose()
    return path


def empty_database(path: Path, migrated: Path | None = None) -> Database:
    """A migrated database without rows: the file at `path`, or the one of TEST_SQL_URL."""
    url = other_database()
    if url and url != DOUBLE:
        return _emptied(url)
    if migrated is not None:
        shutil.copy(migrated, path)
    database = Database.connect(f"sqlite:///{path}") if not url else _doubled(path)
    if migrated is None:
        database.migrate()
    return database


def _doubled(path: Path) -> Database:
    from tests.peers.sqlserver.server import doubled

    return doubled(path)


def _emptied(url: str) -> Database:
    database = Database.connect(url)
    database.migrate(features(os.environ.get("TEST_SQL_LEAVE_OUT", "")))
    with database.system_transaction() as connection:
        for table in [table for table in metadata.sorted_tables if table is not audit_events] + [audit_events]:
            connection.execute(table.delete())
    return database
