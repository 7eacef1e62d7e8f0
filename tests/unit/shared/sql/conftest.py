"""A migrated database for each test, SQLite's or TEST_SQL_URL's; the migration itself runs once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import empty_database, migrated_file, needs_sqlite, other_database, url_for_processes
from tests.unit.shared.sql.store import Store


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated_file(tmp_path_factory.mktemp("sql"))


@pytest.fixture
def path(tmp_path: Path, migrated: Path) -> Path:
    """The database as a file: for what is said of SQLite only."""
    needs_sqlite()
    return Path(shutil.copy(migrated, tmp_path / "caleta.db"))


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Of the store's database, for other processes."""
    return url_for_processes(tmp_path / "caleta.db")


@pytest.fixture
def store(tmp_path: Path, migrated: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    if other_database():
        database = empty_database(tmp_path / "caleta.db", migrated)
    else:
        database = empty_database(request.getfixturevalue("path"), None)
    yield Store(database)
    database.dispose()
