"""Frames: eight bytes of header, what is to be done, and for a transfer what is transferred.

http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-transport-v1.0-os.html
"""

import asyncio
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from proton import Described, symbol, ubyte, uint, ushort

from tests.peers.amqp.values import AmqpValue, decode, described, encode

SASL_HEADER = b"AMQP\x03\x01\x00\x00"
AMQP_HEADER = b"AMQP\x00\x01\x00\x00"
MAX_FRAME_BYTES = 65536
SASL_TYPE = 1

Conversion = Callable[[AmqpValue], AmqpValue]


def _as_it_is(value: AmqpValue) -> AmqpValue:
    return value


def _fields(text: str) -> dict[str, Conversion]:
    """`name:type` words; without a type the value is sent as it is."""
    kinds: dict[str, Conversion] = {
        "ubyte": ubyte,
        "ushort": ushort,
        "uint": uint,
    }
    words = (word.partition(":") for word in text.split())
    return {name: kinds.get(kind, _as_it_is) for name, _, kind in words}


KINDS: dict[str, tuple[int, dict[str, Conversion]]] = {
    "open": (0x10, _fields("container hostname max_frame_size:uint channel_max:ushort idle_timeout:uint")),
    "begin": (
        0x11,
        _fields(
            "remote_channel:ushort next_outgoing_id:uint incoming_window:uint outgoing_window:uint handle_max:uint"
        ),
    ),
    "attach": (
        0x12,
        _fields(
            "name handle:uint role snd_settle_mode:ubyte rcv_settle_mode:ubyte source target unsettled"
            " incomplete_unsettled initial_delivery_count:uint max_message_size offered desired properties"
        ),
    ),
    "flow": (
        0x13,
        _fields(
            "next_incoming_id:uint incoming_window:uint next_outgoing_id:uint outgoing_window:uint handle:uint"
            " delivery_count:uint link_credit:uint available:uint drain echo"
        ),
    ),
    "transfer": (
        0x14,
        _fields("handle:uint delivery_id:uint delivery_tag message_format:uint settled more rcv_settle_mode:ubyte"),
    ),
    "disposition": (0x15, _fields("role first:uint last:uint settled state batchable")),
    "detach": (0x16, _fields("handle:uint closed error")),
    "end": (0x17, _fields("error")),
    "close": (0x18, _fields("error")),
    "sasl_mechanisms": (0x40, _fields("mechanisms")),
    "sasl_init": (0x41, _fields("mechanism initial_response hostname")),
    "sasl_outcome": (0x44, _fields("code:ubyte")),
}
BY_CODE = {code: kind for kind, (code, _) in KINDS.items()}


@dataclass(frozen=True)
class Frame:
    """One frame; a field that is not given is null."""

    kind: str
    fields: dict[str, AmqpValue]
    channel: int = 0
    payload: bytes = field(default=b"", repr=False)

    def __getitem__(self, name: str) -> AmqpValue:
        return self.fields.get(name)


def encode_frame(frame: Frame) -> bytes:
    """The frame as it is on the wire."""
    code, fields = KINDS[frame.kind]
    values = [None if (value := frame[name]) is None else kind(value) for name, kind in fields.items()]
    content = encode(described(code, values)) + frame.payload
    frame_type = SASL_TYPE if frame.kind.startswith("sasl") else 0
    return struct.pack(">IBBH", len(content) + 8, 2, frame_type, frame.channel) + content


async def read_frame(stream: asyncio.StreamReader) -> Frame | None:
    """The next frame, None for one that only says that the other side lives."""
    size, offset, _, channel = struct.unpack(">IBBH", await stream.readexactly(8))
    content = (await stream.readexactly(size - 8))[4 * offset - 8 :]
    if not content:
        return None
    performative, payload = decode(content)
    kind = BY_CODE[performative.descriptor]
    names = KINDS[kind][1]
    return Frame(kind, dict(zip(names, performative.value, strict=False)), channel, payload)


def error(condition: str, description: str) -> Described:
    """Why something is refused. Service Bus always says it in three parts; its client relies on that."""
    return described(0x1D, [symbol(condition), description, {symbol("com.microsoft:tracking-id"): "peer"}])
