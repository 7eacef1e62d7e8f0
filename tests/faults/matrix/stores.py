"""Our own faults, by what the app stands on: the database, the queue, the clock."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from local.queue import LockedMessage
from shared.core.clock import Clock
from shared.messaging.queues import OutgoingMessage, Queue, QueueSender
from tests.faults.matrix.bench import Bench
from tests.faults.matrix.fault import Fault, never
from tests.faults.matrix.moody import Moment, deadlock, lost_answer, unavailable
from tests.faults.matrix.truth import LISTING

GROUP = "What our app stands on"


def from_first_message(begin: Callable[[Bench], None]) -> Callable[[Bench], None]:
    """Arranges what begins with the troubled queue's first message."""

    def disturb(bench: Bench) -> None:
        def beginning(_: Bench, queue: Queue, message: LockedMessage) -> None:
            if bench.is_troubled(queue) and not bench.struck:
                bench.struck += 1
                begin(bench)
                bench.moody.mood = bench.mood
            bench.work(queue, message)

        bench.manner = beginning

    return disturb


def sql_down(span: timedelta) -> Callable[[Bench], None]:
    def begin(bench: Bench) -> None:
        until = bench.time.now() + span

        def mood(_: Moment) -> None:
            if bench.time.now() < until:
                raise unavailable()

        bench.mood = mood

    return from_first_message(begin)


def every_third(moment: Moment, error: Callable[[], Exception]) -> Callable[[Bench], None]:
    """Every third transaction fails at this moment."""

    def begin(bench: Bench) -> None:
        numbers = count(1)

        def mood(at: Moment) -> None:
            if at is moment and next(numbers) % 3 == 0:
                raise error()

        bench.mood = mood

    return from_first_message(begin)


def slow(bench: Bench) -> None:
    def mood(at: Moment) -> None:
        if at is Moment.BEGIN:
            bench.time.sleep(20)

    bench.mood = mood


@dataclass
class Down(QueueSender):
    """A queue that nothing can be sent to for a while."""

    bench: Bench
    until: datetime

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None:
        if self.bench.time.now() < self.until:
            raise ConnectionError("the namespace cannot be reached")
        self.bench.bus.send(queue, messages)

    def check_connection(self, queue: str) -> None:
        self.bench.bus.check_connection(queue)


def queue_down(bench: Bench) -> None:
    bench.queues = Down(bench, bench.time.now() + timedelta(minutes=3))


@dataclass
class Changing(QueueSender):
    """A queue that makes something else of what is sent."""

    bench: Bench
    change: Callable[[str, list[OutgoingMessage]], list[OutgoingMessage]]

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None:
        self.bench.bus.send(queue, self.change(queue, messages))

    def check_connection(self, queue: str) -> None:
        self.bench.bus.check_connection(queue)


def tables_down(bench: Bench) -> None:
    """Nothing is known of quotas any more: Azure's own refusals set the pace."""
    bench.table_store.is_down = True


EARLIER = {"tenant_id", "scan_id", "step_id", "attempt", "faults"}
"""What messages held before the newest deployment."""


def earlier_messages(bench: Bench) -> None:
    """All that is sent is in the earlier version's words."""

    def earlier(_: str, messages: list[OutgoingMessage]) -> list[OutgoingMessage]:
        bench.struck += 1
        return [replace(each, body=_without_news(each.body)) for each in messages]

    bench.queues = Changing(bench, earlier)


def _without_news(body: bytes) -> bytes:
    return json.dumps({name: value for name, value in json.loads(body).items() if name in EARLIER}).encode()


def lost_message(bench: Bench) -> None:
    """The first message to the troubled queue is taken and never delivered."""

    def losing(queue: str, messages: list[OutgoingMessage]) -> list[OutgoingMessage]:
        (troubled,) = (each for each in bench.queues_known if bench.is_troubled(each))
        if queue != troubled.name or bench.struck:
            return messages
        bench.struck += 1
        return messages[1:]

    bench.queues = Changing(bench, losing)


@dataclass(frozen=True)
class Skewed(Clock):
    """A machine's clock that is wrong by so much."""

    right: Clock
    by: timedelta

    def now(self) -> datetime:
        return self.right.now() + self.by

    def sleep(self, seconds: float) -> None:
        self.right.sleep(seconds)


def skewed(bench: Bench) -> None:
    """Messages are worked on by machines whose clocks are ten minutes fast and slow in turn."""
    turns = count()

    def by_turns(_: Bench, queue: Queue, message: LockedMessage) -> None:
        bench.struck += bench.is_troubled(queue)
        bench.clock = Skewed(bench.time, timedelta(minutes=10 if next(turns) % 2 else -10))
        bench.work(queue, message)

    bench.manner = by_turns


FAULTS = (
    Fault(GROUP, "SQL down for a minute", disturb=sql_down(timedelta(minutes=1))),
    Fault(GROUP, "SQL down for ten minutes", disturb=sql_down(timedelta(minutes=10))),
    Fault(GROUP, "SQL down for an hour", disturb=sql_down(timedelta(hours=1))),
    Fault(GROUP, "SQL slow: 20 s for each transaction", disturb=from_first_message(slow)),
    Fault(GROUP, "every third transaction a deadlock's victim", disturb=every_third(Moment.COMMIT, deadlock)),
    Fault(GROUP, "the answer to every third commit lost", disturb=every_third(Moment.ANSWER, lost_answer)),
    Fault(GROUP, "queue down between commit and send", disturb=from_first_message(queue_down)),
    Fault(
        GROUP,
        "a message taken by the queue and lost",
        disturb=lost_message,
        but={LISTING: never("nothing is sent for it but the request itself")},
    ),
    Fault(GROUP, "table storage down", disturb=from_first_message(tables_down)),
    Fault(GROUP, "clocks ten minutes fast and slow in turn", disturb=skewed),
    Fault(GROUP, "messages of the earlier version", disturb=earlier_messages),
)
