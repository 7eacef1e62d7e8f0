"""AMQP's types where Python's own do not say which of them is meant.

Others: None, bool, int (long), float (double), bytes (binary), str, uuid.UUID, list, dict (map).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

AmqpValue: TypeAlias = Any
"""Anything that has an AMQP type."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Symbol(str):
    """A name out of a fixed set."""

    __slots__ = ()


class Ubyte(int):
    """One byte."""


class Ushort(int):
    """Two bytes."""


class Uint(int):
    """Four bytes."""


class Ulong(int):
    """Eight bytes."""


class Int(int):
    """Four bytes with a sign."""


class Timestamp(int):
    """Milliseconds since 1970 in UTC."""

    @classmethod
    def of(cls, moment: datetime) -> "Timestamp":
        return cls((moment - EPOCH) // timedelta(milliseconds=1))

    def moment(self) -> datetime:
        """The aware moment in UTC."""
        return EPOCH + timedelta(milliseconds=self)


class Array(list[AmqpValue]):
    """Values of one type."""


@dataclass(frozen=True)
class Described:
    """A value with what it is: a code of the specification, or a name."""

    descriptor: int | Symbol
    value: AmqpValue
