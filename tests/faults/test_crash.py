"""The whole app, killed by SIGKILL at random moments, started again on the same data; few times here.

`python -m tests.faults.crash --kills 30 --size medium` does the same for as long as it takes.
"""

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.crash import Plan, Survived, app_of, in_words, untroubled
from tests.faults.stored_state import COLLECTED, database_of, stored_state
from tools.environment import ROOT


@pytest.mark.parametrize(("size", "kills"), [("small", 10)])
def test_a_scan_whose_app_is_killed_ends_with_the_truth(size: str, kills: int) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    words = ["--kills", str(kills), "--size", size, "--seed", str(seed)]
    command = [sys.executable, "-m", "tests.faults.crash", *words]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3_000, check=False)
    print(ended.stdout)  # noqa: T201  the seed and the moments
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"seed {seed}, size {size}, {kills} kills" in ended.stdout
    moments = [line.split(" s;")[0].count(".") for line in ended.stdout.splitlines() if "nothing lost" in line]
    assert sum(moments) == kills


FILLED = tuple(table for table in COLLECTED if table != "amortized_costs")
"""The tables that a tiny estate fills: it has no commitment."""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a scan that nothing happened to, which ended with the truth."""
    app = app_of(Plan(0, "tiny", 1), tmp_path_factory.mktemp("crash") / "whole")
    untroubled(app)
    return app.data


@pytest.mark.parametrize("how", ["lost", "doubled"])
@pytest.mark.parametrize("table", [*FILLED, "cost_totals"])
def test_one_row_lost_or_doubled_shows(finished: Path, tmp_path: Path, table: str, how: str) -> None:
    whole = stored_state(finished)
    database_of(tmp_path).write_bytes(database_of(finished).read_bytes())
    with closing(sqlite3.connect(database_of(tmp_path))) as copy, copy:
        (lose if how == "lost" else double)(copy, table)
    assert stored_state(tmp_path)[table] != whole[table]
    assert stored_state(finished) == whole


def test_a_page_lost_shows(finished: Path, tmp_path: Path) -> None:
    database_of(tmp_path).write_bytes(database_of(finished).read_bytes())
    with closing(sqlite3.connect(database_of(tmp_path))) as copy, copy:
        lose(copy, "raw_pages")
    assert stored_state(finished)["steps with pages amiss"] == 0
    assert stored_state(tmp_path)["steps with pages amiss"] == 1


def lose(connection: sqlite3.Connection, table: str) -> None:
    connection.execute(f"DELETE FROM {table} WHERE rowid = (SELECT MIN(rowid) FROM {table})")  # noqa: S608


def double(connection: sqlite3.Connection, table: str) -> None:
    """Adds the first row once more, under a key of its own."""
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if not row[5]]
    columns = ", ".join(names)
    connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} ORDER BY rowid LIMIT 1")  # noqa: S608


def test_what_is_wrong_is_said() -> None:
    survived = Survived(3, (0.5, 1.25), 4.0, "costs: 1, not 2")
    assert in_words(survived) == "scan 3: killed after 0.50, 1.25 s; 4.0 s in all: costs: 1, not 2"
