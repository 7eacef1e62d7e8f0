"""What all links of the peer share: the queues behind it, the tokens it was shown, what it is to do wrong."""

from dataclasses import dataclass, field
from datetime import datetime

from proton import Described

from local.queue import LocalQueue, LockedMessage
from local.queue.errors import (
    LocalQueueError,
    MessageLockLost,
    MessageSizeExceeded,
    QueueNotFound,
    SessionLockLost,
)
from shared.core.clock import Clock
from shared.messaging.queues import Queue
from tests.peers.amqp.connection import Connection
from tests.peers.amqp.frames import error
from tests.peers.servicebus.faults import Faults

SERVER_BUSY = error("com.microsoft:server-busy", "The request was terminated because the entity is being throttled.")
CONDITIONS: dict[type[LocalQueueError], str] = {
    MessageLockLost: "com.microsoft:message-lock-lost",
    SessionLockLost: "com.microsoft:session-lock-lost",
    MessageSizeExceeded: "amqp:link:message-size-exceeded",
    QueueNotFound: "amqp:not-found",
}


@dataclass(frozen=True)
class PutToken:
    """A token that a client showed for an audience, and until when it said that it is good."""

    audience: str
    kind: str
    token: str
    expires_at: datetime | None


@dataclass
class Broker:
    """`held` are the messages out on locks, by lock token: a settlement may come over another connection."""

    queue: LocalQueue
    queues: dict[str, Queue]
    clock: Clock
    faults: Faults = field(default_factory=Faults)
    held: dict[str, LockedMessage] = field(default_factory=dict)
    put_tokens: list[PutToken] = field(default_factory=list)
    connections_opened: int = 0

    def refusal(self, connection: Connection, entity: str) -> Described | None:
        """Why this connection may not use this queue."""
        if entity not in self.queues:
            return error("amqp:not-found", f"The messaging entity '{entity}' could not be found.")
        if entity not in connection.tokens:
            return error("amqp:unauthorized-access", "Unauthorized access. 'Send,Listen' claims are required.")
        return None


def as_error(refused: LocalQueueError) -> Described:
    """How Service Bus says it."""
    return error(CONDITIONS.get(type(refused), "amqp:not-allowed"), str(refused))
