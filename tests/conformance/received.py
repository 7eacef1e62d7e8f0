"""What Microsoft's library hands out and raises, as the contracts compare it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.exceptions import (
    MessageLockLostError,
    MessageSizeExceededError,
    MessagingEntityNotFoundError,
    ServiceBusError,
    SessionLockLostError,
)

from local.queue import (
    LockedMessage,
    MessageLockLost,
    MessageSizeExceeded,
    NotAllowed,
    QueueNotFound,
    QueueUnavailable,
    SessionLockLost,
    StoredMessage,
)
from shared.messaging.queues import DEAD_LETTER_REASON_PROPERTY, DEAD_LETTER_SOURCE_PROPERTY, TRACEPARENT_PROPERTY

REFUSALS: dict[type[Exception], type[Exception]] = {
    MessageLockLostError: MessageLockLost,
    SessionLockLostError: SessionLockLost,
    MessageSizeExceededError: MessageSizeExceeded,
    MessagingEntityNotFoundError: QueueNotFound,
}


def as_stored(received: ServiceBusReceivedMessage, queue: str) -> StoredMessage:
    """The message with its figures; the library counts deliveries that failed, the contract this one too."""
    assert received.sequence_number is not None
    assert received.message_id is not None
    assert received.enqueued_time_utc is not None
    return StoredMessage(
        queue=queue,
        sequence_number=received.sequence_number,
        body=b"".join(received.body),
        message_id=received.message_id,
        session_id=received.session_id,
        delivery_count=(received.delivery_count or 0) + 1,
        enqueued_at=received.enqueued_time_utc,
        scheduled_for=received.scheduled_enqueue_time_utc,
        dead_letter_reason=text(received, DEAD_LETTER_REASON_PROPERTY),
        dead_letter_description=received.dead_letter_error_description,
        dead_letter_source=received.dead_letter_source or text(received, DEAD_LETTER_SOURCE_PROPERTY),
        traceparent=text(received, TRACEPARENT_PROPERTY),
        expires_at=received.expires_at_utc,
    )


def as_locked(received: ServiceBusReceivedMessage, queue: str, session_until: datetime | None) -> LockedMessage:
    """The message with its lock, which is its session's if it was received in one."""
    until = session_until or received.locked_until_utc
    assert until is not None
    return LockedMessage(**vars(as_stored(received, queue)), lock_token=str(received.lock_token), locked_until=until)


def text(received: ServiceBusReceivedMessage, name: str) -> str | None:
    """An application property: the library hands them out as bytes. None where there is none."""
    value = (received.application_properties or {}).get(name.encode())
    return value.decode() if isinstance(value, bytes) else None


@contextmanager
def refusals() -> Iterator[None]:
    """Each error of the library becomes the local queue's of the same meaning."""
    try:
        yield
    except tuple(REFUSALS) as refused:
        raise REFUSALS[type(refused)](str(refused)) from refused
    except ServiceBusError as refused:
        kind = NotAllowed if "amqp:not-allowed" in str(refused) else QueueUnavailable
        raise kind(str(refused)) from refused
    except (ValueError, TypeError) as refused:
        raise _by_text(str(refused)) from refused


def _by_text(text: str) -> Exception:
    """What the client refuses by itself, without asking the broker."""
    if "already settled" in text:
        return MessageLockLost(text)
    if "has already been shutdown" in text:
        return SessionLockLost(text)
    return NotAllowed(text)
