"""collect_costs into SQLite beside two loops over the same pages, all fetching them over HTTP.

The bare loop does json.loads and executemany. The loop with the same duties also keeps amounts exact and the raw page
compressed. Both store the wide rows as they came and know neither leases nor resuming nor an allow-list.
`python -m tests.benchmarks.ingest 100000 5` prints the median ratios of processor time over five rounds.
"""

import gzip
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median

import requests

from collectors.costs import COLLECTOR
from collectors.scan.run import collect
from shared.arm.client import ArmClient
from shared.core.models import Scan, Step, StepStatus
from tests.benchmarks.cost_pages import NAMES, NUMBERS, next_link
from tests.benchmarks.page_server import pages_served
from tests.support.arm_replay import SUBSCRIPTION
from tests.support.collecting import Surroundings, collecting_scan, step_body, steps_of

MARKS = ", ".join("?" * len(NAMES))
CREATE = f"CREATE TABLE wide ({', '.join(NAMES)})"
INSERT = f"INSERT INTO wide VALUES ({MARKS})"  # noqa: S608
NUMBER_PLACES = [NAMES.index(name) for name in NUMBERS]


@dataclass(frozen=True)
class CostStep:
    """A planned step of costs in a database of its own, whose pages a server has."""

    parts: Surroundings
    scan: Scan

    def collect(self) -> None:
        """The whole step as the queue's trigger runs it: client, collector, database."""
        collect(self.parts, COLLECTOR, step_body(self._step()))
        step = self._step()
        if step.status is not StepStatus.SUCCEEDED:
            raise RuntimeError(f"the step ended {step.status}: {step.status_reason}")

    def _step(self) -> Step:
        """The first: commitments in the rows call for another, of amortized costs."""
        return steps_of(self.parts, self.scan)[0]


def cost_step(folder: Path, arm: str) -> CostStep:
    """Everything up to the moment when the step's message arrives."""
    folder.mkdir()
    parts = Surroundings(folder)
    parts.arm = ArmClient(arm, parts.time)
    return CostStep(parts, collecting_scan(parts, [(COLLECTOR.name, SUBSCRIPTION)]))


def bodies(arm: str) -> Iterator[bytes]:
    """Fetch all pages, one connection for all. The link to the next is found without reading the page as JSON."""
    with requests.Session() as http:
        number: int | None = 0
        while number is not None:
            body = http.post(next_link(number, arm), data=b"{}", headers={"Content-Type": "application/json"}).content
            yield body
            number = None if b'"nextLink": null' in body[:400] else number + 1


def bare_loop(path: Path, arm: str) -> None:
    """The least that stores these bytes as rows: json.loads, executemany, one commit."""
    connection = sqlite3.connect(path)
    connection.execute(CREATE)
    for body in bodies(arm):
        connection.executemany(INSERT, json.loads(body)["properties"]["rows"])
    connection.commit()
    connection.close()


def loop_with_the_same_duties(path: Path, arm: str) -> None:
    """Amounts exact to the last digit, the raw page compressed and kept, one transaction a page."""
    connection = sqlite3.connect(path)
    connection.execute(CREATE)
    connection.execute("CREATE TABLE raw (page, body)")
    for number, body in enumerate(bodies(arm)):
        rows = json.loads(body, parse_float=Decimal)["properties"]["rows"]
        for row in rows:
            for place in NUMBER_PLACES:
                row[place] = str(row[place])
        connection.execute("INSERT INTO raw VALUES (?, ?)", (number, gzip.compress(body, 1)))
        connection.executemany(INSERT, rows)
        connection.commit()
    connection.close()


@dataclass(frozen=True)
class Timing:
    """What a piece of work took: seconds by the clock on the wall, and of the processor's time."""

    wall: float
    processor: float


@dataclass(frozen=True)
class Round:
    """The three loops over the same pages, one right after the other."""

    bare: Timing
    duties: Timing
    ours: Timing

    @property
    def bare_ratio(self) -> float:
        return self.bare.processor / self.ours.processor

    @property
    def duties_ratio(self) -> float:
        return self.duties.processor / self.ours.processor


@dataclass(frozen=True)
class Ingest:
    """Medians of the rounds; ratios of processor time: above 1 the app is the quicker."""

    bare_ratio: float
    duties_ratio: float
    rows_per_cpu_second: float


def timed(work: Callable[[], object]) -> Timing:
    """Return how long the work takes."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Timing(time.perf_counter() - wall, time.process_time() - processor)


def rounds(folder: Path, rows: int, count: int) -> list[Round]:
    """Return so many rounds, turn by turn, so that a busy machine slows all loops."""
    with pages_served(rows, folder / "pages") as arm:
        cost_step(folder / "warm", arm).collect()
        found = []
        for turn in range(count):
            step = cost_step(folder / f"{turn}", arm)
            bare = timed(partial(bare_loop, folder / f"{turn}-bare.db", arm))
            duties = timed(partial(loop_with_the_same_duties, folder / f"{turn}-duties.db", arm))
            found.append(Round(bare, duties, timed(step.collect)))
            step.parts.database.dispose()
    return found


def ingest(rows: int, count: int) -> Ingest:
    """Return the medians of so many rounds of so many rows."""
    with tempfile.TemporaryDirectory() as folder:
        found = rounds(Path(folder), rows, count)
    return Ingest(
        median(turn.bare_ratio for turn in found),
        median(turn.duties_ratio for turn in found),
        rows / median(turn.ours.processor for turn in found),
    )


def main() -> None:
    print(json.dumps(vars(ingest(*map(int, sys.argv[1:])))))  # noqa: T201


if __name__ == "__main__":
    main()
