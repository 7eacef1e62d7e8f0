"""`python3 -m tests.benchmarks`: speed and memory of the hot paths, and how costs keep to Azure's quota, in one run.

`python3 -m tests.benchmarks.pacing` is the last part alone.
"""

import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from tests.prepared import announced, continue_prepared

if __name__ == "__main__":
    continue_prepared("tests.benchmarks")

from shared.sql.collected.cost_totals import CostTotals
from tests.benchmarks.cost_pages import cost_pages
from tests.benchmarks.first_request import main as first_requests
from tests.benchmarks.ingest import cost_step, rounds, timed
from tests.benchmarks.memory import peak_kilobytes
from tests.benchmarks.pacing import main as pacing

ROWS = 100_000
ROUNDS = 7
FEW, MANY = 20_000, 200_000


def ingest(folder: Path) -> str:
    found = rounds(folder, ROWS, ROUNDS)
    ours = ROWS / median(turn.ours.wall for turn in found)
    bare = ROWS / median(turn.bare.wall for turn in found)
    ratio = median(turn.wall_ratio for turn in found)
    processor_ratio = median(turn.processor_ratio for turn in found)
    return (
        f"collect_costs into SQLite   {ours:>10,.0f} rows/s   median of {ROUNDS} rounds of {ROWS:,} rows\n"
        f"json.loads and executemany  {bare:>10,.0f} rows/s   the same bytes, turn by turn\n"
        f"ratio                       {ratio:>10.2f}          median of the rounds; at least 0.40 is wanted\n"
        f"ratio of processor time     {processor_ratio:>10.2f}"
    )


def memory() -> str:
    few, many = peak_kilobytes(FEW), peak_kilobytes(MANY)
    return (
        f"peak memory                 {few / 1024:>10.1f} MB       collecting {FEW:,} rows\n"
        f"                            {many / 1024:>10.1f} MB       collecting {MANY:,} rows\n"
        f"growth                      {many / few - 1:>10.1%}          less than 20% is wanted"
    )


def totals(folder: Path) -> str:
    step = cost_step(folder / "totals", cost_pages(MANY))
    step.collect()
    compute = CostTotals(step.parts.database).compute
    took = median(timed(lambda: compute(step.scan.key)).wall for _ in range(3))
    step.parts.database.dispose()
    return f"totals of {MANY:,} rows      {took:>10.2f} s        computed once, when the scan finishes"


def main() -> None:
    with announced("the hot paths", "about 2 minutes"), tempfile.TemporaryDirectory() as folder:
        for part in (partial(ingest, Path(folder)), memory, partial(totals, Path(folder))):
            print(part(), flush=True)  # noqa: T201
    first_requests()
    pacing()


if __name__ == "__main__":
    main()
