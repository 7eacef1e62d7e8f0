"""The SQLite file of the messages: one writer at a time."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BUSY_SECONDS = 30.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    sequence_number INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    state TEXT NOT NULL,  -- scheduled, active, locked, dead
    body BLOB NOT NULL,
    message_id TEXT NOT NULL,
    session_id TEXT,
    failed_deliveries INTEGER NOT NULL DEFAULT 0,
    enqueued_at INTEGER NOT NULL,  -- microseconds of the Unix epoch, as all moments here
    scheduled_for INTEGER,  -- as the sender asked
    visible_at INTEGER,  -- as sped up
    time_to_live INTEGER,  -- microseconds from enqueued_at; NULL: of an earlier version, never expires
    lock_token TEXT,
    locked_until INTEGER,  -- NULL for a message of a session: its session's lock counts
    session_lock_token TEXT,
    dead_letter_reason TEXT,
    dead_letter_description TEXT,
    dead_letter_source TEXT,
    traceparent TEXT
);
CREATE INDEX IF NOT EXISTS messages_in_order ON messages (queue, state, sequence_number);
CREATE TABLE IF NOT EXISTS session_locks (
    queue TEXT NOT NULL,
    session_id TEXT NOT NULL,
    lock_token TEXT NOT NULL,
    locked_until INTEGER NOT NULL,
    PRIMARY KEY (queue, session_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message_ids_seen (
    queue TEXT NOT NULL,
    message_id TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (queue, message_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS message_ids_seen_in_order ON message_ids_seen (queue, seen_at);
"""
BY_EXPIRY = """
CREATE INDEX IF NOT EXISTS messages_by_expiry ON messages (queue, enqueued_at + time_to_live) WHERE state = 'active'
"""


def to_micros(moment: datetime) -> int:
    """Microseconds of the Unix epoch; raises TypeError for a naive moment."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware moment in UTC."""
    return EPOCH + micros * MICROSECOND


class Storage:
    """One connection, shared by this process's threads; other processes may have theirs.

    Each transaction is in the file when it ends, so the process may be killed at any time.
    """

    def __init__(self, path: Path) -> None:
        self.changed = threading.Condition()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA secure_delete = ON")
        self._connection.executescript(SCHEMA)
        self._add_column("traceparent", "TEXT")
        self._add_column("time_to_live", "INTEGER")
        self._connection.execute(BY_EXPIRY)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction: everything inside is done, or nothing."""
        with self.changed, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection

    def _add_column(self, name: str, kind: str) -> None:
        """Add a column to a file of an earlier version."""
        known = {row["name"] for row in self._connection.execute("PRAGMA table_info(messages)")}
        if name not in known:
            self._connection.execute(f"ALTER TABLE messages ADD COLUMN {name} {kind}")

    def close(self) -> None:
        with self.changed:
            self._connection.close()
