from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from local.tables import LocalTableStore
from shared.sql.engine import Database
from tests.clock import FakeClock
from tests.entra_double import EntraDouble


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[LocalTableStore]:
    with closing(LocalTableStore(tmp_path / "tables.sqlite")) as store:
        yield store


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def entra() -> EntraDouble:
    return EntraDouble()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.connect(f"sqlite:///{(tmp_path / 'caleta.sqlite').as_posix()}")
    made.migrate()
    yield made
    made.dispose()
