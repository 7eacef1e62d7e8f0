"""Short-lived records, with ETags: consent flows (10 minutes), sessions (8 hours), where quotas stand (2 hours)."""

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
"""Of a whole entity, names and keys included."""


class AlreadyExists(Exception):
    """There is a record of this key already."""


class Changed(Exception):
    """The record is gone, or not the one that was read."""


class StoreUnavailable(AzureUnavailable):
    """The store did not answer, or only with a fault of its own. What was to be changed may have been."""


@dataclass(frozen=True)
class Record:
    """One entity. Values are text; `expires_at` (aware UTC) is when it is worth nothing."""

    partition: str
    key: str
    values: dict[str, str]
    expires_at: datetime
    etag: str = ""


def check_table(table: str) -> None:
    """Raises ValueError for a name that Azure refuses; lower case only, for Azure does not tell cases apart."""
    if not TABLE_NAME.fullmatch(table):
        raise ValueError(f"not a table name: {table!r}")


def is_key(text: str) -> bool:
    """Whether Azure takes this as a partition or row key."""
    return KEY.fullmatch(text) is not None


def check_record(record: Record) -> None:
    """Raises ValueError for what Azure refuses, naming the place and never the value.

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
    """As Azure counts: two bytes a character, and some for each property, its own two included.

    https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
    """
    keys = 4 + _utf16(record.partition) + _utf16(record.key)
    own = 2 * 8 + _utf16("expires_at") + 8 + _utf16("Timestamp") + 8
    return keys + own + sum(12 + _utf16(name) + _utf16(value) for name, value in record.values.items())


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le"))


class TableStore(Protocol):
    """One table per kind of record; every adapter passes one contract suite.

    A key that no record can have is simply not there; `insert` and `replace` raise
    ValueError for a record that Azure could not hold. Any of them raises StoreUnavailable, and
    ConfigurationError when the store refuses this app. A change whose answer was lost was made or
    was not: read again before it is tried again.

    https://learn.microsoft.com/rest/api/storageservices/table-service-rest-api
    """

    def insert(self, table: str, record: Record) -> None:
        """Raises AlreadyExists when the key is taken."""

    def get(self, table: str, partition: str, key: str) -> Record | None:
        """The record with its current ETag, expired or not."""

    def list(self, table: str, partition: str) -> Iterable[Record]:
        """All records of a partition by their keys, expired or not; they come as they are read, and so may an error."""

    def replace(self, table: str, record: Record) -> None:
        """Replaces the record that carries this ETag; raises Changed otherwise."""

    def delete(self, table: str, partition: str, key: str, etag: str | None = None) -> None:
        """Deletes; with an ETag only that version, raising Changed otherwise. A missing record is Changed too."""

    def delete_expired(self, table: str, now: datetime) -> int:
        """Deletes all whose `expires_at` has passed; the number deleted."""
