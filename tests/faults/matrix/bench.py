"""A whole app on a bench: the real client, broker, collectors, queue and database; Azure and Entra are a server away.

Time is by hand: it moves when a worker sleeps, and to the next thing due when there is nothing to do.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import requests
from sqlalchemy.exc import DBAPIError

from collectors.base import Collector
from collectors.jobs import run
from collectors.registry import collector
from collectors.scan import plan as planning
from collectors.scan import step_work, subscriptions
from collectors.scan.sweep import sweep
from local.host.queue_messages import to_message
from local.queue import LockedMessage, LockLost
from shared import wiring
from shared.arm import client as arm_client
from shared.arm.paced_arm import PacedArm
from shared.arm.quota_state import QuotaStates
from shared.core.errors import CaletaError
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind, OperatorJob
from shared.core.settings import Settings, read_settings
from shared.identity.broker import TokenBroker
from shared.identity.entra import EntraClient
from shared.identity.vault import TokenVault
from shared.messaging import handler
from shared.messaging.job_messages import send_job
from shared.messaging.queues import DRAFT_FINDINGS, Queue
from shared.sql.engine.retries import CommitUnknown
from shared.sql.scans.connections import Connections
from tests.faults.breakable import Broken, Fuse, Killed, Machine
from tests.faults.matrix.azure import Azure, Spoil
from tests.faults.matrix.entra import FIRST_REFRESH_TOKEN
from tests.faults.matrix.front import Front
from tests.faults.matrix.moody import Mood, MoodyDatabase, undisturbed
from tests.faults.matrix.truth import LISTING, REPULL
from tests.support.collecting import FIRST, TENANT, USER, latest, settings_for, steps_of
from tests.support.entra_double import KEY
from tests.support.operator_jobs import asked_for, now_of

SWEEP_EVERY = timedelta(minutes=5)
MAX_ROUNDS = 2_000
PAGE_LIMIT = 12
"""Instead of a thousand: pages without end are to be noticed before a user loses patience."""

PATIENCE = timedelta(hours=3)
"""Instead of days: it is fewer messages. Faults that pass last less; `MAX_FAULTS` failures take about 70 minutes."""

READ_SECONDS = 0.5
REQUESTS_READ = 2
"""Of what asks one request for each kind of resource or term: the others are asked alike."""


Manner = Callable[["Bench", Queue, LockedMessage], None]
"""How the messages are delivered."""


def plainly(bench: "Bench", queue: Queue, message: LockedMessage) -> None:
    """Once, to one worker."""
    bench.work(queue, message)


class _Lines(logging.Handler):
    """Keeps what is logged, as text."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(logging.Formatter("%(levelname)s %(name)s %(message)s").format(record))


def troubled_and_witness(subject: str) -> tuple[Collector, Collector]:
    """The collector that is hit, and another, which has to go on as if nothing had been."""
    name = "costs" if subject in (LISTING, REPULL) else subject
    witness = "reservations" if name == "advisor" else "advisor"
    return _short(collector(name)), _short(collector(witness))


def _short(known: Collector) -> Collector:
    return replace(known, requests=lambda context: known.requests(context)[:REQUESTS_READ])


