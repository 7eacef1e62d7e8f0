"""A whole scan on one machine whose every step can be made to break: the real database, queue and collectors.

Azure answers by script, and the clock moves only when there is nothing to do.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from collectors.base import Collector
from collectors.dead_letters import record
from collectors.jobs.run import run as work_on_job
from collectors.registry import collector
from collectors.scan import plan as planning
from collectors.scan.finish import finish
from collectors.scan.plan import plan
from collectors.scan.run import collect
from collectors.scan.sweep import sweep
from findings.draft import draft
from local.queue import LocalQueue, LockedMessage, LockedSession, LockLost
from shared.arm.request import ArmPage, ArmRequest, TokenSource
from shared.core.errors import AzureUnavailable, BadMessage, Throttled
from shared.core.models import Scan
from shared.messaging.progress import send_renewed
from shared.messaging.queues import (
    DEAD_LETTERS,
    DRAFT_FINDINGS,
    OPERATOR_JOBS,
    SCAN_FINISHES,
    SCAN_REQUESTS,
    OutgoingMessage,
    Queue,
    collector_queue,
)
from shared.sql.engine.engine import Database
from shared.sql.scans.steps import Steps
from tests.support.collecting import (
    FIRST,
    SECOND,
    ScriptedAzure,
    Surroundings,
    cost_page,
    inventory_page,
    latest,
    requested_scan,
    scan_message,
)
from tests.support.databases import with_shared_statements

COLLECTED = (collector("costs"), collector("inventory"))
TABLES = ("costs", "inventory", "raw_pages", "cost_totals", "scans")
IDLE_SECONDS = 60


def queues_of(collected: tuple[Collector, ...]) -> tuple[Queue, ...]:
    """The queues of a scan that is read by these."""
    collecting = (collector_queue(each.name, each.requires_session) for each in collected)
    return (SCAN_REQUESTS, *collecting, SCAN_FINISHES, DRAFT_FINDINGS, DEAD_LETTERS, OPERATOR_JOBS)


class Killed(BaseException):
    """The process has ended: nothing of it runs any more, not even an `except Exception`."""


class Broken(Exception):
    """Something under us failed once: the database, the network to the queue."""


class Fuse:
    """Counts everything that can break, once it is lit, and breaks at one of them."""

    def __init__(self, breaks_at: int | None = None, kind: type[BaseException] = Killed) -> None:
        self.points = 0
        self.is_lit = False
        self.breaks_at = breaks_at
        self.kind = kind

    def point(self) -> None:
        if not self.is_lit:
            return
        self.points += 1
        if self.points == self.breaks_at:
            raise self.kind(f"at point {self.points}")


class BreakableDatabase(Database):
    """Can break before a transaction, before its commit and after it, when the answer is lost."""

    fuse = Fuse()

    @contextmanager
    def transaction(self, tenant_id: str) -> Iterator[Connection]:
        self.fuse.point()
        with super().transaction(tenant_id) as connection:
            yield connection
            self.fuse.point()
        self.fuse.point()

    @contextmanager
    def reading(self, tenant_id: str) -> Iterator[Connection]:
        self.fuse.point()
        with super().reading(tenant_id) as connection:
            yield connection


class BreakableQueue(LocalQueue):
    """Can break before a message is sent and after it; loses the message of number `loses` in silence."""

    fuse = Fuse()
    loses: int | None = None
    sent = 0

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None:
        self.fuse.point()
        self.sent += 1
        if self.sent != self.loses:
            super().send(queue, messages)
        self.fuse.point()


class MoodyAzure(ScriptedAzure):
    """Has a mishap at the first asking of some pages; can break before a call and after it."""

    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self.fuse = fuse
        self.lists(FIRST, SECOND)
        costs, inventory = (each.endpoint.name for each in COLLECTED)
        self.pages[costs, FIRST] = [cost_page(FIRST, "1.5", "2.25"), cost_page(FIRST, "-0.5"), cost_page(FIRST, "7")]
        self.pages[costs, SECOND] = [cost_page(SECOND, "0.1", "0.2")]
        self.pages[inventory, FIRST] = [inventory_page(FIRST, "one", "two"), inventory_page(FIRST, "three")]
        self.pages[inventory, SECOND] = [inventory_page(SECOND)]
        self.moods: dict[tuple[str, str | None, str | None], Exception] = {
            ("list_subscriptions", None, None): Throttled(20, "Azure Resource Manager"),
            (costs, FIRST, "1"): Throttled(53, "Cost Management"),
            (costs, SECOND, None): AzureUnavailable("reset"),
            (inventory, FIRST, None): Throttled(3, "Resource Graph"),
        }

    def send(self, request: ArmRequest, tokens: TokenSource, cursor: str | None = None) -> ArmPage:
        self.fuse.point()
        mood = self.moods.pop((request.endpoint.name, request.subscription_id, cursor), None)
        if mood is not None:
            raise mood
        page = super().send(request, tokens, cursor)
        self.fuse.point()
        return page


class Machine(Surroundings):
    """The app, its database and its queue. What escapes a function as one of `breaks` gives its message back."""

    breaks: tuple[type[Exception], ...] = (Broken, ArithmeticError)

    def __init__(
        self, folder: Path, fuse: Fuse, collected: tuple[Collector, ...] = (), database: Database | None = None
    ) -> None:
        folder.mkdir()
        super().__init__(folder, database)
        self.file = folder / "caleta.db"
        self.fuse = fuse
        self._collected = collected
        self.queues_known = queues_of(self.collected)
        BreakableDatabase.fuse = BreakableQueue.fuse = fuse
        if database is None:
            self.database.dispose()
            self.database = BreakableDatabase.connect(self.settings.sql_url, clock=self.time)
            with_shared_statements(self.database)
        self.bus = BreakableQueue(folder / "queue.db", self.queues_known, self.time)
        self.queues = self.bus
        self.arm = MoodyAzure(fuse)

    @property
    def collected(self) -> tuple[Collector, ...]:
        return self._collected or COLLECTED

    def close(self) -> None:
        self.database.dispose()
        self.bus.close()

    def request_scan(self) -> Scan:
        scan = requested_scan(self)
        message = OutgoingMessage(scan_message(scan), f"{scan.scan_id}:plan:1")
        self.bus.send(SCAN_REQUESTS.name, [message])
        self.bus.sent = 0
        return scan

    def handle(self, queue: Queue, message: LockedMessage) -> None:
        """What the functions of the app do with a message of this queue."""
        if message.delivery_count > 1 and send_renewed(self, queue.name, message.body, message.session_id):
            return
        if queue is SCAN_REQUESTS:
            plan(self, message.body)
        elif queue is SCAN_FINISHES:
            finish(self, message.body)
        elif queue is DRAFT_FINDINGS:
            draft(self, message.body)
        elif queue is DEAD_LETTERS:
            record(self, message.body, message.dead_letter_reason or "", message.dead_letter_source or "")
        elif queue is OPERATOR_JOBS:
            work_on_job(self, message.body)
        else:
            (known,) = (each for each in self.collected if collector_queue(each.name).name == queue.name)
            collect(self, known, message.body)

    def deliver(self, queue: Queue) -> bool:
        """Delivers the queue's next message; False if there is none."""
        session = self.bus.accept_next_session(queue.name) if queue.requires_session else None
        if queue.requires_session and session is None:
            return False
        message = self._next(queue, session)
        try:
            if message is not None:
                self._work_on(queue, message)
        except self.breaks:
            if message is not None:
                with suppress(LockLost):  # It may have broken after the message was completed.
                    self.bus.abandon(message)
        if session is not None:
            self.bus.release_session(session)
        return message is not None

    def _next(self, queue: Queue, session: LockedSession | None) -> LockedMessage | None:
        return self.bus.receive(queue.name) if session is None else self.bus.receive_from_session(session)

    def _work_on(self, queue: Queue, message: LockedMessage) -> None:
        try:
            self.handle(queue, message)
        except BadMessage as error:
            self.bus.dead_letter(message, str(error))
            return
        self.fuse.point()
        self.bus.complete(message)
        self.fuse.point()

    def run(self, scan: Scan, *, breaks_locks: bool = False) -> None:
        """Works, is killed and starts again, and sweeps now and then, until the scan has ended."""
        for _ in range(200):
            try:
                if self.work_once():
                    continue
                if latest(self, scan).status.is_final:
                    return
                self.time.sleep(IDLE_SECONDS)
                sweep(self)
            except Killed:
                if breaks_locks:
                    self.bus.break_locks()
                    Steps(self.database).break_leases()
            except Broken:
                self.time.sleep(IDLE_SECONDS)
        pytest.fail(f"the scan never ended: {latest(self, scan)}")

    def work_once(self) -> bool:
        """Delivers one message of each queue; False if all are empty."""
        delivered = [self.deliver(queue) for queue in self.queues_known]
        return any(delivered)

    def stored(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that the scan has left, without what differs from one run to the next: ids and moments."""
        with closing(sqlite3.connect(self.file)) as connection:
            return {table: _rows(connection, table) for table in TABLES}


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    differing = {"scan_id", "total_id", "received_at", "requested_at", "finished_at", "drafting_ended_at"}
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] not in differing]
    return sorted(connection.execute(f"SELECT {', '.join(names)} FROM {table}"), key=repr)  # noqa: S608


@pytest.fixture
def two_collectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two collectors are enough: one with sessions and one without."""
    monkeypatch.setattr(planning, "PLANNED_AT_START", COLLECTED)
