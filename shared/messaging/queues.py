"""Define the queues and outgoing messages.

Receiving is the Functions host's task; the app never opens a receiver.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from shared.core.periods import QUEUED_MESSAGE_DAYS
from shared.observability.telemetry import current_traceparent

MAX_MESSAGE_BYTES = 256 * 1024
"""The maximum size of a message, properties included, on the Standard tier.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
"""

MAX_ID_LENGTH = 128
"""The maximum length of a message id and of a session id."""

DEAD_LETTER_REASON_PROPERTY = "DeadLetterReason"
DEAD_LETTER_DESCRIPTION_PROPERTY = "DeadLetterErrorDescription"
DEAD_LETTER_SOURCE_PROPERTY = "DeadLetterSource"
"""Application properties of a dead-lettered message: the first two are Service Bus's own names; the third
is ours, because Service Bus reserves the system property for its own forwarding."""


EXPIRED = "TTLExpiredException"
DELIVERIES_USED_UP = "MaxDeliveryCountExceeded"
"""The reasons with which Service Bus itself dead-letters.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues
"""

TRACEPARENT_PROPERTY = "traceparent"
"""The application property with the sender's trace; also sent as `Diagnostic-Id`, which the Functions host
and the Azure SDKs read.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-end-to-end-tracing
"""

DIAGNOSTIC_ID_PROPERTY = "Diagnostic-Id"


@dataclass(frozen=True)
class Queue:
    """One Service Bus queue; Bicep and the local queue are generated from these.

    Lock: five minutes is Service Bus's maximum; the host renews it while a function runs.
    `max_delivery_count` counts deliveries without progress (see progress.py), Service Bus's own default:
    a worker may die that often at one piece of work, as during a bad deployment.
    `duplicate_detection_window` None: duplicates are kept. `time_to_live`: how long a message may
    wait for a receiver after it is enqueued (a scheduled one: after its time), then it is dead-lettered.
    Work that waits longer sends new messages, so this limits how long one stays unreceived.
    https://learn.microsoft.com/azure/service-bus-messaging/message-expiration
    """

    name: str
    requires_session: bool = False
    lock_duration: timedelta = timedelta(minutes=5)
    max_delivery_count: int = 10
    duplicate_detection_window: timedelta | None = timedelta(minutes=10)
    time_to_live: timedelta = timedelta(days=QUEUED_MESSAGE_DAYS)
    forward_dead_lettered_to: str | None = "dead-letters"


PLAN_LIFETIME = timedelta(days=2)
"""A plan waits one day for Azure. A scan that has not started after two has failed: a late start would
surprise the user."""

STEP_LIFETIME = timedelta(days=4)
"""A scan waits three days, and a customer's cost steps may queue behind their quota for most of a day: a step
must not expire while its scan still waits for it, nor much later."""

ENDING_LIFETIME = timedelta(days=QUEUED_MESSAGE_DAYS)
"""All data has been read by then and stays valid: expiring would discard it."""

DELETION_LIFETIME = timedelta(days=2)
"""The nightly purge finishes every deletion in its ledger, so after two nights the message is obsolete."""

MAIL_LIFETIME = timedelta(days=1)
"""The outbox resends every ten minutes: a message a day old is one of many copies."""

JOB_LIFETIME = timedelta(days=2)
"""A job waits 20 hours for Azure, and metrics may be read for 24 hours after a scan."""

EXPORT_LIFETIME = timedelta(days=1)
"""An export expires after a day, built or not."""

DEAD_LETTER_LIFETIME = timedelta(days=QUEUED_MESSAGE_DAYS)
"""The database may be unavailable for days. Messages that expire here stay in this queue's own dead letters."""

SCAN_REQUESTS = Queue("scan-requests", time_to_live=PLAN_LIFETIME)
SCAN_FINISHES = Queue("scan-finishes", time_to_live=ENDING_LIFETIME)
DRAFT_FINDINGS = Queue("draft-findings", time_to_live=ENDING_LIFETIME)
DELETIONS = Queue("deletions", time_to_live=DELETION_LIFETIME)
DEAD_LETTERS = Queue(
    "dead-letters",
    duplicate_detection_window=None,  # Two queues may dead-letter messages with the same id: neither may be dropped.
    time_to_live=DEAD_LETTER_LIFETIME,
    forward_dead_lettered_to=None,
)
SEND_MAIL = Queue("send-mail", time_to_live=MAIL_LIFETIME)
OPERATOR_JOBS = Queue("operator-jobs", time_to_live=JOB_LIFETIME)
EXPORTS = Queue("exports", time_to_live=EXPORT_LIFETIME)


COLLECT_PREFIX = "collect-"


def collector_queue(collector: str, requires_session: bool = False) -> Queue:
    """Return the queue of one collector; its name is the collector's with hyphens."""
    return Queue(f"{COLLECT_PREFIX}{collector.replace('_', '-')}", requires_session, time_to_live=STEP_LIFETIME)


@dataclass(frozen=True)
class OutgoingMessage:
    """A message to send.

    Duplicate detection compares `message_id`: a later attempt needs its own id, or Service Bus
    silently drops it. `scheduled_for` is aware UTC. `traceparent` continues the sender's trace.
    """

    body: bytes
    message_id: str
    session_id: str | None = None
    scheduled_for: datetime | None = None
    dead_letter_reason: str | None = None
    dead_letter_source: str | None = None
    traceparent: str | None = field(default_factory=current_traceparent)


class QueueSender(Protocol):
    """Sends messages at least once, or raises."""

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None:
        """Send all messages or raise."""

    def check_connection(self, queue: str) -> None:
        """Connect to the queue without sending anything; raise if that fails."""
