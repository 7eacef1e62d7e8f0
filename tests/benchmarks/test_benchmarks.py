"""What must hold of the hot path, at small sizes; `python3 -m tests.benchmarks` measures the large ones.

A figure may fall a tenth below what is committed. A machine that is busy with something else gets more tries.
"""

from collections.abc import Callable

import pytest

from tests.benchmarks.figures import Figure, committed, finishing_alone, ingest_alone
from tests.benchmarks.finishing import Finishing
from tests.benchmarks.ingest import Ingest
from tests.benchmarks.memory import peak_kilobytes

FEW, MANY = 20_000, 200_000
TRIES = 3
SLACK = 0.9
BARE, DUTIES, ROW_BYTES = "ratio to a bare loop", "ratio to a loop with the same duties", "bytes per stored row"


def best(measure: Callable[[], float], least: float) -> list[float]:
    """Measure until it is enough, TRIES times at most."""
    found: list[float] = []
    while len(found) < TRIES and max(found, default=0) < least:
        found.append(measure())
    return found


@pytest.fixture(scope="module")
def finished() -> Finishing:
    return finishing_alone(MANY)


@pytest.mark.parametrize(
    ("name", "ratio", "wanted"),
    [(BARE, lambda found: found.bare_ratio, 0.45), (DUTIES, lambda found: found.duties_ratio, 0.8)],
    ids=["bare", "same duties"],
)
def test_costs_go_in_about_as_fast_as_committed(name: str, ratio: Callable[[Ingest], float], wanted: float) -> None:
    least = max(wanted, SLACK * committed()[name])
    found = best(lambda: ratio(ingest_alone(MANY // 4, 3)), least)
    assert max(found) >= least, found


def test_ten_times_the_rows_take_hardly_more_memory() -> None:
    assert peak_kilobytes(MANY) < 1.1 * peak_kilobytes(FEW)


def test_a_row_takes_as_few_bytes_as_committed(finished: Finishing) -> None:
    assert finished.bytes_per_row <= min(70, committed()[ROW_BYTES] / SLACK)


def test_finishing_takes_at_most_three_sum_passes(finished: Finishing) -> None:
    assert finished.sum_passes <= 3


def test_a_figure_knows_whether_it_is_met() -> None:
    least, most = Figure("a", 0.5, 0.8, is_least=True), Figure("b", 0.5, 0.8)
    assert (least.is_met, least.wanted_text) == (False, "at least 0.8")
    assert (most.is_met, most.wanted_text) == (True, "at most 0.8")
    assert Figure("c", 9).is_met
