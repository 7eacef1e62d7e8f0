"""Process one queue message: complete it, dead-letter it with a reason, or return it after a pause."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from shared.core.errors import BadMessage
from shared.core.messages import Message
from shared.messaging.progress import send_renewed
from shared.messaging.queues import (
    DEAD_LETTER_REASON_PROPERTY,
    DEAD_LETTER_SOURCE_PROPERTY,
    DEAD_LETTERS,
    TRACEPARENT_PROPERTY,
    OutgoingMessage,
    Queue,
)
from shared.messaging.replayable import message_of
from shared.observability.events import Event
from shared.observability.telemetry import QUEUE_AGE, failed, record, span
from shared.observability.work_log import log_event, working_on
from shared.wiring import Services, services

PAUSE_SECONDS = 20
"""Pause before a failed message is returned: with ten deliveries, work without any progress may fail for three
minutes."""

DATABASE_AWAY_DELAY = timedelta(minutes=6)
"""Delay after the database stayed unavailable through all retries: longer than a lease, so that the work that was
interrupted can be claimed again."""

REDELIVERED = "an earlier delivery was not settled"

log = logging.getLogger("caleta.queues")


class ReceivedMessage(Protocol):
    """The members of the Functions host's message that we use."""

    @property
    def sequence_number(self) -> int | None:
        """The message's number in its queue."""

    @property
    def delivery_count(self) -> int | None:
        """How often it was delivered, including this time."""

    @property
    def session_id(self) -> str | None:
        """The Service Bus session, on a queue with sessions."""

    @property
    def enqueued_time_utc(self) -> datetime | None:
        """When it became available; UTC without a time zone, as the host provides it."""

    @property
    def dead_letter_source(self) -> str | None:
        """The queue in which it was dead-lettered, if Service Bus forwarded it from there."""

    @property
    def application_properties(self) -> Mapping[str, Any] | None:
        """The sender's properties."""

    def get_body(self) -> bytes:
        """Return the body as it was sent."""


def handle(queue: Queue, message: ReceivedMessage, work: Callable[[Services, bytes], None]) -> None:
    """Process one message. A message that cannot be parsed is dead-lettered with its reason.

    While the database is unavailable, the message is rescheduled as often as needed, so that an
    outage of hours does not fail a scan. Any other exception reaches the host after a pause: the
    host returns the message, Service Bus redelivers it at once, and without the pause all
    deliveries would be used up within a second.
    """
    parts = services()
    _measure_age(queue, message, parts.clock.now())
    named = names_in(message_of(queue.name, message.get_body()))
    with (
        span(f"message {queue.name}", _origin(message), queue=queue.name, delivery=message.delivery_count),
        working_on(**named),
    ):
        if is_redelivered(message):
            log_event(log, Event.MESSAGE_REDELIVERED, REDELIVERED, queue=queue.name, delivery=message.delivery_count)
        _work(parts, queue, message, work)


def _work(parts: Services, queue: Queue, message: ReceivedMessage, work: Callable[[Services, bytes], None]) -> None:
    body = message.get_body()
    try:
        if not (is_redelivered(message) and send_renewed(parts, queue.name, body, message.session_id)):
            work(parts, body)
    except BadMessage as error:
        log_event(
            log,
            Event.MESSAGE_REJECTED,
            error,
            level=logging.WARNING,
            queue=queue.name,
            sequence=message.sequence_number,
        )
        failed("BadMessage")
        parts.queues.send(DEAD_LETTERS.name, [set_aside(queue, message, body, str(error))])
    except Exception as error:
        if _is_database_unavailable(error):
            _reschedule(parts, queue, message, error)
            return
        place = {"queue": queue.name, "sequence": message.sequence_number, "delivery": message.delivery_count}
        log_event(log, Event.MESSAGE_FAILED, type(error).__name__, level=logging.ERROR, exc_info=True, about=place)
        parts.clock.sleep(PAUSE_SECONDS)
        raise


def is_redelivered(message: ReceivedMessage) -> bool:
    """Whether an earlier delivery ended without settling the message."""
    return (message.delivery_count or 1) > 1


def _is_database_unavailable(error: Exception) -> bool:
    from shared.sql.engine.retries import database_is_away

    return database_is_away(error)


def _reschedule(parts: Services, queue: Queue, message: ReceivedMessage, error: Exception) -> None:
    seconds = DATABASE_AWAY_DELAY.total_seconds()
    log_event(
        log, Event.DATABASE_UNAVAILABLE, type(error).__name__, level=logging.ERROR, queue=queue.name, seconds=seconds
    )
    properties = message.application_properties or {}
    rescheduled = OutgoingMessage(
        body=message.get_body(),
        message_id=f"{queue.name}:{message.sequence_number}:later",
        session_id=message.session_id,
        scheduled_for=parts.clock.now() + DATABASE_AWAY_DELAY,
        dead_letter_reason=properties.get(DEAD_LETTER_REASON_PROPERTY),
        dead_letter_source=message.dead_letter_source or properties.get(DEAD_LETTER_SOURCE_PROPERTY),
    )
    parts.queues.send(queue.name, [rescheduled])


def names_in(message: Message | None) -> dict[str, object]:
    """Return the message's identifiers for the log."""
    if message is None:
        return {}
    ids = message.model_dump(exclude={"tenant_id", "faults", "progress"})
    return {name.removesuffix("_id"): value for name, value in ids.items()}


def _origin(message: ReceivedMessage) -> str | None:
    """Return the traceparent of the message's sender: its processing belongs to the same trace."""
    found = (message.application_properties or {}).get(TRACEPARENT_PROPERTY)
    return found if isinstance(found, str) else None


def _measure_age(queue: Queue, message: ReceivedMessage, now: datetime) -> None:
    if message.enqueued_time_utc is not None:
        age = now - message.enqueued_time_utc.replace(tzinfo=UTC)
        record(QUEUE_AGE, max(0.0, age.total_seconds()), queue=queue.name)


def set_aside(queue: Queue, message: ReceivedMessage, body: bytes, reason: str) -> OutgoingMessage:
    """Return a copy for the dead-letter queue: a function cannot dead-letter its own message with a reason.

    https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger
    """
    return OutgoingMessage(
        body=body,
        message_id=f"{queue.name}:{message.sequence_number}",
        dead_letter_reason=reason,
        dead_letter_source=queue.name,
    )
