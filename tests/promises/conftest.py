from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.signing_in import SigningIn


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SigningIn]:
    """One customer's browser in front of the pages, and Entra behind them."""
    made = SigningIn(tmp_path)
    yield made
    made.close()
