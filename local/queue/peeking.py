"""Reads a queue without locking anything."""

from datetime import datetime

from local.queue.ledger import Ledger, stored
from local.queue.messages import QueueCounts, StoredMessage
from local.queue.sessions import next_session
from local.queue.storage import from_micros
from shared.messaging.queues import Queue


def is_available(ledger: Ledger, queue: Queue) -> bool:
    """Whether a receiver would get a message now."""
    if queue.requires_session:
        return next_session(ledger, queue) is not None
    return ledger.available(queue) is not None


def next_due(ledger: Ledger, queue: Queue) -> datetime | None:
    """When the queue's next scheduled message becomes active."""
    found = ledger.connection.execute(
        "SELECT MIN(visible_at) FROM messages WHERE queue = ? AND state = 'scheduled'", (queue.name,)
    )
    micros = found.fetchone()[0]
    return None if micros is None else from_micros(micros)


def count(ledger: Ledger, queue: Queue) -> QueueCounts:
    """How many messages are in each state."""
    found = ledger.connection.execute(
        "SELECT state, COUNT(*) FROM messages WHERE queue = ? GROUP BY state", (queue.name,)
    )
    by_state = dict.fromkeys(("active", "locked", "scheduled", "dead"), 0) | dict(found.fetchall())
    return QueueCounts(
        active=by_state["active"] + by_state["locked"],
        locked=by_state["locked"],
        scheduled=by_state["scheduled"],
        dead_lettered=by_state["dead"],
    )


def peek(ledger: Ledger, queue: Queue, limit: int, dead_lettered: bool) -> list[StoredMessage]:
    """The first messages, in order: the queue's own dead letters, or all others."""
    found = ledger.connection.execute(
        "SELECT * FROM messages WHERE queue = ? AND (state = 'dead') = ? ORDER BY sequence_number LIMIT ?",
        (queue.name, dead_lettered, limit),
    )
    return [stored(row) for row in found]
