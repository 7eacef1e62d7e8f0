"""Messages: sections one after the other.

http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-messaging-v1.0-os.html
"""

from dataclasses import dataclass, field

from tests.peers.amqp.values import AmqpValue, decode, described, encode

HEADER, DELIVERY_ANNOTATIONS, ANNOTATIONS, PROPERTIES, APPLICATION_PROPERTIES, DATA, SEQUENCE, VALUE = range(0x70, 0x78)
PROPERTY_COUNT = 13
MESSAGE_ID, CORRELATION_ID, GROUP_ID = 0, 5, 10
BATCH_FORMAT = 0x80013700
"""The message format of a batch: each data section is a whole message. Microsoft's own."""


@dataclass
class Message:
    """A message; `properties` has AMQP's thirteen, `header` its five, `value` is a body that is no bytes."""

    header: list[AmqpValue] | None = None
    annotations: dict[str, AmqpValue] = field(default_factory=dict)
    properties: list[AmqpValue] = field(default_factory=lambda: [None] * PROPERTY_COUNT)
    application_properties: dict[str, AmqpValue] = field(default_factory=dict)
    data: list[bytes] = field(default_factory=list)
    value: AmqpValue = None


def decode_message(content: bytes) -> Message:
    """The message; raises ValueError where the bytes are not one."""
    message, rest = Message(), content
    while rest:
        section, rest = decode(rest)
        match section.descriptor:
            case 0x70:
                message.header = section.value
            case 0x72:
                message.annotations = section.value
            case 0x73:
                message.properties = section.value + [None] * (PROPERTY_COUNT - len(section.value))
            case 0x74:
                message.application_properties = section.value
            case 0x75:
                message.data.append(section.value)
            case 0x77:
                message.value = section.value
    return message


def encode_message(message: Message) -> bytes:
    """The message as it is on the wire; sections without content are left out."""
    sections = {
        HEADER: message.header,
        ANNOTATIONS: message.annotations,
        PROPERTIES: message.properties if any(value is not None for value in message.properties) else None,
        APPLICATION_PROPERTIES: message.application_properties,
    }
    content = b"".join(encode(described(code, value)) for code, value in sections.items() if value)
    if message.value is not None:
        return content + encode(described(VALUE, message.value))
    return content + b"".join(encode(described(DATA, part)) for part in message.data)