class Bench(Machine):
    """One app with one user who has consented."""

    breaks = (*Machine.breaks, CaletaError, CommitUnknown, DBAPIError, LockLost, OSError)

    def __init__(
        self, folder: Path, database: MoodyDatabase, front: Front, subject: str, spoil: Spoil | None = None
    ) -> None:
        self.subject = subject
        super().__init__(folder, Fuse(), troubled_and_witness(subject), database)
        self.set_fuse(self.fuse)
        database.mood, database.clock = undisturbed, self.time
        self.moody = database
        self.front = front
        self.cloud = Azure(front.url, self.time, "costs" if subject == REPULL else subject, spoil)
        front.answer = self.cloud.answer
        self.settings = _settings(front, self.settings.sql_url)
        self.http = requests.Session()
        self.vault = TokenVault((KEY,))
        self.lines = _Lines()
        self.struck = 0
        self.mood: Mood = undisturbed
        self.manner: Manner = plainly
        self.next_sweep = self.time.now() + SWEEP_EVERY
        self.connect()

    def connect(self) -> None:
        """Builds what is made of the parts under it."""
        self.arm = arm_client.ArmClient(self.front.url, self.clock, self.http)
        self.paced_arm = PacedArm(self.arm, QuotaStates(self.tables, self.clock), self.clock)
        self.entra = EntraClient(self.settings, self.http)
        self.tokens = TokenBroker(self.entra, self.database, self.vault, self.clock)

    def consented_scan(self) -> Scan:
        token = self.vault.encrypt(FIRST_REFRESH_TOKEN)
        Connections(self.database).save(TENANT, USER, "owner@contoso.example", token, self.time.now())
        return self.request_scan()

    def close(self) -> None:
        super().close()
        self.http.close()

    def set_fuse(self, fuse: Fuse) -> None:
        """Another fuse for the database and the queue."""
        self.fuse = fuse
        MoodyDatabase.fuse = type(self.bus).fuse = fuse

    def handle(self, queue: Queue, message: LockedMessage) -> None:
        if queue is not DRAFT_FINDINGS:  # What is made of the rows afterwards is no matter here.
            super().handle(queue, message)

    def _work_on(self, queue: Queue, message: LockedMessage) -> None:
        """As the functions do: by the handling of all queues, and settled by the host."""
        with self._in_its_mood():
            self.manner(self, queue, message)
        self.bus.complete(message)

    def work(self, queue: Queue, message: LockedMessage) -> None:
        """What one worker does with a message."""
        handler.handle(queue, to_message(message), lambda _, __: self.handle(queue, message))

    def is_troubled(self, queue: Queue) -> bool:
        """Whether messages of this queue meet the fault."""
        return queue.name == (
            "scan-requests" if self.subject == LISTING else f"collect-{self.subject.replace('_', '-')}"
        )

    @contextmanager
    def _in_its_mood(self) -> Iterator[None]:
        """The database's mood is for the app alone: who looks at it from outside sees what is there."""
        self.moody.mood = self.mood
        try:
            yield
        finally:
            self.moody.mood = undisturbed

    def run(self, scan: Scan, *, breaks_locks: bool = False) -> None:  # noqa: ARG002 - locks run out by themselves here
        self._until(lambda: latest(self, scan).status.is_final)

    def read_again(self, scan: Scan, spoil: Spoil | None) -> OperatorJob:
        """The scan's costs of the first subscription, read again on a reviewer's request: the job when it has ended."""
        self.cloud.turn(spoil)
        (wanted,) = (s for s in steps_of(self, scan) if (s.collector, s.subscription_id) == ("costs", FIRST))
        job = asked_for(self, scan, JobKind.REPULL, {"steps": [wanted.step_id]})
        send_job(self.bus, job, 1)
        self._until(lambda: now_of(self, job).state.is_final)
        return now_of(self, job)

    def _until(self, is_over: Callable[[], bool]) -> None:
        for _ in range(MAX_ROUNDS):
            with suppress(Killed):
                if self.work_once():
                    continue
            if is_over():
                return
            self._idle()
        raise AssertionError("it never ended")

    def _idle(self) -> None:
        """To the next moment at which something is due; the sweeper's timer is one of them."""
        now = self.time.now()
        self.time.moment = max(now + timedelta(milliseconds=1), min([self.next_sweep, *self._dues(now)]))
        if self.time.now() >= self.next_sweep:
            self.next_sweep = self.time.now() + SWEEP_EVERY
            with self._in_its_mood(), suppress(Broken, CommitUnknown, DBAPIError, OSError):
                sweep(self)

    def _dues(self, now: datetime) -> Iterator[datetime]:
        for queue in self.queues_known:
            for message in self.bus.peek(queue.name):
                if message.scheduled_for is not None and message.scheduled_for > now:
                    yield message.scheduled_for


def _settings(front: Front, sql_url: str) -> Settings:
    ours = {"ENTRA_AUTHORITY_HOST": front.url, "ARM_ENDPOINT": front.url}
    return read_settings({**settings_for(sql_url), **ours})


@contextmanager
def working(bench: Bench) -> Iterator[None]:
    """The app at work: its collectors, short limits, and all that it logs kept."""
    root = logging.getLogger()
    before = root.level
    with ExitStack() as changed:
        changed.callback(root.setLevel, before)
        changed.callback(wiring.use, None)
        changed.callback(root.removeHandler, bench.lines)
        changed.enter_context(patch.object(planning, "PLANNED_AT_START", bench.collected))
        changed.enter_context(patch.object(step_work, "MAX_PAGES", PAGE_LIMIT))
        changed.enter_context(patch.object(subscriptions, "MAX_PAGES", PAGE_LIMIT))
        changed.enter_context(patch.object(step_work, "PATIENCE", PATIENCE))
        changed.enter_context(patch.object(planning, "PATIENCE", PATIENCE))
        changed.enter_context(patch.object(run, "PATIENCE", PATIENCE))
        changed.enter_context(patch.object(arm_client, "READ_SECONDS", READ_SECONDS))
        wiring.use(bench)
        root.setLevel(logging.INFO)
        root.addHandler(bench.lines)
        yield
