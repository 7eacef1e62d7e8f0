"""Converts a locked message into azure.functions' message, with its own converter."""

import json
from datetime import UTC, datetime, timedelta

import azure.functions as func
from azure.functions.meta import Datum
from azure.functions.servicebus import ServiceBusMessageInConverter

from local.queue import LockedMessage
from shared.messaging.queues import (
    DEAD_LETTER_DESCRIPTION_PROPERTY,
    DEAD_LETTER_REASON_PROPERTY,
    DEAD_LETTER_SOURCE_PROPERTY,
    DIAGNOSTIC_ID_PROPERTY,
    TRACEPARENT_PROPERTY,
)

NEVER = timedelta(days=365 * 200)


def to_message(message: LockedMessage) -> func.ServiceBusMessage:
    """Return the func.ServiceBusMessage of a message whose trigger asks for bytes.

    What the real host does not send (locked_until, scheduled time, reasons as fields of
    their own) is missing here too.
    """
    made = ServiceBusMessageInConverter.decode(Datum(message.body, "bytes"), trigger_metadata=_metadata(message))
    if isinstance(made, list):
        raise TypeError("a single message was expected")
    return made


def _metadata(message: LockedMessage) -> dict[str, Datum]:
    """Text as text, all else as JSON, nothing for what is null; moments have no time zone."""
    texts = {
        "MessageId": message.message_id,
        "SessionId": message.session_id,
        "LockToken": message.lock_token,
        "DeadLetterSource": message.dead_letter_source,
    }
    values = {
        "DeliveryCount": message.delivery_count,
        "SequenceNumber": message.sequence_number,
        "EnqueuedTimeUtc": _naive(message.enqueued_at),
        "ExpiresAtUtc": _naive(message.expires_at or message.enqueued_at + NEVER),
        "ApplicationProperties": _properties(message),
        "UserProperties": _properties(message),
    }
    return {name: Datum(text, "string") for name, text in texts.items() if text is not None} | {
        name: Datum(json.dumps(value), "json") for name, value in values.items()
    }


def _naive(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def _properties(message: LockedMessage) -> dict[str, str]:
    given = {
        DEAD_LETTER_REASON_PROPERTY: message.dead_letter_reason,
        DEAD_LETTER_DESCRIPTION_PROPERTY: message.dead_letter_description,
        DEAD_LETTER_SOURCE_PROPERTY: message.dead_letter_source,
        TRACEPARENT_PROPERTY: message.traceparent,
        DIAGNOSTIC_ID_PROPERTY: message.traceparent,
    }
    return {name: value for name, value in given.items() if value}
