"""Short-lived records with ETags: consent flows (10 minutes), sessions (8 hours), quota states (2 hours)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.core.errors import AzureUnavailable

TABLE_NAME = re.compile(r"[a-z][a-z0-9]{2,62}")
KEY = re.compile(r"[^/\\#?\x00-\x1f\x7f-\x9f]{1,512}")
VALUE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}")
RESERVED_NAMES = {"PartitionKey", "RowKey", "Timestamp", "expires_at"}
MAX_VALUES = 252
MAX_VALUE_LENGTH = 32 * 1024
MAX_RECORD_BYTES = 1024 * 1024
"""The maximum size of an entity, names and keys included."""


class AlreadyExists(Exception):
    """A record with this key exists already."""


class Changed(Exception):
    """The record was deleted or changed since it was read."""


class StoreUnavailable(AzureUnavailable):
    """The store did not answer, or failed. A requested change may have been made."""


@dataclass(frozen=True)
class Record:
    """One entity. Values are texts; after `expires_at` (aware UTC) it is invalid."""

    partition: str
    key: str
    values: dict[str, str]
    expires_at: datetime
    etag: str = ""


def check_table(table: str) -> None:
    """Raise ValueError for a name that Azure refuses; lower case only, because Azure ignores case."""
    if not TABLE_NAME.fullmatch(table):
        raise ValueError(f"not a table name: {table!r}")


def is_key(text: str) -> bool:
    """Whether Azure accepts this as a partition or row key."""
    return KEY.fullmatch(text) is not None


def check_record(record: Record) -> None:
    """Raise ValueError for a record that Azure refuses, without quoting values.

    https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
    """
    if not is_key(record.partition) or not is_key(record.key):
        raise ValueError("a key has 1 to 512 characters, none of them / \\ # ? or a control character")
    if record.expires_at.tzinfo is None:
        raise ValueError("expires_at has no time zone")
    if len(record.values) > MAX_VALUES:
        raise ValueError(f"a record has at most {MAX_VALUES} values")
    for name, value in record.values.items():
        if not VALUE_NAME.fullmatch(name) or name in RESERVED_NAMES:
            raise ValueError(f"not a name for a value: {name!r}")
        if _utf16(value) > 2 * MAX_VALUE_LENGTH:
            raise ValueError(f"{name} has more than {MAX_VALUE_LENGTH} characters")
    if _size(record) > MAX_RECORD_BYTES:
        raise ValueError(f"a record has at most {MAX_RECORD_BYTES} bytes")


def _size(record: Record) -> int:
    """Return the size as Azure counts it: two bytes per character and some per property, its own two included.

    https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
    """
    keys = 4 + _utf16(record.partition) + _utf16(record.key)
    own = 2 * 8 + _utf16("expires_at") + 8 + _utf16("Timestamp") + 8
    return keys + own + sum(12 + _utf16(name) + _utf16(value) for name, value in record.values.items())


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le"))


class TableStore(Protocol):
    """Tables of records, one per kind; every adapter passes the same contract suite.

    An invalid key reads as missing; `insert` and `replace` raise ValueError for a record that
    Azure cannot store. Every method raises StoreUnavailable, and ConfigurationError if the store
    denies access. After a lost response a change may or may not have been made: read again before
    retrying.

    https://learn.microsoft.com/rest/api/storageservices/table-service-rest-api
    """

    def insert(self, table: str, record: Record) -> None:
        """Insert a record; raises AlreadyExists if the key exists."""

    def get(self, table: str, partition: str, key: str) -> Record | None:
        """Return the record with its current ETag, expired or not."""

    def list(self, table: str, partition: str) -> Iterable[Record]:
        """Yield all records of a partition in key order, expired or not; errors may occur while iterating."""

    def replace(self, table: str, record: Record) -> None:
        """Replace the record with this ETag; raises Changed otherwise."""

    def delete(self, table: str, partition: str, key: str, etag: str | None = None) -> None:
        """Delete the record, with an ETag only that version; raises Changed otherwise, also if it is missing."""

    def delete_expired(self, table: str, now: datetime) -> int:
        """Delete all records whose `expires_at` has passed; return how many."""
