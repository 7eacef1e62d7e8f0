from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsing import Visit


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    """A browser that nobody has signed in with."""
    made = Visit(tmp_path)
    yield made
    made.close()
