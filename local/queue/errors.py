"""The local queue's errors, as Service Bus raises them.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-exceptions-latest
"""


class LocalQueueError(Exception):
    """Base of the queue's refusals."""


class QueueNotFound(LocalQueueError):
    """There is no queue of this name."""


class NotAllowed(LocalQueueError):
    """The queue does not allow the message or the call: a session is missing, an id is invalid."""


class MessageSizeExceeded(LocalQueueError):
    """The message is larger than Service Bus takes."""


class QueueUnavailable(LocalQueueError):
    """The queue did not answer or was busy for too long. The operation may have been done."""


class LockLost(LocalQueueError):
    """The lock has expired, or the message was settled: another receiver may have it by now."""


class MessageLockLost(LockLost):
    """The lock on the message is lost."""


class SessionLockLost(LockLost):
    """The lock on the session is lost, and with it every message received under it."""
