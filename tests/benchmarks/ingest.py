"""collect_costs into SQLite, beside a bare loop over the same bytes.

`python -m tests.benchmarks.ingest 100000 5` prints the median ratio of processor time over
five rounds of so many rows.
"""

import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import requests

from collectors.costs import COLLECTOR
from collectors.scan.run import collect
from shared.core.models import Scan, StepStatus
from tests.benchmarks.cost_pages import NAMES, cost_pages
from tests.support.arm_replay import SUBSCRIPTION, Reply, Wire, client
from tests.support.collecting import Surroundings, collecting_scan, step_body, steps_of


class LazyWire(Wire):
    """Makes each page when it is asked for, so that none waits in memory."""

    def __init__(self, pages: Iterable[bytes]) -> None:
        super().__init__()
        self._pages = iter(pages)

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        self.replies = [Reply(body=next(self._pages), headers={"Content-Type": "application/json"})]
        return super().send(request)


@dataclass(frozen=True)
class CostStep:
    """A planned step of costs in a database of its own, and the pages that Azure will answer."""

    parts: Surroundings
    scan: Scan

    def collect(self) -> None:
        """The whole step as the queue's trigger runs it: client, collector, database."""
        (step,) = steps_of(self.parts, self.scan)
        collect(self.parts, COLLECTOR, step_body(step))
        (step,) = steps_of(self.parts, self.scan)
        if step.status is not StepStatus.SUCCEEDED:
            raise RuntimeError(f"the step ended {step.status}: {step.status_reason}")


def cost_step(folder: Path, pages: Iterable[bytes]) -> CostStep:
    """Everything up to the moment when the step's message arrives."""
    folder.mkdir()
    parts = Surroundings(folder)
    parts.arm = client(LazyWire(pages), clock=parts.time)
    return CostStep(parts, collecting_scan(parts, [(COLLECTOR.name, SUBSCRIPTION)]))


def bare_loop(path: Path, pages: Iterable[bytes]) -> None:
    """The least that stores these bytes as rows: json.loads, executemany, one commit."""
    marks = ", ".join("?" * len(NAMES))
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE bare ({', '.join(NAMES)})")
    for page in pages:
        connection.executemany(f"INSERT INTO bare VALUES ({marks})", json.loads(page)["properties"]["rows"])  # noqa: S608
    connection.commit()
    connection.close()


@dataclass(frozen=True)
class Timing:
    """What a piece of work took: seconds by the clock on the wall, and of the processor's time."""

    wall: float
    processor: float


@dataclass(frozen=True)
class Round:
    """Both loops over the same bytes, one right after the other."""

    bare: Timing
    ours: Timing

    @property
    def wall_ratio(self) -> float:
        return self.bare.wall / self.ours.wall

    @property
    def processor_ratio(self) -> float:
        return self.bare.processor / self.ours.processor


def timed(work: Callable[[], object]) -> Timing:
    """How long the work takes."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Timing(time.perf_counter() - wall, time.process_time() - processor)


def rounds(folder: Path, rows: int, count: int) -> list[Round]:
    """So many rounds, turn by turn, so that a busy machine slows both loops."""
    pages = list(cost_pages(rows))
    cost_step(folder / "warm", pages[-1:]).collect()
    found = []
    for turn in range(count):
        step = cost_step(folder / f"{turn}", pages)
        bare = timed(partial(bare_loop, folder / f"{turn}.db", pages))
        found.append(Round(bare, timed(step.collect)))
        step.parts.database.dispose()
    return found


def main() -> None:
    rows, count = map(int, sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        print(median(turn.processor_ratio for turn in rounds(Path(folder), rows, count)))  # noqa: T201


if __name__ == "__main__":
    main()
