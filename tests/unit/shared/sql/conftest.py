"""A migrated database for each test, SQLite's or TEST_SQL_URL's; the migration itself runs once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import empty_database, empty_file, needs_sqlite, url_for_processes
from tests.unit.shared.sql.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The database as a file: for what is said of SQLite only."""
    needs_sqlite()
    file = tmp_path / "caleta.db"
    return file if file.exists() else empty_file(file)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Of the store's database, for other processes."""
    return url_for_processes(tmp_path / "caleta.db")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    database = empty_database(tmp_path / "caleta.db")
    yield Store(database)
    database.dispose()
