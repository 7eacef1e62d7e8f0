"""Messages between the wire and the queue: the queue keeps the whole message as sent, and its own figures beside it."""

from datetime import timedelta

from proton import int32, symbol, timestamp, uint

from local.queue import LockedMessage, StoredMessage
from shared.messaging.queues import DEAD_LETTER_DESCRIPTION_PROPERTY, DEAD_LETTER_REASON_PROPERTY, OutgoingMessage
from tests.peers.amqp.messages import GROUP_ID, MESSAGE_ID, Message, decode_message, encode_message
from tests.peers.amqp.values import EPOCH, AmqpValue, moment_of, timestamp_of

SCHEDULED = symbol("x-opt-scheduled-enqueue-time")
ACTIVE_STATE, SCHEDULED_STATE = int32(0), int32(2)
DOTNET_EPOCH_TICKS = 621_355_968_000_000_000
"""1970 in ticks of 100 nanoseconds since the year 1."""


def to_queue(message: Message) -> OutgoingMessage:
    """The message as the queue takes it; its body is the whole message as sent."""
    scheduled = message.annotations.get(SCHEDULED)
    return OutgoingMessage(
        encode_message(message),
        message_id=message.properties[MESSAGE_ID] or "",
        session_id=message.properties[GROUP_ID],
        scheduled_for=None if scheduled is None else moment_of(scheduled),
    )


def to_wire(stored: StoredMessage, scheduled: bool = False) -> bytes:
    """The message as a receiver gets it."""
    message = decode_message(stored.body)
    message.header = [None, None, _milliseconds_to_live(stored), None, uint(stored.delivery_count - 1)]
    message.annotations = message.annotations | _annotations(stored, scheduled)
    reasons = {
        DEAD_LETTER_REASON_PROPERTY: stored.dead_letter_reason,
        DEAD_LETTER_DESCRIPTION_PROPERTY: stored.dead_letter_description,
    }
    message.application_properties |= {name: reason for name, reason in reasons.items() if reason is not None}
    return encode_message(message)


def _milliseconds_to_live(stored: StoredMessage) -> uint | None:
    """Counted from when it was enqueued; a scheduled message's from its time."""
    if stored.expires_at is None:
        return None
    return uint((stored.expires_at - stored.enqueued_at) // timedelta(milliseconds=1))


def ticks(stored_until: timestamp) -> int:
    """The moment as .NET counts."""
    return DOTNET_EPOCH_TICKS + (moment_of(stored_until) - EPOCH) // timedelta(microseconds=1) * 10


def _annotations(stored: StoredMessage, scheduled: bool) -> dict[symbol, AmqpValue]:
    annotations: dict[symbol, AmqpValue] = {
        symbol("x-opt-enqueued-time"): timestamp_of(stored.enqueued_at),
        symbol("x-opt-sequence-number"): stored.sequence_number,
        symbol("x-opt-enqueue-sequence-number"): stored.sequence_number,
        symbol("x-opt-message-state"): SCHEDULED_STATE if scheduled else ACTIVE_STATE,
    }
    if stored.dead_letter_source is not None:
        annotations[symbol("x-opt-deadletter-source")] = stored.dead_letter_source
    if isinstance(stored, LockedMessage):
        annotations[symbol("x-opt-locked-until")] = timestamp_of(stored.locked_until)
    return annotations
