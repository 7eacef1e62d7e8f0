"""One message's work: done, set aside with a reason, or given back after a pause. Every queue's function does it so."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from shared.core.errors import BadMessage
from shared.core.messages import Message
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
"""Before a message that failed is given back: with five deliveries, a fault may last a minute and a half."""

DATABASE_AWAY_DELAY = timedelta(minutes=6)
"""Until the work is tried again once the database did not come back within its own repetitions: longer than
a lease, so that what was begun when it went away may be taken up."""

AGAIN = "an earlier delivery ended without an answer"

log = logging.getLogger("caleta.queues")


class ReceivedMessage(Protocol):
    """What is used of the Functions host's message."""

    @property
    def sequence_number(self) -> int | None:
        """The message's number in its queue."""

    @property
    def delivery_count(self) -> int | None:
        """How often it was delivered, this time included."""

    @property
    def session_id(self) -> str | None:
        """Whose turn it belongs to, on a queue with sessions."""

    @property
    def enqueued_time_utc(self) -> datetime | None:
        """When it became available; UTC, and without a zone as the host gives it."""

    @property
    def dead_letter_source(self) -> str | None:
        """The queue that it was set aside in, if Service Bus forwarded it from there."""

    @property
    def application_properties(self) -> Mapping[str, Any] | None:
        """What its sender wrote beside the body."""

    def get_body(self) -> bytes:
        """The body as it was sent."""


def handle(queue: Queue, message: ReceivedMessage, work: Callable[[Services, bytes], None]) -> None:
    """Does the work of one message. One that cannot be understood is set aside with its reason.

    While the database is away the message is sent anew for later, as often as it takes: an
    outage of hours is no reason to give up a scan. Any other exception is the host's to see,
    after a pause: it gives the message back, Service Bus delivers it again at once, and all of
    its deliveries would be used up in a second.
    """
    parts = services()
    _measure_age(queue, message, parts.clock.now())
    named = names_in(message_of(queue.name, message.get_body()))
    with (
        span(f"message {queue.name}", _origin(message), queue=queue.name, delivery=message.delivery_count),
        working_on(**named),
    ):
        if (message.delivery_count or 1) > 1:
            log_event(log, Event.MESSAGE_REDELIVERED, AGAIN, queue=queue.name, delivery=message.delivery_count)
        _work(parts, queue, message, work)


def _work(parts: Services, queue: Queue, message: ReceivedMessage, work: Callable[[Services, bytes], None]) -> None:
    body = message.get_body()
    try:
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
        if _is_of_an_absent_database(error):
            _ask_again_later(parts, queue, message, error)
            return
        place = {"queue": queue.name, "sequence": message.sequence_number, "delivery": message.delivery_count}
        log_event(log, Event.MESSAGE_FAILED, type(error).__name__, level=logging.ERROR, exc_info=True, about=place)
        parts.clock.sleep(PAUSE_SECONDS)
        raise


def _is_of_an_absent_database(error: Exception) -> bool:
    from shared.sql.engine.retries import database_is_away

    return database_is_away(error)


def _ask_again_later(parts: Services, queue: Queue, message: ReceivedMessage, error: Exception) -> None:
    seconds = DATABASE_AWAY_DELAY.total_seconds()
    log_event(
        log, Event.DATABASE_UNAVAILABLE, type(error).__name__, level=logging.ERROR, queue=queue.name, seconds=seconds
    )
    properties = message.application_properties or {}
    again = OutgoingMessage(
        body=message.get_body(),
        message_id=f"{queue.name}:{message.sequence_number}:later",
        session_id=message.session_id,
        scheduled_for=parts.clock.now() + DATABASE_AWAY_DELAY,
        dead_letter_reason=properties.get(DEAD_LETTER_REASON_PROPERTY),
        dead_letter_source=message.dead_letter_source or properties.get(DEAD_LETTER_SOURCE_PROPERTY),
    )
    parts.queues.send(queue.name, [again])


def names_in(message: Message | None) -> dict[str, object]:
    """What the message is about, for the log: identifiers."""
    if message is None:
        return {}
    ids = message.model_dump(exclude={"tenant_id", "faults"})
    return {name.removesuffix("_id"): value for name, value in ids.items()}


def _origin(message: ReceivedMessage) -> str | None:
    """Where the message was made: its work is part of the same trace."""
    found = (message.application_properties or {}).get(TRACEPARENT_PROPERTY)
    return found if isinstance(found, str) else None


def _measure_age(queue: Queue, message: ReceivedMessage, now: datetime) -> None:
    if message.enqueued_time_utc is not None:
        age = now - message.enqueued_time_utc.replace(tzinfo=UTC)
        record(QUEUE_AGE, max(0.0, age.total_seconds()), queue=queue.name)


def set_aside(queue: Queue, message: ReceivedMessage, body: bytes, reason: str) -> OutgoingMessage:
    """The same body for the dead-letter queue. A function cannot dead-letter its own message with a reason.

    https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger
    """
    return OutgoingMessage(
        body=body,
        message_id=f"{queue.name}:{message.sequence_number}",
        dead_letter_reason=reason,
        dead_letter_source=queue.name,
    )
