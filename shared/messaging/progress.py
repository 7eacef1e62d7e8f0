"""Tell a message that is poison from one whose worker crashed: by what its work has achieved since it was sent.

Service Bus counts deliveries and cannot reset the count. A message therefore carries the progress of its
work at the time it was sent; a delivery that finds more sends the work again as a new message. Only deliveries
without progress add up to a dead letter.
https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues#maximum-delivery-count
"""

import hashlib
import logging

from shared.core.messages import (
    DeletionMessage,
    ExportMessage,
    Message,
    OperatorJobMessage,
    Progress,
    ScanMessage,
    StepMessage,
)
from shared.core.models import ScanStatus
from shared.messaging.queues import SCAN_FINISHES, SCAN_REQUESTS, OutgoingMessage
from shared.messaging.replayable import message_of
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services

STATUS_WHILE_QUEUED = {SCAN_REQUESTS.name: ScanStatus.REQUESTED, SCAN_FINISHES.name: ScanStatus.FINISHING}
"""The status of a scan while a message is in these queues."""

PROGRESSED = "an earlier delivery made progress"

log = logging.getLogger("caleta.queues")


def send_renewed(services: Services, queue: str, body: bytes, session_id: str | None) -> bool:
    """Send the message's work as a new message, with a fresh delivery count; False if it made no progress.

    The id follows from the content, so that a repetition after a crash is dropped as a duplicate.
    """
    message = message_of(queue, body)
    reached = progress_of(services, queue, message) if message else ()
    if message is None or not any(reached) or reached <= message.progress:
        return False
    log_event(log, Event.MESSAGE_RENEWED, PROGRESSED, queue=queue)
    again = message.model_copy(update={"progress": reached}).encode()
    message_id = f"renewed:{hashlib.sha256(again).hexdigest()}"
    services.queues.send(queue, [OutgoingMessage(again, message_id, session_id=session_id)])
    return True


def progress_of(services: Services, queue: str, message: Message) -> Progress:
    """Return what the message's work has achieved; () if nothing is known of it.

    Mails have none: sending one is a single call, and the outbox counts its attempts.
    """
    match message:
        case StepMessage():
            step = services.steps.get(message.tenant_id, message.step_id)
            return step.progress if step else ()
        case OperatorJobMessage():
            job = services.operator_jobs.get(message.tenant_id, message.job_id)
            return job.progress if job else ()
        case ScanMessage():
            return _scan_progress(services, queue, message)
        case ExportMessage():
            export = services.exports.get(message.tenant_id, message.user_object_id, message.export_id)
            return (export.parts_done,) if export else ()
        case DeletionMessage():
            deletion = services.deletions.get(message.receipt_id)
            return (deletion.rows,) if deletion and deletion.tenant_id == message.tenant_id else ()
    return ()


def _scan_progress(services: Services, queue: str, message: ScanMessage) -> Progress:
    """Return whether the scan has left the status of this queue, and whether a finishing one has its totals."""
    scan = services.scans.get(message.scan_key)
    if scan is None:
        return ()
    has_moved = scan.status is not STATUS_WHILE_QUEUED.get(queue, scan.status)
    return int(has_moved), int(queue == SCAN_FINISHES.name and services.scans.has_totals(scan.key))
