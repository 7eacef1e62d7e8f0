"""Bytes as values. Each keeps its AMQP type, so that what is passed on is what came."""

import struct
import uuid
from collections.abc import Callable

from tests.peers.amqp.values import AmqpValue, Array, Described, Int, Symbol, Timestamp, Ubyte, Uint, Ulong, Ushort

FIXED: dict[int, tuple[str, Callable[[AmqpValue], AmqpValue]]] = {
    0x50: (">B", Ubyte),
    0x51: (">b", int),
    0x52: (">B", Uint),
    0x53: (">B", Ulong),
    0x54: (">b", Int),
    0x55: (">b", int),
    0x56: (">?", bool),
    0x60: (">H", Ushort),
    0x61: (">h", int),
    0x70: (">I", Uint),
    0x71: (">i", Int),
    0x72: (">f", float),
    0x80: (">Q", Ulong),
    0x81: (">q", int),
    0x82: (">d", float),
    0x83: (">q", Timestamp),
    0x98: ("16s", lambda content: uuid.UUID(bytes=content)),
}
EMPTY: dict[int, Callable[[], AmqpValue]] = {
    0x40: lambda: None,
    0x41: lambda: True,
    0x42: lambda: False,
    0x43: lambda: Uint(0),
    0x44: lambda: Ulong(0),
    0x45: list,
}
VARIABLE: dict[int, Callable[[bytes], AmqpValue]] = {
    0xA0: bytes,
    0xA1: bytes.decode,
    0xA3: lambda content: Symbol(content.decode("ascii")),
}


class Reader:
    """Reads one value after the other; raises ValueError where the bytes are not AMQP."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.position = 0

    @property
    def has_more(self) -> bool:
        return self.position < len(self.content)

    def rest(self) -> bytes:
        return self.content[self.position :]

    def value(self) -> AmqpValue:
        return self._of(self._take(1)[0])

    def _of(self, constructor: int) -> AmqpValue:
        if constructor == 0:
            return Described(self.value(), self.value())
        if constructor in EMPTY:
            return EMPTY[constructor]()
        if constructor in FIXED:
            layout, kind = FIXED[constructor]
            return kind(self._unpack(layout))
        if constructor & 0xE0 == 0xA0:
            content = self._take(self._unpack(">I" if constructor & 0x10 else ">B"))
            return VARIABLE[constructor & ~0x10](content)
        return self._compound(constructor)

    def _compound(self, constructor: int) -> AmqpValue:
        width = ">I" if constructor & 0x10 else ">B"
        self._unpack(width)
        count = self._unpack(width)
        match constructor & ~0x10:
            case 0xC0:
                return [self.value() for _ in range(count)]
            case 0xC1:
                return {self.value(): self.value() for _ in range(count // 2)}
            case 0xE0:
                return self._array(count)
        raise ValueError(f"{constructor:#x} is no AMQP constructor")

    def _array(self, count: int) -> Array:
        if count == 0:
            return Array()
        constructor = self._take(1)[0]
        return Array(self._of(constructor) for _ in range(count))

    def _unpack(self, layout: str) -> AmqpValue:
        return struct.unpack(layout, self._take(struct.calcsize(layout)))[0]

    def _take(self, count: int) -> bytes:
        taken = self.content[self.position : self.position + count]
        if len(taken) < count:
            raise ValueError("the value ends early")
        self.position += count
        return taken
