"""What every test has: no network but this machine's own, and the recordings if they are there."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

RECORDINGS = Path(__file__).resolve().parents[2] / "shared" / "recordings"


@pytest.fixture(scope="session")
def recording() -> Callable[[str], dict[str, Any]]:
    """Reads one recorded exchange by its name under the recordings folder."""

    def read(name: str) -> dict[str, Any]:
        path = RECORDINGS / name
        if not path.is_file():
            pytest.skip(f"the recordings of real Azure answers are not beside this clone: {name}")
        exchange: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return exchange

    return read
