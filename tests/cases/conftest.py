"""Every test here reads a case: an input from a public bug report that failed once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.collecting import Surroundings


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Surroundings]:
    surroundings = Surroundings(tmp_path)
    yield surroundings
    surroundings.database.dispose()
