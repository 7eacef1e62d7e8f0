"""Every figure of one run, what is wanted of it, and the committed figures that a later run is compared with."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from pathlib import Path

from tests.benchmarks.finishing import Finishing
from tests.benchmarks.first_request import MOST_SECONDS, seconds
from tests.benchmarks.ingest import Ingest
from tests.benchmarks.memory import ROOT, peak_kilobytes
from tests.benchmarks.pacing import scan

COMMITTED = Path(__file__).with_name("figures.json")
"""Measured on two cores at the sizes of the tests: ingest of 50,000 rows, finishing of 200,000."""

SIZES = (20_000, 200_000, 1_000_000)
INGEST_ROWS, ROUNDS = 100_000, 5


@dataclass(frozen=True)
class Figure:
    """A measured value; it has to be at least or at most `wanted`, where something is wanted."""

    name: str
    value: float
    wanted: float | None = None
    is_least: bool = False

    @property
    def wanted_text(self) -> str:
        if self.wanted is None:
            return ""
        return f"at {'least' if self.is_least else 'most'} {self.wanted:g}"

    @property
    def is_met(self) -> bool:
        if self.wanted is None:
            return True
        return self.value >= self.wanted if self.is_least else self.value <= self.wanted


def measured() -> Iterator[Figure]:
    """Yield all figures, one after the other as they are measured."""
    yield from ingest_figures(ingest_alone(INGEST_ROWS, ROUNDS))
    yield from memory_figures(SIZES)
    few, many = finishing_alone(SIZES[0] * 10), finishing_alone(SIZES[-1])
    yield from finishing_figures(many)
    yield Figure("exponent of collecting", exponent(), 1.05)
    yield Figure("exponent of finishing", log(many.cpu_seconds / few.cpu_seconds) / log(many.rows / few.rows), 1.05)
    yield from cold_figures()
    yield from pacing_figures()


def ingest_figures(found: Ingest) -> Iterator[Figure]:
    yield Figure("ratio to a loop with the same duties", found.duties_ratio, 0.8, is_least=True)
    yield Figure("ratio to a bare loop", found.bare_ratio, 0.45, is_least=True)
    yield Figure("rows per CPU second", found.rows_per_cpu_second)


def memory_figures(sizes: tuple[int, ...]) -> Iterator[Figure]:
    peaks = [peak_kilobytes(rows) / 1024 for rows in sizes]
    for rows, peak in zip(sizes, peaks, strict=True):
        yield Figure(f"peak MB, {rows:,} rows", peak)
    yield Figure("growth of the peak", peaks[-1] / peaks[0] - 1, 0.1)


def finishing_figures(found: Finishing) -> Iterator[Figure]:
    yield Figure("bytes per stored row", found.bytes_per_row, 70)
    yield Figure("bytes of its compressed raw page", found.raw_page_bytes_per_row)
    yield Figure(f"CPU seconds of finishing {found.rows:,} rows", found.cpu_seconds)
    yield Figure("the same in built-in SUM passes", found.sum_passes, 3)
    yield Figure("CPU seconds of one such pass", found.sum_pass_cpu_seconds)
    yield Figure("CPU seconds of a SUM without groups", found.plain_sum_cpu_seconds)


def exponent() -> float:
    """Return how processor time grows with rows: 1 is in proportion."""
    few, many = (rows / ingest_alone(rows, 1).rows_per_cpu_second for rows in (SIZES[1], SIZES[2]))
    return log(many / few) / log(SIZES[2] / SIZES[1])


def cold_figures() -> Iterator[Figure]:
    for kind, most in MOST_SECONDS.items():
        imported, taken = seconds(kind)
        yield Figure(f"CPU seconds of a cold {kind}", taken, most)
        yield Figure(f"CPU seconds of the import before a {kind}", imported)


def pacing_figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        (outcome,) = scan(Path(folder))
    yield Figure("cost queries' time in times of the quota's", outcome.ratio, 1.07)
    yield Figure("refused cost queries", outcome.refusals, 0)


def ingest_alone(rows: int, count: int) -> Ingest:
    """Measure in a process of its own: the garbage collector walks all that others have left."""
    return Ingest(**_printed("tests.benchmarks.ingest", str(rows), str(count)))


def finishing_alone(rows: int) -> Finishing:
    found = _printed("tests.benchmarks.finishing", str(rows))
    return Finishing(rows=int(found.pop("rows")), **found)


def _printed(module: str, *arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", module, *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1_800, check=True)
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def committed() -> dict[str, float]:
    """Return the committed figures by name."""
    return {name: each["value"] for name, each in json.loads(COMMITTED.read_text(encoding="utf-8")).items()}
