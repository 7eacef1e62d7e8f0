"""AMQP's values, written and read by Apache Qpid Proton.

Its classes say which AMQP type is meant where Python's own do not: symbol, ubyte, uint, timestamp and so on.
Python's own stand for: None, bool, int (long), float (double), bytes (binary), str, uuid.UUID, list, dict (map).
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from proton import UNDESCRIBED, Array, Data, DataException, Described, symbol, timestamp, ulong

AmqpValue: TypeAlias = Any
"""Anything that has an AMQP type."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Data(Data):  # type: ignore[misc]
    """Gives binary as bytes, where proton gives a view."""

    get_mappings = {**Data.get_mappings, Data.BINARY: lambda data: bytes(data.get_binary())}  # noqa: RUF012


def encode(value: AmqpValue) -> bytes:
    """The value with its constructor; raises KeyError for what AMQP has no type for."""
    data = Data()
    data.put_object(value)
    encoded: bytes = data.encode()
    return encoded


def decode(content: bytes) -> tuple[AmqpValue, bytes]:
    """The first value and the bytes after it; raises ValueError where the bytes are not AMQP."""
    data = _Data()
    try:
        length = data.decode(content)
    except DataException as error:
        raise ValueError(str(error)) from None
    data.rewind()
    data.next()
    return data.get_object(), content[length:]


def described(code: int, value: AmqpValue) -> Described:
    """A value with its code in the specification."""
    return Described(ulong(code), value)


def symbols(values: Iterable[str]) -> Array:
    """An array of symbols."""
    return Array(UNDESCRIBED, Data.SYMBOL, *map(symbol, values))


def longs(values: Iterable[int]) -> Array:
    """An array of integers."""
    return Array(UNDESCRIBED, Data.LONG, *values)


def timestamps(moments: Iterable[datetime]) -> Array:
    """An array of moments."""
    return Array(UNDESCRIBED, Data.TIMESTAMP, *map(timestamp_of, moments))


def timestamp_of(moment: datetime) -> timestamp:
    """The moment in milliseconds since 1970."""
    return timestamp((moment - EPOCH) // timedelta(milliseconds=1))


def moment_of(stamp: timestamp) -> datetime:
    """The aware moment in UTC."""
    return EPOCH + timedelta(milliseconds=stamp)
