"""Send messages to Azure Service Bus.

https://learn.microsoft.com/python/api/overview/azure/servicebus-readme
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby

from azure.core.credentials import TokenCredential
from azure.servicebus import ServiceBusClient, ServiceBusMessage, ServiceBusMessageBatch
from azure.servicebus import ServiceBusSender as Link
from azure.servicebus.exceptions import (
    MessageSizeExceededError,
    OperationTimeoutError,
    ServiceBusAuthenticationError,
)

from shared.messaging.queues import (
    DEAD_LETTER_REASON_PROPERTY,
    DEAD_LETTER_SOURCE_PROPERTY,
    DIAGNOSTIC_ID_PROPERTY,
    MAX_ID_LENGTH,
    TRACEPARENT_PROPERTY,
    OutgoingMessage,
)

ATTEMPT_SECONDS = 20.0
"""Time limit of one attempt to connect, attach and send: without it the library may wait forever."""

SEND_SECONDS = 60.0
"""Time limit of one transfer with all its attempts."""


def connect(namespace: str, identity: TokenCredential) -> ServiceBusClient:
    """Return a client of the namespace as this identity; it connects at first use."""
    return ServiceBusClient(namespace, identity, try_timeout=ATTEMPT_SECONDS)


IDLE_SECONDS = 240.0
"""How long a link is kept without use. Service Bus closes it by itself after ten minutes, and sending over a closed one
takes 2.6 s where a new link takes half a second.
https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-troubleshoot"""


class ServiceBusSender:
    """A QueueSender. Each queue has one link, used by one thread at a time: links are not thread-safe.

    A link that was not used for IDLE_SECONDS, by `monotonic_seconds`, is closed and opened again before it is used.

    The library retries transient failures itself. Its final error is raised here too
    (ServiceBusError, or ClientAuthenticationError of its credential), and the next send opens a
    new link.
    """

    def __init__(
        self,
        namespace: str,
        connect: Callable[[str], ServiceBusClient],
        monotonic_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._namespace = namespace
        self._connect = connect
        self._seconds = monotonic_seconds
        self._used_at: dict[str, float] = {}
        self._lock = threading.Lock()
        self._client: ServiceBusClient | None = None
        self._links: dict[str, Link] = {}
        self._turns: dict[str, threading.Lock] = {}

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None:
        """Send all messages or raise. After an error some may have been sent: their ids make resending harmless."""
        with self._turn(queue), ExitStack() as on_error, refused_tokens_explained(queue):
            self._drop_if_idle(queue)
            on_error.callback(self._drop, queue)
            link = self._link(queue)
            for batch in list(batches(link, messages)):
                link.send_messages(batch, timeout=SEND_SECONDS)
            on_error.pop_all()

    def check_connection(self, queue: str) -> None:
        """Open a link: creating a batch needs the maximum message size, which only Service Bus knows."""
        with self._turn(queue), refused_tokens_explained(queue), ExitStack() as on_error:
            self._drop_if_idle(queue)
            on_error.callback(self._drop, queue)
            self._link(queue).create_message_batch()
            on_error.pop_all()

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None
            self._links.clear()

    @contextmanager
    def _turn(self, queue: str) -> Iterator[None]:
        """Wait for the send before this one, up to SEND_SECONDS."""
        with self._lock:
            turn = self._turns.setdefault(queue, threading.Lock())
        if not turn.acquire(timeout=SEND_SECONDS):
            raise OperationTimeoutError(message=f"Another send to the queue {queue} gets no answer.")
        try:
            yield
        finally:
            self._used_at[queue] = self._seconds()
            turn.release()

    def _link(self, queue: str) -> Link:
        with self._lock:
            if self._client is None:
                self._client = self._connect(self._namespace)
            if queue not in self._links:
                self._links[queue] = self._client.get_queue_sender(queue)
            return self._links[queue]

    def _drop_if_idle(self, queue: str) -> None:
        if self._seconds() - self._used_at.get(queue, self._seconds()) > IDLE_SECONDS:
            self._drop(queue)

    def _drop(self, queue: str) -> None:
        with self._lock:
            link = self._links.pop(queue, None)
        if link is not None:
            link.close()


@contextmanager
def refused_tokens_explained(queue: str) -> Iterator[None]:
    """Add Service Bus's own explanation when it refuses a token; the library says only "client-error"."""
    try:
        yield
    except ServiceBusAuthenticationError as refused:
        explanation = f"Service Bus refused the app's token for the queue {queue}: {refused.inner_exception}."
        raise ServiceBusAuthenticationError(message=explanation) from refused


def batches(link: Link, messages: list[OutgoingMessage]) -> Iterator[ServiceBusMessageBatch]:
    """Yield the messages in as few batches as possible; raises MessageSizeExceededError for one that is too large.

    A batch holds one session only: its envelope names the session of its first message.
    """
    for _, of_session in groupby(messages, key=lambda message: message.session_id):
        batch = link.create_message_batch()
        for message in map(as_service_bus_message, of_session):
            if not _fits(batch, message):
                yield batch
                batch = link.create_message_batch()
                batch.add_message(message)
        yield batch


def as_service_bus_message(message: OutgoingMessage) -> ServiceBusMessage:
    """Return the library's message; raises ValueError for an id that Service Bus does not accept."""
    if not 0 < len(message.message_id) <= MAX_ID_LENGTH:
        raise ValueError(f"a message id has 1 to {MAX_ID_LENGTH} characters")  # The library would generate one.
    properties = {
        DEAD_LETTER_REASON_PROPERTY: message.dead_letter_reason,
        DEAD_LETTER_SOURCE_PROPERTY: message.dead_letter_source,
        TRACEPARENT_PROPERTY: message.traceparent,
        DIAGNOSTIC_ID_PROPERTY: message.traceparent,
    }
    return ServiceBusMessage(
        message.body,
        application_properties={name: value for name, value in properties.items() if value is not None},
        session_id=message.session_id,
        message_id=message.message_id,
        scheduled_enqueue_time_utc=message.scheduled_for,
        content_type="application/json",
    )


def _fits(batch: ServiceBusMessageBatch, message: ServiceBusMessage) -> bool:
    try:
        batch.add_message(message)
    except MessageSizeExceededError:
        if len(batch) == 0:
            raise
        return False
    return True
