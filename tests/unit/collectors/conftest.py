"""Every test here has its own database and its own script for Azure."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.collecting import Surroundings


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Surroundings]:
    surroundings = Surroundings(tmp_path)
    yield surroundings
    surroundings.database.dispose()
