"""Words for the queue contracts: three queues, and what is done with their messages."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from local.queue import LockedMessage, LockedSession, QueueCounts, StoredMessage
from shared.messaging.queues import DEAD_LETTERS, OutgoingMessage, Queue

PLAIN = Queue("plain", lock_duration=timedelta(minutes=5), max_delivery_count=3, time_to_live=timedelta(hours=2))
SESSIONS = Queue("sessions", requires_session=True, max_delivery_count=3, time_to_live=timedelta(hours=2))
QUEUES = (PLAIN, SESSIONS, DEAD_LETTERS)

NOW = datetime(2090, 1, 1, tzinfo=UTC)
"""Far away: Microsoft's client compares locks with this machine's clock too, and would answer before the queue does."""


class ContractQueue(Protocol):
    """What the contracts are about; each refusal is one of local.queue's exceptions."""

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None: ...
    def check_connection(self, queue: str) -> None: ...
    def receive(self, queue: str) -> LockedMessage | None: ...
    def accept_next_session(self, queue: str) -> LockedSession | None: ...
    def receive_from_session(self, session: LockedSession) -> LockedMessage | None: ...
    def renew_session_lock(self, session: LockedSession) -> LockedSession: ...
    def release_session(self, session: LockedSession) -> None: ...
    def complete(self, message: LockedMessage) -> None: ...
    def abandon(self, message: LockedMessage) -> None: ...
    def dead_letter(self, message: LockedMessage, reason: str, description: str = "") -> None: ...
    def renew_lock(self, message: LockedMessage) -> LockedMessage: ...
    def counts(self, queue: str) -> QueueCounts: ...
    def peek(self, queue: str, limit: int = 100, *, dead_lettered: bool = False) -> list[StoredMessage]: ...


def message(message_id: str, session_id: str | None = None, scheduled_for: datetime | None = None) -> OutgoingMessage:
    return OutgoingMessage(f"body of {message_id}".encode(), message_id, session_id, scheduled_for)


def send(queue: ContractQueue, *message_ids: str) -> None:
    queue.send("plain", [message(message_id) for message_id in message_ids])


def receive(queue: ContractQueue, name: str = "plain") -> LockedMessage:
    received = queue.receive(name)
    assert received is not None
    return received


def accept(queue: ContractQueue) -> LockedSession:
    session = queue.accept_next_session("sessions")
    assert session is not None
    return session


def receive_from(queue: ContractQueue, session: LockedSession) -> LockedMessage:
    received = queue.receive_from_session(session)
    assert received is not None
    return received


def is_empty(queue: ContractQueue, name: str = "plain") -> bool:
    counts = queue.counts(name)
    return (counts.active, counts.scheduled, counts.dead_lettered) == (0, 0, 0)
