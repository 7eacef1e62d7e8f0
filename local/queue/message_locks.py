"""The locks on messages."""

import sqlite3
from dataclasses import replace

from local.queue.errors import MessageLockLost, SessionLockLost
from local.queue.ledger import Ledger
from local.queue.messages import LockedMessage
from local.queue.storage import to_micros
from shared.messaging.queues import Queue


def held_row(ledger: Ledger, message: LockedMessage) -> sqlite3.Row:
    """The message's row if this receiver still has it locked; raises MessageLockLost or SessionLockLost.

    An expired lock is gone by now: `advance` ran first.
    """
    found = ledger.connection.execute(
        "SELECT * FROM messages WHERE sequence_number = ? AND state = 'locked' AND lock_token = ?",
        (message.sequence_number, message.lock_token),
    )
    row: sqlite3.Row | None = found.fetchone()
    if row is None:
        lost = SessionLockLost if ledger.queues[message.queue].requires_session else MessageLockLost
        raise lost(f"the lock on message {message.sequence_number} of {message.queue} is lost")
    return row


def renew_message_lock(ledger: Ledger, queue: Queue, message: LockedMessage) -> LockedMessage:
    """Renew the message's lock for a whole lock duration; raises MessageLockLost."""
    row = held_row(ledger, message)
    until = ledger.now + queue.lock_duration
    ledger.connection.execute(
        "UPDATE messages SET locked_until = ? WHERE sequence_number = ?", (to_micros(until), row["sequence_number"])
    )
    return replace(message, locked_until=until)


def break_all_locks(ledger: Ledger) -> int:
    """End every lock as if it had expired; the number of messages that were locked."""
    held = ledger.connection.execute("SELECT * FROM messages WHERE state = 'locked'").fetchall()
    for row in held:
        ledger.fail_delivery(row)
    ledger.connection.execute("DELETE FROM session_locks")
    return len(held)
