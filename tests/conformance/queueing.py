"""Words for the queue contracts: two queues, and what is done with their messages."""

from datetime import datetime, timedelta

from local.queue import LocalQueue, LockedMessage, LockedSession
from shared.queues import DEAD_LETTERS, OutgoingMessage, Queue

PLAIN = Queue("plain", lock_duration=timedelta(minutes=5), max_delivery_count=3)
SESSIONS = Queue("sessions", requires_session=True, max_delivery_count=3)
QUEUES = (PLAIN, SESSIONS, DEAD_LETTERS)


def message(message_id: str, session_id: str | None = None, scheduled_for: datetime | None = None) -> OutgoingMessage:
    return OutgoingMessage(f"body of {message_id}".encode(), message_id, session_id, scheduled_for)


def send(queue: LocalQueue, *message_ids: str) -> None:
    queue.send("plain", [message(message_id) for message_id in message_ids])


def receive(queue: LocalQueue, name: str = "plain") -> LockedMessage:
    received = queue.receive(name)
    assert received is not None
    return received


def accept(queue: LocalQueue) -> LockedSession:
    session = queue.accept_next_session("sessions")
    assert session is not None
    return session


def receive_from(queue: LocalQueue, session: LockedSession) -> LockedMessage:
    received = queue.receive_from_session(session)
    assert received is not None
    return received


def is_empty(queue: LocalQueue, name: str = "plain") -> bool:
    counts = queue.counts(name)
    return (counts.active, counts.scheduled, counts.dead_lettered) == (0, 0, 0)
