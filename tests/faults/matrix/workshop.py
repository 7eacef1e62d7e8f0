"""Runs a scan that meets a fault, and gathers what it has left."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from shared.core.models import ConnectionState, Scan, ScanStatus, Step
from shared.core.operator_jobs import OperatorJob
from shared.sql.collected.cost_lines import cost_lines
from shared.sql.scans.connections import Connections
from shared.sql.scans.dead_letters import DeadLetters
from shared.sql.scans.row_keys import row_bounds
from shared.sql.schema.cost_tables import COST_TABLES
from shared.sql.schema.tables import COLLECTED_TABLES, cost_totals
from tests.faults.matrix.bench import Bench, working
from tests.faults.matrix.fault import Fault
from tests.faults.matrix.front import Front
from tests.faults.matrix.moody import MoodyDatabase
from tests.faults.matrix.truth import REPULL
from tests.support.collecting import FIRST, TENANT, USER, latest, steps_of
from tests.support.databases import empty_file

Rows = Counter[tuple[Any, ...]]
IDS = {"row_id", "tenant_id", "scan_id", "sub_account_id"}


@dataclass(frozen=True)
class Left:
    """What a scan has left. `rows` are those of each (collector, subscription), without their ids."""

    scan: Scan
    steps: list[Step]
    rows: dict[tuple[str, str], Rows]
    totals: Rows
    lines: list[str]
    connection: ConnectionState
    seconds: float
    struck: int
    too_early: int
    job: OperatorJob | None
    texts: list[str] = field(default_factory=list)

    def step(self, collector: str) -> Step:
        """The one that was hit."""
        (found,) = (step for step in self.steps if (step.collector, step.subscription_id) == (collector, FIRST))
        return found


class Workshop:
    """Where scans are run one after another: one server, one database that is empty again for each, all else new."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.front = Front()
        self.untroubled = cache(self._untroubled)
        self.database = MoodyDatabase.connect(f"sqlite:///{folder / 'caleta.db'}")
        self._number = 0

    def scanned(self, subject: str, fault: Fault | None = None) -> Left:
        """One scan, whatever it meets."""
        self._number += 1
        empty_file(self.folder / "caleta.db")
        spoil = fault.spoil if fault else None
        at_first = None if subject == REPULL else spoil
        bench = Bench(self.folder / str(self._number), self.database, self.front, subject, at_first)
        try:
            scan = bench.consented_scan()
            if fault is not None and fault.disturb is not None:
                fault.disturb(bench)
            with working(bench):
                bench.run(scan)
                job = bench.read_again(scan, spoil) if subject == REPULL else None
            return _left(bench, scan, job)
        finally:
            bench.close()

    def _untroubled(self, subject: str) -> Left:
        """The same scan when nothing happens to it."""
        left = self.scanned(subject)
        assert left.scan.status is ScanStatus.COLLECTED
        assert all(left.rows[step.collector, step.subscription_id].total() >= 2 for step in left.steps)
        return left


@contextmanager
def workshop() -> Iterator[Workshop]:
    with tempfile.TemporaryDirectory(prefix="matrix-") as folder:
        opened = Workshop(Path(folder))
        yield opened
        opened.front.hang_up()


def _left(bench: Bench, scan: Scan, job: OperatorJob | None) -> Left:
    connection = Connections(bench.database).get(TENANT, USER)
    assert connection is not None
    letters = DeadLetters(bench.database).list()
    ended, steps = latest(bench, scan), steps_of(bench, scan)
    reasons = [ended.status_reason, job and job.state_reason, *(s.status_reason for s in steps)]
    over_at = (job.finished_at if job else ended.finished_at) or bench.time.now()
    return Left(
        scan=ended,
        job=job,
        steps=steps,
        rows={(s.collector, s.subscription_id): _rows(bench, s) for s in steps},
        totals=_totals(bench),
        lines=bench.lines.texts,
        connection=connection.state,
        seconds=(over_at - (job or ended).requested_at).total_seconds(),
        struck=bench.cloud.struck + bench.struck,
        too_early=bench.cloud.too_early,
        texts=[reason or "" for reason in (*reasons, *(each.reason for each in letters))],
    )


def _rows(bench: Bench, step: Step) -> Rows:
    (table,) = (each for each in COLLECTED_TABLES if each.name == step.collector)
    is_narrow = table in COST_TABLES
    source = cost_lines(step.scan_key, table) if is_narrow else table.select().subquery()
    wanted = select(*(column for column in source.c if column.name not in IDS))
    of_step = wanted.where(source.c.sub_account_id == step.subscription_id)
    with bench.database.reading(TENANT) as connection:
        bounds = row_bounds(connection, step.scan_key) if is_narrow else None
        return Counter(tuple(row) for row in connection.execute(of_step, bounds))


def _totals(bench: Bench) -> Rows:
    columns = [column for column in cost_totals.c if column.name not in {"total_id", "tenant_id", "scan_id"}]
    with bench.database.reading(TENANT) as connection:
        return Counter(tuple(row) for row in connection.execute(select(*columns)))
