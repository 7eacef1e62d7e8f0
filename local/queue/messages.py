"""Messages as the queue returns them."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class StoredMessage:
    """A message in a queue; moments are aware UTC. `delivery_count` is 1 at the first delivery.

    `dead_letter_source` is the queue that it was dead-lettered in, None in that queue itself. After
    `expires_at` it is not delivered any more; None: it never expires.
    """

    queue: str
    sequence_number: int
    body: bytes
    message_id: str
    session_id: str | None
    delivery_count: int
    enqueued_at: datetime
    scheduled_for: datetime | None
    dead_letter_reason: str | None
    dead_letter_description: str | None
    dead_letter_source: str | None
    traceparent: str | None = field(default=None, kw_only=True)
    expires_at: datetime | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class LockedMessage(StoredMessage):
    """A message locked by this receiver until `locked_until`: its session's, if it has one."""

    lock_token: str
    locked_until: datetime


@dataclass(frozen=True)
class LockedSession:
    """A session that this receiver alone reads until `locked_until`."""

    queue: str
    session_id: str
    lock_token: str
    locked_until: datetime


@dataclass(frozen=True)
class QueueCounts:
    """How many messages a queue holds. `active` counts those that are `locked` too."""

    active: int
    locked: int
    scheduled: int
    dead_lettered: int
