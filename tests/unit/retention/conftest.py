from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.retention.night import Night


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A night on which the purge may run."""
    made = Night(tmp_path)
    yield made
    made.close()
