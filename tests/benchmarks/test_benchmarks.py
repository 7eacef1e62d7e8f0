"""What must hold of the hot path, on a small scale; `python -m tests.benchmarks` shows it on a larger one."""

from pathlib import Path
from statistics import median

from tests.benchmarks.ingest import rounds
from tests.benchmarks.memory import peak_kilobytes


def test_costs_go_in_at_two_fifths_of_the_speed_of_a_bare_loop(tmp_path: Path) -> None:
    """By processor time: other programs slow the one loop by the clock and spare the other."""
    found = rounds(tmp_path, 50_000, 7)
    assert median(turn.processor_ratio for turn in found) >= 0.4


def test_ten_times_the_rows_take_hardly_more_memory() -> None:
    assert peak_kilobytes(200_000) < 1.2 * peak_kilobytes(20_000)
