from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browsing import Visit
from tests.support.signing_in import SigningIn


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SigningIn]:
    """One customer's browser in front of the pages, and Entra behind them."""
    made = SigningIn(tmp_path)
    yield made
    made.close()


@pytest.fixture
def visit_of_a_customer(tmp_path: Path) -> Iterator[Visit]:
    """A browser in front of the pages, with a session store and an Azure by script."""
    made = Visit(tmp_path)
    yield made
    made.close()
