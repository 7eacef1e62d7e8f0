"""`python3 -m tests.benchmarks.pages [--json] [--size large] [--rounds 50]`: what a review's pages cost the server.

Each page is rendered again and again in one warm process, for a small and a large simulated tenant: processor time
as median and 99th percentile, SQL statements, and the size of the page. A page with a goal that it misses fails.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import process_time

from tests.prepared import announced, continue_prepared, say

if __name__ == "__main__":
    continue_prepared("tests.benchmarks.pages")

from sqlalchemy import Engine, event

from shared.core.models import Scan
from simulator.estate.estate import Estate
from tests.support.desk import Desk
from tests.unit.web.reviewed import SAMPLE_SEED, as_customer, drafted, publish
from web.customer.costs import scan_costs
from web.customer.overview import scan_overview
from web.customer.read_data import scan_coverage, scan_inventory, scan_recommendations
from web.customer.savings import scan_savings
from web.error_pages import Handler

SMALL = "small"
MAX_BYTES = 150_000
MAX_STATEMENTS = 12


@dataclass(frozen=True)
class Measured:
    """One page of one tenant. `goal_ms` None: no goal."""

    page: str
    tenant: str
    median_ms: float
    p99_ms: float
    goal_ms: float | None
    statements: int
    kilobytes: float

    @property
    def misses(self) -> list[str]:
        """Return which goals the page misses."""
        slow = self.goal_ms is not None and self.p99_ms > self.goal_ms
        return [
            *([f"p99 {self.p99_ms} ms > {self.goal_ms} ms"] if slow else []),
            *([f"{self.statements} statements"] if self.statements > MAX_STATEMENTS else []),
            *([f"{self.kilobytes} KB"] if self.kilobytes * 1000 > MAX_BYTES else []),
        ]


PAGES: tuple[tuple[str, Handler, dict[str, str], float | None], ...] = (
    ("overview", scan_overview, {}, 20.0),
    ("costs", scan_costs, {}, 20.0),
    ("savings", scan_savings, {}, 20.0),
    ("coverage", scan_coverage, {}, 20.0),
    ("inventory", scan_inventory, {}, None),
    ("recommendations", scan_recommendations, {}, None),
)
"""Name, handler, query and the goal of its 99th percentile in milliseconds."""


def measure(desk: Desk, scan: Scan, tenant: str, rounds: int) -> list[Measured]:
    """Render each page `rounds` times after three that warm it up."""
    return [_measured(desk, scan, tenant, rounds, *page) for page in PAGES]


def _measured(
    desk: Desk,
    scan: Scan,
    tenant: str,
    rounds: int,
    name: str,
    handler: Handler,
    query: dict[str, str],
    goal: float | None,
) -> Measured:
    for _ in range(3):
        statements, body = _counted(desk, handler, query, scan)
    times = []
    for _ in range(rounds):
        begun = process_time()
        desk.get(handler, query, scan_id=scan.scan_id)
        times.append((process_time() - begun) * 1000)
    times.sort()
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    return Measured(name, tenant, round(median(times), 1), round(p99, 1), goal, statements, len(body) / 1000)


def _counted(desk: Desk, handler: Handler, query: dict[str, str], scan: Scan) -> tuple[int, bytes]:
    """Render the page once and count its SQL statements."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        body = desk.get(handler, query, scan_id=scan.scan_id).body
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(sent), body


def reviewed(folder: Path, size: str) -> tuple[Desk, Scan]:
    """A simulated tenant of this size with a published review, and its customer signed in."""
    desk = Desk(folder)
    scan = drafted(desk, estate=Estate(SAMPLE_SEED, size))
    desk.parts.cost_totals.compute(scan.key)
    publish(desk, scan)
    as_customer(desk)
    return desk, scan


def main() -> int:
    """Measure a small and a large tenant; return 1 if a page misses a goal."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.pages")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--size", default="large", choices=("medium", "large"), help="of the large tenant")
    parser.add_argument("--rounds", type=int, default=50)
    asked = parser.parse_args()
    found: list[Measured] = []
    for size in (SMALL, asked.size):
        with announced(f"pages of a {size} tenant", "minutes for a large one"), tempfile.TemporaryDirectory() as folder:
            desk, scan = reviewed(Path(folder), size)
            found += measure(desk, scan, size, asked.rounds)
            desk.close()
    say(json.dumps([asdict(one) for one in found], indent=1) if asked.json else table(found))
    return int(any(one.misses for one in found))


def table(found: list[Measured]) -> str:
    """One line a page."""
    head = f"{'page':<16}{'tenant':<9}{'median':>9}{'p99':>9}{'goal':>7}{'SQL':>5}{'KB':>8}  misses"
    lines = [
        f"{one.page:<16}{one.tenant:<9}{one.median_ms:>9.1f}{one.p99_ms:>9.1f}{one.goal_ms or 0:>7.0f}"
        f"{one.statements:>5}{one.kilobytes:>8.1f}  {', '.join(one.misses)}"
        for one in found
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    sys.exit(main())
