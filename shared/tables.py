"""Short-lived records: consent flows (10 minutes) and sessions (8 hours), with ETags."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class AlreadyExists(Exception):
    """There is a record of this key already."""


class Changed(Exception):
    """The record is gone, or not the one that was read."""


@dataclass(frozen=True)
class Record:
    """One entity. Values are text; `expires_at` (aware UTC) is when it is worth nothing."""

    partition: str
    key: str
    values: dict[str, str]
    expires_at: datetime
    etag: str = ""


class TableStore(Protocol):
    """One table per kind of record; every adapter passes one contract suite.

    https://learn.microsoft.com/rest/api/storageservices/table-service-rest-api
    """

    def insert(self, table: str, record: Record) -> None:
        """Raises AlreadyExists when the key is taken."""

    def get(self, table: str, partition: str, key: str) -> Record | None:
        """The record with its current ETag, expired or not."""

    def replace(self, table: str, record: Record) -> None:
        """Replaces the record that carries this ETag; raises Changed otherwise."""

    def delete(self, table: str, partition: str, key: str, etag: str | None = None) -> None:
        """Deletes; with an ETag only that version, raising Changed otherwise. A missing record is Changed too."""

    def delete_expired(self, table: str, now: datetime) -> int:
        """Deletes all whose `expires_at` has passed; the number deleted."""
