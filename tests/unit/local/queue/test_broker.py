"""Waiting for messages, and what a host does at its start."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from local.queue import (
    LocalQueue,
    MessageLockLost,
    MessageSizeExceeded,
    QueueCounts,
    QueueNotFound,
    SessionLockLost,
    broker,
)
from shared.core.clock import SystemClock
from shared.messaging.queues import DEAD_LETTERS, MAX_MESSAGE_BYTES, OutgoingMessage, Queue
from tests.support.clock import START, FakeClock

PLAIN = Queue("plain", max_delivery_count=2)
OTHER = Queue("other")
SESSIONS = Queue("sessions", requires_session=True, max_delivery_count=2)
QUEUES = (PLAIN, OTHER, SESSIONS, DEAD_LETTERS)
PATIENCE_SECONDS = 20.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def queue(tmp_path: Path, clock: FakeClock) -> Iterator[LocalQueue]:
    opened = LocalQueue(tmp_path / "queue.db", QUEUES, clock)
    yield opened
    opened.close()


def message(message_id: str, session_id: str | None = None) -> OutgoingMessage:
    return OutgoingMessage(b"", message_id, session_id)


def test_a_speed_up_shortens_the_wait_of_scheduled_messages_only(tmp_path: Path, clock: FakeClock) -> None:
    queue = LocalQueue(tmp_path / "fast.db", QUEUES, clock, speed_up=60)
    queue.send("plain", [OutgoingMessage(b"", "later", scheduled_for=START + timedelta(hours=1))])
    clock.sleep(59)
    assert queue.receive("plain") is None
    clock.sleep(1)
    received = queue.receive("plain")
    assert received is not None
    assert received.locked_until == clock.now() + timedelta(minutes=5)
    queue.close()


def test_a_message_may_have_the_size_limit_to_the_byte(queue: LocalQueue) -> None:
    queue.send("plain", [OutgoingMessage(bytes(MAX_MESSAGE_BYTES - 3), "one")])
    with pytest.raises(MessageSizeExceeded):
        queue.send("plain", [OutgoingMessage(bytes(MAX_MESSAGE_BYTES - 2), "two")])


def test_a_released_message_is_back_and_counts_no_delivery(queue: LocalQueue) -> None:
    queue.send("plain", [message("one")])
    for _ in range(5):
        held = queue.receive("plain")
        assert held is not None
        assert held.delivery_count == 1
        queue.release(held)
        with pytest.raises(MessageLockLost):
            queue.complete(held)


def test_a_wait_ends_at_once_when_there_is_something_to_receive(queue: LocalQueue) -> None:
    queue.send("plain", [message("one")])
    assert queue.wait_for_message(0)
    assert queue.wait_for_message(0, ["other", "plain"])


def test_a_wait_ends_with_false_when_nothing_came(queue: LocalQueue) -> None:
    queue.send("other", [message("one")])
    began = time.monotonic()
    assert not queue.wait_for_message(0.05, ["plain", "sessions"])
    assert time.monotonic() - began >= 0.05


def test_what_is_held_is_not_waited_for(queue: LocalQueue, clock: FakeClock) -> None:
    queue.send("plain", [message("one")])
    queue.send("sessions", [message("a1", "a"), message("a2", "a")])
    queue.receive("plain")
    queue.accept_next_session("sessions")
    assert not queue.wait_for_message(0)
    clock.sleep(5 * 60)
    assert queue.wait_for_message(0, ["plain"]), "the lock has run out"
    assert queue.wait_for_message(0, ["sessions"])


@pytest.mark.parametrize("news", ["sent", "abandoned", "released", "set aside"])
def test_a_waiting_receiver_is_woken(queue: LocalQueue, news: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "MAX_WAIT_SECONDS", 2 * PATIENCE_SECONDS)
    queue.send("plain", [message("held")])
    queue.send("sessions", [message("held", "a")])
    held, session = queue.receive("plain"), queue.accept_next_session("sessions")
    assert held
    assert session
    waited: list[bool] = []
    receiver = threading.Thread(target=lambda: waited.append(queue.wait_for_message(PATIENCE_SECONDS)))
    receiver.start()
    receiver.join(0.05)
    assert receiver.is_alive(), "it waits"
    {
        "sent": lambda: queue.send("other", [message("new")]),
        "abandoned": lambda: queue.abandon(held),
        "released": lambda: queue.release_session(session),
        "set aside": lambda: queue.dead_letter(held, "reason"),
    }[news]()
    receiver.join(PATIENCE_SECONDS / 2)
    assert waited == [True]


def test_a_waiting_receiver_sees_a_scheduled_message_become_due(tmp_path: Path) -> None:
    clock = SystemClock()
    queue = LocalQueue(tmp_path / "queue.db", QUEUES, clock, speed_up=60)
    due = clock.now() + timedelta(seconds=6)
    queue.send("plain", [OutgoingMessage(b"", "later", scheduled_for=due)])
    assert not queue.wait_for_message(0)
    assert queue.wait_for_message(PATIENCE_SECONDS, ["plain"])
    assert clock.now() < due, "a wait of 6 s lasts 0.1 s at 60 times the speed"
    queue.close()


def test_a_host_that_starts_breaks_the_locks_of_the_one_that_died(queue: LocalQueue) -> None:
    queue.send("plain", [message("one"), message("two")])
    queue.send("sessions", [message("a1", "a")])
    held, session = queue.receive("plain"), queue.accept_next_session("sessions")
    assert held
    assert session
    assert queue.receive_from_session(session)
    assert queue.break_locks() == 2
    again = queue.receive("plain")
    assert again
    assert (again.message_id, again.delivery_count) == ("one", 2)
    with pytest.raises(MessageLockLost):
        queue.complete(held)
    with pytest.raises(SessionLockLost):
        queue.receive_from_session(session)
    assert queue.break_locks() == 1
    assert queue.counts("dead-letters") == QueueCounts(active=1, locked=0, scheduled=0, dead_lettered=0)


def test_a_queue_whose_dead_letters_go_nowhere_is_refused(tmp_path: Path, clock: FakeClock) -> None:
    with pytest.raises(QueueNotFound):
        LocalQueue(tmp_path / "queue.db", (PLAIN,), clock)


def test_a_peek_takes_nothing_and_shows_what_is_held_or_scheduled(queue: LocalQueue) -> None:
    later = OutgoingMessage(b"", "later", scheduled_for=START + timedelta(hours=1))
    queue.send("plain", [message("held"), later, message("free")])
    assert queue.receive("plain")
    assert [peeked.message_id for peeked in queue.peek("plain")] == ["held", "later", "free"]
    assert [peeked.message_id for peeked in queue.peek("plain", limit=1)] == ["held"]
    assert queue.counts("plain") == QueueCounts(active=2, locked=1, scheduled=1, dead_lettered=0)
