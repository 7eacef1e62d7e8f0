"""What every test has: no network but this machine's own, and the recordings if they are there."""

import gc
import json
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.databases import DOUBLE, on_a_server, other_database

RECORDINGS = Path(__file__).resolve().parents[2] / "shared" / "recordings"
CASES = RECORDINGS.parent / "cases"
"""Inputs from public bug reports that failed once: each file has its input and what is expected of it."""


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


@pytest.fixture(scope="session")
def case() -> Callable[[str], Any]:
    """Reads the input of one case by the number that its file's name begins with."""

    def read(number: str) -> Any:  # noqa: ANN401  each case has its own form
        found = sorted(CASES.glob(f"{number}-*.json"))
        if not found:
            pytest.skip(f"the cases from public bug reports are not beside this clone: {number}")
        return json.loads(found[0].read_text(encoding="utf-8"), parse_float=Decimal)["input"]

    return read


def pytest_collection_finish() -> None:
    """What collecting has made stays until the end: later garbage collections need not look at it."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Drops the databases of this run; leaves what the double was asked where tests/sql_snapshots.py wants it."""
    if on_a_server():
        from tests.support.server_databases import drop_all

        drop_all()
    wanted = os.environ.get("SQL_STATEMENTS")
    if wanted and other_database() == DOUBLE:
        from tests.peers.sqlserver.server import STATEMENTS

        found = [[*where, sorted(statements)] for where, statements in sorted(STATEMENTS.items())]
        Path(wanted).write_text(json.dumps(found), encoding="utf-8")
