"""What finishing a scan costs, and what its rows take: `python -m tests.benchmarks.finishing 1000000` prints JSON.

The measure is one built-in SUM pass over the same rows: SQLite's own, inexact SUM by resource, currency and month,
which is one of the sums that finishing has to make. The plain SUM over the bare column is printed beside it.
"""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from shared.sql.collected.cost_totals import CostTotals
from tests.benchmarks.ingest import cost_step, timed
from tests.benchmarks.page_server import pages_served

GROUPED = """
SELECT r.resource_id, c.billing_currency, f.charge_period_start, SUM(f.billed_cost)
FROM costs f
JOIN cost_resources r ON r.row_id = f.row_id / 10000000000 * 10000000000 + f.resource_number
JOIN cost_charges c ON c.row_id = f.row_id / 10000000000 * 10000000000 + f.charge_number
GROUP BY 1, 2, 3
"""
PLAIN = "SELECT SUM(billed_cost) FROM costs"
TABLES = ("costs", "cost_resources", "cost_charges")


@dataclass(frozen=True)
class Finishing:
    """Processor seconds, and bytes of the three tables for each cost row."""

    rows: int
    cpu_seconds: float
    sum_pass_cpu_seconds: float
    plain_sum_cpu_seconds: float
    sum_passes: float
    bytes_per_row: float
    raw_page_bytes_per_row: float


def finishing(rows: int) -> Finishing:
    """Collect so many rows, then measure."""
    with tempfile.TemporaryDirectory() as name, pages_served(rows, Path(name) / "pages") as arm:
        step = cost_step(Path(name) / "step", arm)
        step.collect()
        database = step.parts.database
        with database.system_reading() as connection:
            passes = [timed(lambda: connection.execute(text(GROUPED)).fetchall()).processor for _ in range(3)]
            plain = timed(lambda: connection.execute(text(PLAIN)).fetchall()).processor
            sizes = [_bytes(connection, table) for table in TABLES]
            raw = _bytes(connection, "raw_pages")
        taken = timed(lambda: CostTotals(database).compute(step.scan.key)).processor
        database.dispose()
    one_pass = min(passes)
    return Finishing(rows, taken, one_pass, plain, taken / one_pass, sum(sizes) / rows, raw / rows)


def _bytes(connection: Connection, table: str) -> int:
    """The pages of the table's file, whatever is free in them included."""
    found = connection.execute(text("SELECT SUM(pgsize) FROM dbstat WHERE name = :name"), {"name": table})
    return int(found.scalar_one())


def main() -> None:
    print(json.dumps(vars(finishing(int(sys.argv[1])))))  # noqa: T201


if __name__ == "__main__":
    main()
