"""Changes to messages inside one transaction: insert, lock, release, dead-letter."""

import sqlite3
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from local.queue.messages import LockedMessage, StoredMessage
from local.queue.storage import MICROSECOND, from_micros, to_micros
from shared.messaging.queues import DELIVERIES_USED_UP, EXPIRED, Queue

INSERT = """
INSERT INTO messages (queue, state, body, message_id, session_id, enqueued_at, scheduled_for, visible_at,
                      time_to_live, dead_letter_reason, dead_letter_description, dead_letter_source, traceparent)
VALUES (:queue, :state, :body, :message_id, :session_id, :enqueued_at, :scheduled_for, :visible_at,
        :time_to_live, :dead_letter_reason, :dead_letter_description, :dead_letter_source, :traceparent)
"""
RUN_OUT = """
SELECT * FROM messages WHERE queue = :queue AND state = 'locked' AND (
    locked_until <= :now OR session_lock_token IN (
        SELECT lock_token FROM session_locks WHERE queue = :queue AND locked_until <= :now))
"""
DUE = """
SELECT * FROM messages WHERE queue = :queue AND state = 'scheduled' AND visible_at <= :now
ORDER BY visible_at, sequence_number
"""
TOO_OLD = """
SELECT * FROM messages WHERE queue = :queue AND state = 'active' AND enqueued_at + time_to_live <= :now
ORDER BY sequence_number
"""
AVAILABLE = """
SELECT * FROM messages WHERE queue = :queue AND state = 'active' AND (:session_id IS NULL OR session_id = :session_id)
ORDER BY sequence_number LIMIT 1
"""
MAKE_AVAILABLE = """
UPDATE messages SET state = 'active', failed_deliveries = failed_deliveries + ?,
    lock_token = NULL, locked_until = NULL, session_lock_token = NULL
WHERE sequence_number = ?
"""
BURY = """
UPDATE messages SET state = 'dead', lock_token = NULL, locked_until = NULL, session_lock_token = NULL,
    dead_letter_reason = ?, dead_letter_description = ?
WHERE sequence_number = ?
"""


@dataclass
class Ledger:
    """The messages at the moment `now`. `has_news` says that something may have become available."""

    connection: sqlite3.Connection
    queues: Mapping[str, Queue]
    now: datetime
    has_news: bool = field(default=False)

    def insert(self, message: Mapping[str, object]) -> None:
        """Insert a new message with the next sequence number."""
        self.connection.execute(INSERT, message)
        self.has_news = True

    def advance(self, queue: Queue) -> None:
        """Apply what is due: locks expire, scheduled messages become active, old messages expire.

        A locked message does not expire before its lock ends.
        """
        at = {"queue": queue.name, "now": to_micros(self.now)}
        for row in self.connection.execute(RUN_OUT, at).fetchall():
            self.fail_delivery(row)
        self.connection.execute("DELETE FROM session_locks WHERE queue = :queue AND locked_until <= :now", at)
        for row in self.connection.execute(DUE, at).fetchall():
            self.insert({**dict(row), "state": "active", "enqueued_at": row["visible_at"]})
            self.delete(row)
        for row in self.connection.execute(TOO_OLD, at).fetchall():
            self.set_aside(row, EXPIRED, "The message expired and was dead lettered.")

    def available(self, queue: Queue, session_id: str | None = None) -> sqlite3.Row | None:
        """The first message that is not locked, of this session if one is given."""
        found = self.connection.execute(AVAILABLE, {"queue": queue.name, "session_id": session_id})
        row: sqlite3.Row | None = found.fetchone()
        return row

    def lock(self, row: sqlite3.Row, locked_until: datetime, session_lock_token: str | None = None) -> LockedMessage:
        """Lock the message for one receiver."""
        token = str(uuid.uuid4())
        until = None if session_lock_token else to_micros(locked_until)
        self.connection.execute(
            "UPDATE messages SET state = 'locked', lock_token = ?, locked_until = ?, session_lock_token = ?"
            " WHERE sequence_number = ?",
            (token, until, session_lock_token, row["sequence_number"]),
        )
        return LockedMessage(**vars(stored(row)), lock_token=token, locked_until=locked_until)

    def fail_delivery(self, row: sqlite3.Row) -> None:
        """Count the delivery; make the message available again or, after the last one, dead-letter it."""
        queue = self.queues[row["queue"]]
        if row["failed_deliveries"] + 1 >= queue.max_delivery_count:
            description = f"Message could not be consumed after {queue.max_delivery_count} delivery attempts."
            self.set_aside(row, DELIVERIES_USED_UP, description)
        else:
            self.make_available(row, failed_deliveries=1)

    def make_available(self, row: sqlite3.Row, failed_deliveries: int = 0) -> None:
        self.connection.execute(MAKE_AVAILABLE, (failed_deliveries, row["sequence_number"]))
        self.has_news = True

    def set_aside(self, row: sqlite3.Row, reason: str, description: str) -> None:
        """Dead-letter the message into the queue's own dead letters, or into the queue they are forwarded to.

        There its time to live starts over, and is not longer than before.
        https://github.com/Azure/azure-sdk-for-net/issues/6748
        """
        queue = self.queues[row["queue"]]
        if queue.forward_dead_lettered_to is None:
            self.connection.execute(BURY, (reason, description, row["sequence_number"]))
            return
        arrival = {
            "queue": queue.forward_dead_lettered_to,
            "state": "active",
            "enqueued_at": to_micros(self.now),
            "time_to_live": _shorter(row["time_to_live"], self.queues[queue.forward_dead_lettered_to].time_to_live),
            "dead_letter_reason": reason,
            "dead_letter_description": description,
            "dead_letter_source": queue.name,
        }
        self.insert({**dict(row), **arrival})
        self.delete(row)

    def delete(self, row: sqlite3.Row) -> None:
        self.connection.execute("DELETE FROM messages WHERE sequence_number = ?", (row["sequence_number"],))


def in_micros(duration: timedelta) -> int:
    """Whole microseconds."""
    return duration // MICROSECOND


def _expires_at(row: sqlite3.Row) -> datetime | None:
    """A message that is still scheduled is enqueued at its time."""
    if row["time_to_live"] is None:
        return None
    return from_micros(max(row["enqueued_at"], row["visible_at"] or 0) + row["time_to_live"])


def _shorter(micros: int | None, duration: timedelta) -> int:
    return in_micros(duration) if micros is None else min(micros, in_micros(duration))


def stored(row: sqlite3.Row) -> StoredMessage:
    """The message of this row."""
    return StoredMessage(
        queue=row["queue"],
        sequence_number=row["sequence_number"],
        body=row["body"],
        message_id=row["message_id"],
        session_id=row["session_id"],
        delivery_count=row["failed_deliveries"] + 1,
        enqueued_at=from_micros(row["enqueued_at"]),
        scheduled_for=None if row["scheduled_for"] is None else from_micros(row["scheduled_for"]),
        dead_letter_reason=row["dead_letter_reason"],
        dead_letter_description=row["dead_letter_description"],
        dead_letter_source=row["dead_letter_source"],
        traceparent=row["traceparent"],
        expires_at=_expires_at(row),
    )
