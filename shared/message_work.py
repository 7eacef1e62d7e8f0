"""One message's work: done, set aside with a reason, or given back after a pause. Every queue's function does it so."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from shared.core.errors import BadMessage
from shared.core.messages import Message
from shared.queues import DEAD_LETTERS, TRACEPARENT_PROPERTY, OutgoingMessage, Queue
from shared.replayable import message_of
from shared.telemetry import QUEUE_AGE, failed, record, span
from shared.wiring import Services, services
from shared.work_log import tell, working_on

PAUSE_SECONDS = 20
"""Before a message that failed is given back: with five deliveries, a fault may last a minute and a half."""

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
    def enqueued_time_utc(self) -> datetime | None:
        """When it became available; UTC, and without a zone as the host gives it."""

    @property
    def application_properties(self) -> Mapping[str, Any] | None:
        """What its sender wrote beside the body."""

    def get_body(self) -> bytes:
        """The body as it was sent."""


def handle(queue: Queue, message: ReceivedMessage, work: Callable[[Services, bytes], None]) -> None:
    """Does the work of one message. One that cannot be understood is set aside with its reason.

    Any other exception is the host's to see, after a pause: it gives the message back, and
    Service Bus delivers it again at once. A database that is away for a minute would use up
    all of a message's deliveries in a second.
    """
    parts = services()
    _measure_age(queue, message, parts.clock.now())
    named = names_in(message_of(queue.name, message.get_body()))
    with (
        span(f"message {queue.name}", _origin(message), queue=queue.name, delivery=message.delivery_count),
        working_on(**named),
    ):
        if (message.delivery_count or 1) > 1:
            tell(log, "redelivered", AGAIN, queue=queue.name, delivery=message.delivery_count)
        _work(parts, queue, message, work)


def _work(parts: Services, queue: Queue, message: ReceivedMessage, work: Callable[[Services, bytes], None]) -> None:
    body = message.get_body()
    try:
        work(parts, body)
    except BadMessage as error:
        tell(log, "set-aside", error, level=logging.WARNING, queue=queue.name, sequence=message.sequence_number)
        failed("BadMessage")
        parts.queues.send(DEAD_LETTERS.name, [set_aside(queue, message, body, str(error))])
    except Exception as error:
        place = {"queue": queue.name, "sequence": message.sequence_number, "delivery": message.delivery_count}
        tell(log, "not-worked-on", type(error).__name__, level=logging.ERROR, exc_info=True, about=place)
        parts.clock.sleep(PAUSE_SECONDS)
        raise


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
