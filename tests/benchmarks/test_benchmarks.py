"""What must hold of the hot path, on a small scale; `python -m tests.benchmarks` shows it on a larger one."""

import subprocess
import sys

from tests.benchmarks.memory import ROOT, peak_kilobytes

LEAST_RATIO = 0.4
TRIES = 3
"""A machine that is busy with something else gets two more."""


def ingest_ratio() -> float:
    """By processor time, since other programs slow one loop by the clock and spare the other, and
    in a process of its own, since the garbage collector walks all that other tests have left."""
    command = [sys.executable, "-m", "tests.benchmarks.ingest", "100000", "5"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    return float(ended.stdout)


def test_costs_go_in_at_two_fifths_of_the_speed_of_a_bare_loop() -> None:
    found: list[float] = []
    while len(found) < TRIES and max(found, default=0) < LEAST_RATIO:
        found.append(ingest_ratio())
    assert max(found) >= LEAST_RATIO, found


def test_ten_times_the_rows_take_hardly_more_memory() -> None:
    assert peak_kilobytes(200_000) < 1.2 * peak_kilobytes(20_000)
