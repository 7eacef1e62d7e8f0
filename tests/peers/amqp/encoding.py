"""Values as bytes.

http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-types-v1.0-os.html
"""

import struct
import uuid
from collections.abc import Callable

from tests.peers.amqp.values import AmqpValue, Array, Described, Int, Symbol, Timestamp, Ubyte, Uint, Ulong, Ushort

ONE_BYTE = 256
NUMBERS: dict[type, tuple[int, str]] = {
    Ubyte: (0x50, ">B"),
    Ushort: (0x60, ">H"),
    Uint: (0x70, ">I"),
    Ulong: (0x80, ">Q"),
    Int: (0x71, ">i"),
    Timestamp: (0x83, ">q"),
    int: (0x81, ">q"),
    float: (0x82, ">d"),
}


def encode(value: AmqpValue) -> bytes:
    """The value with its constructor; raises TypeError for what AMQP has no type for."""
    if type(value) in NUMBERS:
        return _number(value)
    for kind, encoder in ENCODERS:
        if isinstance(value, kind):
            return encoder(value)
    raise TypeError(f"AMQP has no type for {type(value).__name__}")


def _number(value: AmqpValue) -> bytes:
    if isinstance(value, Ulong) and value < ONE_BYTE:
        return bytes((0x53, value))
    constructor, layout = NUMBERS[type(value)]
    return bytes((constructor,)) + struct.pack(layout, value)


def _bytes(short: int) -> Callable[[bytes], bytes]:
    def encoder(content: bytes) -> bytes:
        if len(content) < ONE_BYTE:
            return bytes((short, len(content))) + content
        return bytes((short | 0x10,)) + struct.pack(">I", len(content)) + content

    return encoder


_binary, _text, _symbol = _bytes(0xA0), _bytes(0xA1), _bytes(0xA3)


def _compound(constructor: int, count: int, content: bytes) -> bytes:
    return bytes((constructor,)) + struct.pack(">II", len(content) + 4, count) + content


def _list(items: list[AmqpValue]) -> bytes:
    return _compound(0xD0, len(items), b"".join(map(encode, items))) if items else b"\x45"


def _map(pairs: dict[AmqpValue, AmqpValue]) -> bytes:
    return _compound(0xD1, 2 * len(pairs), b"".join(encode(key) + encode(value) for key, value in pairs.items()))


def _array(items: Array) -> bytes:
    """The constructor stands once, before all; so every item must be written the long way."""
    if items and isinstance(items[0], str):
        content = b"\xb3" + b"".join(struct.pack(">I", len(item)) + item.encode() for item in items)
    elif items:
        constructor, layout = NUMBERS[type(items[0])]
        content = bytes((constructor,)) + b"".join(struct.pack(layout, item) for item in items)
    else:
        content = b"\x40"
    return _compound(0xF0, len(items), content)


def _described(value: Described) -> bytes:
    code = value.descriptor if isinstance(value.descriptor, Symbol) else Ulong(value.descriptor)
    return b"\x00" + encode(code) + encode(value.value)


ENCODERS: tuple[tuple[type, Callable[[AmqpValue], bytes]], ...] = (
    (type(None), lambda _: b"\x40"),
    (bool, lambda truth: b"\x41" if truth else b"\x42"),
    (bytes, _binary),
    (Symbol, lambda symbol: _symbol(symbol.encode("ascii"))),
    (str, lambda text: _text(text.encode())),
    (uuid.UUID, lambda identity: b"\x98" + identity.bytes),
    (Described, _described),
    (Array, _array),
    (list, _list),
    (dict, _map),
)
"""Tried in this order: a symbol is a str too, an array a list."""
