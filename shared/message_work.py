"""One message's work: done, set aside with a reason, or given back after a pause. Every queue's function does it so."""

import logging
from collections.abc import Callable
from typing import Protocol

from shared.core.errors import BadMessage
from shared.queues import DEAD_LETTERS, OutgoingMessage, Queue
from shared.wiring import Services, services

PAUSE_SECONDS = 20
"""Before a message that failed is given back: with five deliveries, a fault may last a minute and a half."""

SERVICE_BUS = "ServiceBus"
"""The prefix of the host's connection settings: `ServiceBus__fullyQualifiedNamespace`."""

log = logging.getLogger("caleta.queues")


class ReceivedMessage(Protocol):
    """What is used of the Functions host's message."""

    @property
    def sequence_number(self) -> int | None:
        """The message's number in its queue."""

    def get_body(self) -> bytes:
        """The body as it was sent."""


def handle(queue: Queue, message: ReceivedMessage, work: Callable[[Services, bytes], None]) -> None:
    """Does the work of one message. One that cannot be understood is set aside with its reason.

    Any other exception is the host's to see, after a pause: it gives the message back, and
    Service Bus delivers it again at once. A database that is away for a minute would use up
    all of a message's deliveries in a second.
    """
    parts = services()
    body = message.get_body()
    try:
        work(parts, body)
    except BadMessage as error:
        log.warning("message set aside queue=%s sequence=%s reason=%s", queue.name, message.sequence_number, error)
        parts.queues.send(DEAD_LETTERS.name, [set_aside(queue, message, body, str(error))])
    except Exception:
        log.exception("message not worked on queue=%s sequence=%s", queue.name, message.sequence_number)
        parts.clock.sleep(PAUSE_SECONDS)
        raise


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
