import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import azure.functions as func
import pytest

from local.host.functions import index
from local.host.invocation import Invoker
from local.host.limits import QueueLimits
from local.host.pump import MessagePump, Pump, SessionPump
from local.queue import LocalQueue
from shared.core.clock import SystemClock
from shared.messaging.queues import OutgoingMessage, Queue
from tests.unit.local.host.apps import Work, queue_app

pytestmark = pytest.mark.slow

WORK = Queue("work", max_delivery_count=3, forward_dead_lettered_to="set-aside")
ORDERED = Queue("ordered", requires_session=True, forward_dead_lettered_to="set-aside")
SET_ASIDE = Queue("set-aside", forward_dead_lettered_to=None)
LIMITS = QueueLimits(2, 2, timedelta(minutes=30), timedelta(milliseconds=200))

StartPump = Callable[[Queue, Work], Pump]


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[LocalQueue]:
    made = LocalQueue(tmp_path / "queues.sqlite", (WORK, ORDERED, SET_ASIDE), SystemClock())
    yield made
    made.close()


@pytest.fixture
def start(queue: LocalQueue) -> Iterator[StartPump]:
    invoker = Invoker()
    pumps: list[Pump] = []

    def begin(source: Queue, work: Work) -> Pump:
        (function,) = index(queue_app(source.name, work, is_sessions_enabled=source.requires_session)).queues
        kind = SessionPump if source.requires_session else MessagePump
        pumps.append(kind(queue, function, invoker, LIMITS))
        pumps[-1].start()
        return pumps[-1]

    yield begin
    for pump in pumps:
        pump.stop()
        assert pump.drain(5)
    invoker.close()


def message(number: int, session_id: str | None = None) -> OutgoingMessage:
    return OutgoingMessage(body=b'{"n": %d}' % number, message_id=f"m{session_id}{number}", session_id=session_id)


def no_transaction() -> NoReturn:
    raise sqlite3.OperationalError("database is locked")


def failing_once(queue: LocalQueue) -> Callable[[], AbstractContextManager[sqlite3.Connection]]:
    """The next transaction fails, those after it do not."""
    faults, transaction = [no_transaction], queue._storage.transaction

    def next_transaction() -> AbstractContextManager[sqlite3.Connection]:
        return faults.pop()() if faults else transaction()

    return next_transaction


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within 10 s"
        time.sleep(0.01)


def test_a_function_that_returns_completes_its_message(queue: LocalQueue, start: StartPump) -> None:
    bodies: list[bytes] = []
    start(WORK, lambda given: bodies.append(given.get_body()))
    queue.send("work", [message(1)])
    eventually(lambda: bodies == [b'{"n": 1}'] and queue.counts("work").active == 0)


def test_a_function_that_raises_gets_its_message_again_until_it_is_set_aside(
    queue: LocalQueue, start: StartPump
) -> None:
    deliveries: list[int | None] = []

    def fail(given: func.ServiceBusMessage) -> None:
        deliveries.append(given.delivery_count)
        raise ArithmeticError("always")

    start(WORK, fail)
    queue.send("work", [message(1)])
    eventually(lambda: queue.counts("set-aside").active == 1)
    assert deliveries == [1, 2, 3]


