"""Sends a message: checks it, drops duplicates, stores it active or scheduled."""

from datetime import datetime

from local.queue.errors import MessageSizeExceeded, NotAllowed
from local.queue.ledger import Ledger, in_micros
from local.queue.storage import to_micros
from shared.messaging.queues import MAX_ID_LENGTH, MAX_MESSAGE_BYTES, OutgoingMessage, Queue


def check(queue: Queue, message: OutgoingMessage) -> None:
    """Raises NotAllowed or MessageSizeExceeded where Service Bus refuses."""
    if not 0 < len(message.message_id) <= MAX_ID_LENGTH:
        raise NotAllowed(f"a message id has 1 to {MAX_ID_LENGTH} characters")
    if queue.requires_session and not message.session_id:
        raise NotAllowed(f"{queue.name} takes only messages with a session id")
    if message.session_id and len(message.session_id) > MAX_ID_LENGTH:
        raise NotAllowed(f"a session id has at most {MAX_ID_LENGTH} characters")
    if (size := _size(message)) > MAX_MESSAGE_BYTES:
        raise MessageSizeExceeded(f"a message has at most {MAX_MESSAGE_BYTES} bytes, this one {size}")


def accept(ledger: Ledger, queue: Queue, message: OutgoingMessage, speed_up: float) -> None:
    """Store the message, active or scheduled; silently drop it when its id was seen in the window."""
    if _is_duplicate(ledger, queue, message.message_id):
        return
    visible_at = _visible_at(message.scheduled_for, ledger.now, speed_up)
    is_scheduled = visible_at > ledger.now
    ledger.insert(
        {
            "queue": queue.name,
            "state": "scheduled" if is_scheduled else "active",
            "body": message.body,
            "message_id": message.message_id,
            "session_id": message.session_id,
            "enqueued_at": to_micros(ledger.now),
            "scheduled_for": None if message.scheduled_for is None else to_micros(message.scheduled_for),
            "visible_at": to_micros(visible_at) if is_scheduled else None,
            "time_to_live": in_micros(queue.time_to_live),
            "dead_letter_reason": message.dead_letter_reason,
            "dead_letter_description": None,
            "dead_letter_source": message.dead_letter_source,
            "traceparent": message.traceparent,
        }
    )


def _size(message: OutgoingMessage) -> int:
    texts = (
        message.message_id, message.session_id, message.dead_letter_reason, message.dead_letter_source,
        message.traceparent, message.traceparent,
    )  # fmt: skip
    return len(message.body) + sum(len(text.encode()) for text in texts if text)


def _visible_at(scheduled_for: datetime | None, now: datetime, speed_up: float) -> datetime:
    if scheduled_for is None or scheduled_for <= now:
        return now
    return now + (scheduled_for - now) / speed_up


def _is_duplicate(ledger: Ledger, queue: Queue, message_id: str) -> bool:
    """https://learn.microsoft.com/azure/service-bus-messaging/duplicate-detection"""
    if queue.duplicate_detection_window is None:
        return False
    now, oldest = to_micros(ledger.now), to_micros(ledger.now - queue.duplicate_detection_window)
    ledger.connection.execute("DELETE FROM message_ids_seen WHERE queue = ? AND seen_at <= ?", (queue.name, oldest))
    added = ledger.connection.execute(
        "INSERT OR IGNORE INTO message_ids_seen (queue, message_id, seen_at) VALUES (?, ?, ?)",
        (queue.name, message_id, now),
    )
    return added.rowcount == 0
