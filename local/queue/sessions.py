"""Sessions: one receiver at a time reads the messages of one session, in order.

https://learn.microsoft.com/azure/service-bus-messaging/message-sessions
"""

import sqlite3
import uuid
from datetime import datetime

from local.queue.errors import SessionLockLost
from local.queue.ledger import Ledger
from local.queue.messages import LockedSession
from local.queue.storage import from_micros, to_micros
from shared.messaging.queues import Queue

NEXT = """
SELECT session_id FROM messages WHERE queue = :queue AND state = 'active' AND NOT EXISTS (
    SELECT 1 FROM session_locks
    WHERE session_locks.queue = messages.queue AND session_locks.session_id = messages.session_id)
ORDER BY sequence_number LIMIT 1
"""


def next_session(ledger: Ledger, queue: Queue) -> str | None:
    """The session with the oldest message among those that are not locked."""
    row = ledger.connection.execute(NEXT, {"queue": queue.name}).fetchone()
    return None if row is None else str(row["session_id"])


def lock_session(ledger: Ledger, queue: Queue, session_id: str) -> LockedSession:
    """Lock an unlocked session for one receiver."""
    session = LockedSession(queue.name, session_id, str(uuid.uuid4()), ledger.now + queue.lock_duration)
    ledger.connection.execute(
        "INSERT INTO session_locks (queue, session_id, lock_token, locked_until) VALUES (?, ?, ?, ?)",
        (queue.name, session_id, session.lock_token, to_micros(session.locked_until)),
    )
    return session


def held_until(ledger: Ledger, session: LockedSession) -> datetime:
    """Until when this receiver has locked the session; raises SessionLockLost when it no longer has."""
    row = _lock(ledger, session)
    if row is None:
        raise SessionLockLost(f"the lock on a session of {session.queue} is lost")
    return from_micros(row["locked_until"])


def renew(ledger: Ledger, queue: Queue, session: LockedSession) -> datetime:
    """Renew the session's lock for a whole lock duration; raises SessionLockLost."""
    held_until(ledger, session)
    until = ledger.now + queue.lock_duration
    ledger.connection.execute(
        "UPDATE session_locks SET locked_until = ? WHERE lock_token = ?", (to_micros(until), session.lock_token)
    )
    return until


def release(ledger: Ledger, session: LockedSession) -> None:
    """Release the session. Service Bus does not count a delivery for messages not settled by then."""
    if _lock(ledger, session) is None:
        return
    unsettled = "SELECT * FROM messages WHERE queue = ? AND state = 'locked' AND session_lock_token = ?"
    for row in ledger.connection.execute(unsettled, (session.queue, session.lock_token)).fetchall():
        ledger.make_available(row)
    ledger.connection.execute("DELETE FROM session_locks WHERE lock_token = ?", (session.lock_token,))
    ledger.has_news = True


def _lock(ledger: Ledger, session: LockedSession) -> sqlite3.Row | None:
    """The session's lock if it is still this receiver's. Expired locks are gone: `advance` ran first."""
    found = ledger.connection.execute(
        "SELECT * FROM session_locks WHERE queue = ? AND session_id = ? AND lock_token = ?",
        (session.queue, session.session_id, session.lock_token),
    )
    row: sqlite3.Row | None = found.fetchone()
    return row
