"""A durable queue in one file with the semantics of Service Bus."""

from local.queue.broker import LocalQueue
from local.queue.errors import (
    LockLost,
    MessageLockLost,
    MessageSizeExceeded,
    NotAllowed,
    QueueNotFound,
    QueueUnavailable,
    SessionLockLost,
)
from local.queue.messages import LockedMessage, LockedSession, QueueCounts, StoredMessage

__all__ = [
    "LocalQueue",
    "LockLost",
    "LockedMessage",
    "LockedSession",
    "MessageLockLost",
    "MessageSizeExceeded",
    "NotAllowed",
    "QueueCounts",
    "QueueNotFound",
    "QueueUnavailable",
    "SessionLockLost",
    "StoredMessage",
]
