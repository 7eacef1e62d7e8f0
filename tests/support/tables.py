"""A table store in memory, which a test can take away or have others write to."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import count

from shared.table_storage.store import AlreadyExists, Changed, Record, StoreUnavailable, check_record


class MemoryTables:
    """A TableStore. While `is_down` it does not answer; `before_write` is what others do right before a write."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str, str], Record] = {}
        self.is_down = False
        self.before_write: Callable[[], None] = lambda: None
        self.asked = 0
        self._versions = count(1)

    def insert(self, table: str, record: Record) -> None:
        self._answer(record)
        if (table, record.partition, record.key) in self.records:
            raise AlreadyExists(table)
        self._put(table, record)

    def get(self, table: str, partition: str, key: str) -> Record | None:
        self._answer()
        return self.records.get((table, partition, key))

    def list(self, table: str, partition: str) -> Iterable[Record]:
        self._answer()
        return [self.records[key] for key in sorted(self.records) if key[:2] == (table, partition)]

    def replace(self, table: str, record: Record) -> None:
        self._answer(record)
        found = self.records.get((table, record.partition, record.key))
        if found is None or found.etag != record.etag:
            raise Changed(table)
        self._put(table, record)

    def delete(self, table: str, partition: str, key: str, etag: str | None = None) -> None:
        self._answer()
        found = self.records.get((table, partition, key))
        if found is None or etag not in (None, found.etag):
            raise Changed(table)
        del self.records[table, partition, key]

    def delete_expired(self, table: str, now: datetime) -> int:
        self._answer()
        expired = [key for key, record in self.records.items() if key[0] == table and record.expires_at <= now]
        for key in expired:
            del self.records[key]
        return len(expired)

    def _answer(self, record: Record | None = None) -> None:
        self.asked += 1
        if self.is_down:
            raise StoreUnavailable("the store does not answer")
        if record is not None:
            check_record(record)
            self.before_write()

    def _put(self, table: str, record: Record) -> None:
        self.records[table, record.partition, record.key] = replace(record, etag=str(next(self._versions)))
