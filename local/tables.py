"""Records in one SQLite file, with the semantics of Azure Table storage."""

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from shared.table_storage.store import AlreadyExists, Changed, Record, StoreUnavailable, check_record, check_table

BUSY_SECONDS = 30.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    table_name TEXT NOT NULL,
    partition TEXT NOT NULL,
    key TEXT NOT NULL,
    values_json TEXT NOT NULL,
    expires_at TEXT NOT NULL,  -- UTC, of one width, so that texts compare like moments
    etag TEXT NOT NULL,
    PRIMARY KEY (table_name, partition, key)
) WITHOUT ROWID
"""
INSERT = "INSERT INTO records VALUES (:table, :partition, :key, :values, :expires_at, :new_etag)"
GET = "SELECT values_json, expires_at, etag FROM records WHERE table_name = ? AND partition = ? AND key = ?"
LIST = "SELECT key, values_json, expires_at, etag FROM records WHERE table_name = ? AND partition = ? ORDER BY key"
REPLACE = """
UPDATE records SET values_json = :values, expires_at = :expires_at, etag = :new_etag
WHERE table_name = :table AND partition = :partition AND key = :key AND etag = :etag
"""
DELETE = """
DELETE FROM records
WHERE table_name = :table AND partition = :partition AND key = :key AND (:etag IS NULL OR etag = :etag)
"""
DELETE_EXPIRED = "DELETE FROM records WHERE table_name = ? AND expires_at <= ?"


class LocalTableStore:
    """A TableStore for one machine; threads and processes may share the file."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA secure_delete = ON")
        self._connection.execute(SCHEMA)

    def insert(self, table: str, record: Record) -> None:
        try:
            self._change(INSERT, _parameters(table, record))
        except sqlite3.IntegrityError:
            raise AlreadyExists(f"a record of {table}") from None

    def get(self, table: str, partition: str, key: str) -> Record | None:
        check_table(table)
        with self._lock, faults(), closing(self._connection.execute(GET, (table, partition, key))) as found:
            row = found.fetchone()
        if row is None:
            return None
        values, expires_at, etag = row
        return Record(partition, key, json.loads(values), datetime.fromisoformat(expires_at), etag)

    def list(self, table: str, partition: str) -> Iterable[Record]:
        check_table(table)
        with self._lock, faults(), closing(self._connection.execute(LIST, (table, partition))) as found:
            rows = found.fetchall()
        return [
            Record(partition, key, json.loads(values), datetime.fromisoformat(expires_at), etag)
            for key, values, expires_at, etag in rows
        ]

    def replace(self, table: str, record: Record) -> None:
        if self._change(REPLACE, _parameters(table, record)) == 0:
            raise Changed(f"a record of {table}")

    def delete(self, table: str, partition: str, key: str, etag: str | None = None) -> None:
        check_table(table)
        if self._change(DELETE, {"table": table, "partition": partition, "key": key, "etag": etag}) == 0:
            raise Changed(f"a record of {table}")

    def delete_expired(self, table: str, now: datetime) -> int:
        check_table(table)
        return self._change(DELETE_EXPIRED, (table, _sortable(now)))

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _change(self, statement: str, parameters: dict[str, str | None] | tuple[str, ...]) -> int:
        """Run one statement, durable when it returns; the number of records it changed."""
        with self._lock, faults():
            return self._connection.execute(statement, parameters).rowcount


@contextmanager
def faults() -> Iterator[None]:
    """Turn a full or failing disk, or a locked file, into StoreUnavailable."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreUnavailable(f"the file of records: {error}") from None


def _sortable(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _parameters(table: str, record: Record) -> dict[str, str | None]:
    check_table(table)
    check_record(record)
    return {
        "table": table,
        "partition": record.partition,
        "key": record.key,
        "values": json.dumps(record.values),
        "expires_at": _sortable(record.expires_at),
        "etag": record.etag,
        "new_etag": str(uuid.uuid4()),
    }
