"""A migrated database for each test; the migration itself runs once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.sql.engine import Database
from tests.unit.shared.sql.store import Store


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sql") / "migrated.db"
    database = Database.connect(f"sqlite:///{path}")
    database.migrate()
    database.dispose()
    return path


@pytest.fixture
def path(tmp_path: Path, migrated: Path) -> Path:
    return Path(shutil.copy(migrated, tmp_path / "caleta.db"))


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    database = Database.connect(f"sqlite:///{path}")
    yield Store(database)
    database.dispose()
