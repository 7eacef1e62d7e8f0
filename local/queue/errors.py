"""How Service Bus refuses.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-exceptions-latest
"""


class LocalQueueError(Exception):
    """Base of the queue's refusals."""


class QueueNotFound(LocalQueueError):
    """There is no queue of this name."""


class NotAllowed(LocalQueueError):
    """The message or the call does not go with the queue: no session where one is needed, a bad id."""


class MessageSizeExceeded(LocalQueueError):
    """The message is larger than Service Bus takes."""


class QueueUnavailable(LocalQueueError):
    """The queue did not answer or was busy for too long. What was to be done may have been."""


class LockLost(LocalQueueError):
    """The lock has run out, or the message was settled: somebody else may have it by now."""


class MessageLockLost(LockLost):
    """The lock on the message is lost."""


class SessionLockLost(LockLost):
    """The lock on the session is lost, and with it every message received under it."""
