"""The peer's bytes are AMQP's: examples out of the specification, and Microsoft's encoder as the other side."""

import uuid
from datetime import UTC, datetime

import pytest
from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus._pyamqp._encode import encode_payload
from azure.servicebus._pyamqp.message import Message as TheirMessage
from azure.servicebus._pyamqp.message import Properties
from hypothesis import given
from hypothesis import strategies as some
from proton import int32, symbol, timestamp, ubyte, uint, ulong, ushort

from tests.peers.amqp.messages import GROUP_ID, MESSAGE_ID, Message, decode_message, encode_message
from tests.peers.amqp.values import AmqpValue, decode, described, encode, longs, moment_of, timestamp_of

IDENTITY = uuid.UUID("12345678-1234-5678-1234-567812345678")
EXAMPLES: list[tuple[AmqpValue, str]] = [
    (None, "40"),
    (True, "41"),
    (False, "42"),
    (ubyte(200), "50c8"),
    (ushort(500), "6001f4"),
    (uint(70_000), "7000011170"),
    (ulong(16), "5310"),
    (ulong(2**40), "800000010000000000"),
    (int32(-1), "71ffffffff"),
    (-2, "81fffffffffffffffe"),
    (1.5, "823ff8000000000000"),
    (timestamp(1000), "8300000000000003e8"),
    (IDENTITY, "98" + IDENTITY.hex),
    (b"\x00\xff", "a00200ff"),
    ("né", "a1036ec3a9"),
    (symbol("amqp:open"), "a309616d71703a6f70656e"),
    ([], "45"),
    ([True, "a"], "d00000000800000002" + "41a10161"),
    ({"a": None}, "d10000000800000002" + "a1016140"),
    (longs([1, 2]), "f00000001500000002" + "81" + "0000000000000001" + "0000000000000002"),
    (described(0x24, []), "00532445"),
]
TEXTS = some.text(max_size=300)
PROPERTIES = some.dictionaries(some.text(min_size=1, max_size=20), TEXTS | some.booleans() | some.integers(-9, 9))


@pytest.mark.parametrize(("value", "content"), EXAMPLES, ids=str)
def test_each_type_is_read_from_its_bytes_and_survives_being_written(value: AmqpValue, content: str) -> None:
    for encoded in (bytes.fromhex(content), encode(value)):
        decoded, rest = decode(encoded + b"rest")
        assert (decoded, type(decoded), rest) == (value, type(value), b"rest")


@pytest.mark.parametrize("content", ["a005616263", "c0ff", "ff", "", "d1000000"])
def test_bytes_that_are_not_amqp_are_refused(content: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(bytes.fromhex(content))


@pytest.mark.parametrize("length", [0, 1, 255, 256, 70_000])
def test_long_contents_survive(length: int) -> None:
    for content in (b"x" * length, "x" * length, ["x" * length], {"x": "x" * length}):
        assert decode(encode(content)) == (content, b"")


@given(message_id=TEXTS, session=TEXTS, properties=PROPERTIES, body=some.binary(max_size=600))
def test_what_microsofts_encoder_writes_is_read(
    message_id: str, session: str, properties: dict[str | bytes, AmqpValue], body: bytes
) -> None:
    theirs = TheirMessage(
        properties=Properties(message_id=message_id, group_id=session),
        application_properties=properties,
        data=[body],
    )
    output = bytearray()
    encode_payload(output, theirs)
    read = decode_message(bytes(output))
    assert (read.properties[MESSAGE_ID], read.properties[GROUP_ID]) == (message_id, session)
    assert read.application_properties == properties
    assert b"".join(read.data) == body


@given(message_id=TEXTS, properties=PROPERTIES, body=some.binary(max_size=600))
def test_what_is_written_microsofts_decoder_reads(
    message_id: str, properties: dict[str, AmqpValue], body: bytes
) -> None:
    written = Message(application_properties=dict(properties), data=[body], annotations={symbol("x-opt-n"): int32(1)})
    written.properties[MESSAGE_ID] = message_id
    read = ServiceBusReceivedMessage.from_bytes(encode_message(written))
    assert read.message_id == message_id
    in_bytes = {key.encode(): value.encode() if isinstance(value, str) else value for key, value in properties.items()}
    assert (read.application_properties or {}) == in_bytes
    assert list(read.body) == [body]
    assert read.raw_amqp_message.annotations == {b"x-opt-n": 1}


def test_a_moment_is_kept_to_the_millisecond() -> None:
    moment = datetime(2026, 11, 23, 12, 0, 0, 123_000, tzinfo=UTC)
    assert moment_of(timestamp_of(moment)) == moment
