"""The queues: what each is, once, and how a message is sent.

Receiving is the Functions host's work; `function_app.py` never opens a receiver.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from shared.observability.telemetry import current_traceparent

MAX_MESSAGE_BYTES = 256 * 1024
"""A whole message, properties included, on the Standard tier.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
"""

MAX_ID_LENGTH = 128
"""Of a message id and of a session id."""

DEAD_LETTER_REASON_PROPERTY = "DeadLetterReason"
DEAD_LETTER_DESCRIPTION_PROPERTY = "DeadLetterErrorDescription"
DEAD_LETTER_SOURCE_PROPERTY = "DeadLetterSource"
"""Application properties of a message that was set aside: the first two are Service Bus's own
names; the third is ours, for Service Bus reserves the system property to its own forwarding."""


EXPIRED = "TTLExpiredException"
DELIVERIES_USED_UP = "MaxDeliveryCountExceeded"
"""The reasons that Service Bus itself gives a dead letter.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues
"""

TRACEPARENT_PROPERTY = "traceparent"
"""The application property that says where a message comes from; the same goes out as `Diagnostic-Id`,
which the Functions host and the Azure SDKs look for.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-end-to-end-tracing
"""

DIAGNOSTIC_ID_PROPERTY = "Diagnostic-Id"


@dataclass(frozen=True)
class Queue:
    """One Service Bus queue; Bicep and the local queue are made from these.

    Lock: five minutes is Service Bus's longest; the host renews it while a function runs.
    `duplicate_detection_window` None: duplicates are kept. `time_to_live`: how long a message may
    wait for its receiver, from the moment it is enqueued (a scheduled one: from its time); then it
    is dead-lettered. Work that goes on waiting sends new messages, so this bounds how long nobody takes one.
    https://learn.microsoft.com/azure/service-bus-messaging/message-expiration
    """

    name: str
    requires_session: bool = False
    lock_duration: timedelta = timedelta(minutes=5)
    max_delivery_count: int = 5
    duplicate_detection_window: timedelta | None = timedelta(minutes=10)
    time_to_live: timedelta = timedelta(days=14)
    forward_dead_lettered_to: str | None = "dead-letters"


PLAN_LIFETIME = timedelta(days=2)
"""A plan has one day's patience with Azure. A scan that nobody began in two is said to have failed:
it is better asked for again than begun when nobody expects it any more."""

STEP_LIFETIME = timedelta(days=4)
"""A scan waits three days, and a customer's costs queue up behind their quota for most of one: a step
must not expire while the scan would still wait for it, nor be waited for much longer than that."""

ENDING_LIFETIME = timedelta(days=14)
"""All has been read by then, and it is as true next week: expiring would throw away what is there."""

DELETION_LIFETIME = timedelta(days=2)
"""The nightly purge finishes from its ledger what no message did, so the second night makes it needless."""

MAIL_LIFETIME = timedelta(days=1)
"""The outbox asks every ten minutes for what has not gone: what is a day old is one of many copies."""

JOB_LIFETIME = timedelta(days=2)
"""A job waits 20 hours for Azure, and metrics may be read for 24 hours after a scan."""

DEAD_LETTER_LIFETIME = timedelta(days=14)
"""The last place of all: the database may be away for days. What expires here still stays in this
queue's own dead letters, for good."""

SCAN_REQUESTS = Queue("scan-requests", time_to_live=PLAN_LIFETIME)
SCAN_FINISHES = Queue("scan-finishes", time_to_live=ENDING_LIFETIME)
DRAFT_FINDINGS = Queue("draft-findings", time_to_live=ENDING_LIFETIME)
DELETIONS = Queue("deletions", max_delivery_count=10, time_to_live=DELETION_LIFETIME)
DEAD_LETTERS = Queue(
    "dead-letters",
    max_delivery_count=10,
    duplicate_detection_window=None,  # Two queues may set aside messages of one id: neither may be dropped.
    time_to_live=DEAD_LETTER_LIFETIME,
    forward_dead_lettered_to=None,
)
SEND_MAIL = Queue("send-mail", time_to_live=MAIL_LIFETIME)
OPERATOR_JOBS = Queue("operator-jobs", time_to_live=JOB_LIFETIME)


COLLECT_PREFIX = "collect-"


def collector_queue(collector: str, requires_session: bool = False) -> Queue:
    """The queue of one collector; its name is the collector's stem with hyphens."""
    return Queue(f"{COLLECT_PREFIX}{collector.replace('_', '-')}", requires_session, time_to_live=STEP_LIFETIME)


@dataclass(frozen=True)
class OutgoingMessage:
    """A message to be sent.

    `message_id` is what duplicate detection compares: a later attempt needs an id of its
    own, or Service Bus drops it in silence. `scheduled_for` is aware UTC. `traceparent` is
    where it was made, so that its work belongs to the same trace.
    """

    body: bytes
    message_id: str
    session_id: str | None = None
    scheduled_for: datetime | None = None
    dead_letter_reason: str | None = None
    dead_letter_source: str | None = None
    traceparent: str | None = field(default_factory=current_traceparent)


class QueueSender(Protocol):
    """Sends messages; at least once, never fewer times without an exception."""

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None:
        """Sends all or raises."""

    def reach(self, queue: str) -> None:
        """Opens the way to the queue without sending anything; raises when there is none."""