def test_a_pump_outlives_a_queue_that_does_not_answer(
    queue: LocalQueue, start: StartPump, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies: list[bytes] = []
    queue.send("work", [message(1)])
    with monkeypatch.context() as broken:
        broken.setattr(queue._storage, "transaction", no_transaction)
        pump = start(WORK, lambda given: bodies.append(given.get_body()))
        pump.thread.join(0.2)
        assert pump.thread.is_alive()
    eventually(lambda: bodies == [b'{"n": 1}'] and queue.counts("work").active == 0)


@pytest.mark.parametrize("source", [WORK, ORDERED], ids=["plain", "sessions"])
def test_a_message_that_could_not_be_settled_is_left_to_its_lock_and_the_next_one_is_taken(
    queue: LocalQueue, start: StartPump, monkeypatch: pytest.MonkeyPatch, source: Queue
) -> None:
    done: list[bytes] = []

    def work(given: func.ServiceBusMessage) -> None:
        if not done:
            broken.setattr(queue._storage, "transaction", failing_once(queue))
        done.append(given.get_body())

    with monkeypatch.context() as broken:
        queue.send(source.name, [message(1, "a"), message(2, "b")])
        pump = start(source, work)
        eventually(lambda: len(done) >= 2)
        eventually(lambda: queue.counts(source.name).active <= 1)
        assert pump.thread.is_alive()


def test_a_function_that_returns_something_has_failed(queue: LocalQueue, start: StartPump) -> None:
    start(WORK, lambda _: "something")
    queue.send("work", [message(1)])
    eventually(lambda: queue.counts("set-aside").active == 1)


def test_the_message_is_as_the_real_host_fills_it(queue: LocalQueue, start: StartPump) -> None:
    seen: list[func.ServiceBusMessage] = []
    start(WORK, seen.append)
    queue.send("work", [message(7)])
    eventually(lambda: len(seen) == 1)
    given = seen[0]
    assert (given.message_id, given.delivery_count, given.session_id) == ("mNone7", 1, None)
    assert given.enqueued_time_utc is not None
    assert given.enqueued_time_utc.tzinfo is None
    assert given.locked_until is None
    assert given.application_properties == {}


def test_a_message_that_was_set_aside_says_why_and_where(queue: LocalQueue, start: StartPump) -> None:
    seen: list[func.ServiceBusMessage] = []
    start(SET_ASIDE, seen.append)
    queue.send("work", [message(1)])
    locked = queue.receive("work")
    assert locked is not None
    queue.dead_letter(locked, "TooOdd", "really")
    eventually(lambda: len(seen) == 1)
    assert seen[0].dead_letter_source == "work"
    assert seen[0].application_properties["DeadLetterReason"] == "TooOdd"
    assert seen[0].dead_letter_reason is None


def test_no_more_messages_are_in_work_than_host_json_allows(queue: LocalQueue, start: StartPump) -> None:
    go, running, most = threading.Event(), [0], [0]
    lock = threading.Lock()

    def work(_: func.ServiceBusMessage) -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        go.wait(10)
        with lock:
            running[0] -= 1

    start(WORK, work)
    queue.send("work", [message(number) for number in range(5)])
    eventually(lambda: running[0] == 2)
    go.set()
    eventually(lambda: queue.counts("work").active == 0)
    assert most == [2]


def test_messages_of_one_session_are_done_one_by_one_in_order(queue: LocalQueue, start: StartPump) -> None:
    done: list[tuple[str | None, bytes]] = []
    running = {"a": 0, "b": 0}

    def work(given: func.ServiceBusMessage) -> None:
        session = str(given.session_id)
        running[session] += 1
        assert running[session] == 1
        time.sleep(0.01)
        done.append((session, given.get_body()))
        running[session] -= 1

    start(ORDERED, work)
    queue.send("ordered", [message(number, session) for number in range(4) for session in ("a", "b")])
    eventually(lambda: len(done) == 8 and queue.counts("ordered").active == 0)
    for session in ("a", "b"):
        assert [body for name, body in done if name == session] == [b'{"n": %d}' % number for number in range(4)]


def test_a_message_that_runs_when_the_pump_stops_is_finished(queue: LocalQueue, start: StartPump) -> None:
    begun, go = threading.Event(), threading.Event()

    def work(_: func.ServiceBusMessage) -> None:
        begun.set()
        go.wait(10)

    pump = start(WORK, work)
    queue.send("work", [message(1)])
    assert begun.wait(10)
    pump.stop()
    threading.Timer(0.1, go.set).start()
    assert pump.drain(5)
    assert queue.counts("work").active == 0
