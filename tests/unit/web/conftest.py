from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browsing import Visit
from tests.support.desk import Desk
from tests.support.signing_in import SigningIn


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    """A browser that no one has signed in with."""
    made = Visit(tmp_path)
    yield made
    made.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SigningIn]:
    """A browser that signs in itself."""
    made = SigningIn(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A browser at the review desk that no one has signed in with."""
    made = Desk(tmp_path)
    yield made
    made.close()
