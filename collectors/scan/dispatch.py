"""The messages of a scan: their queues and ids.

Duplicate detection silently drops a message with the id of an earlier one, scheduled ones included.
So an id is reused only where a second copy should be dropped.
https://learn.microsoft.com/azure/service-bus-messaging/duplicate-detection
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from collectors.registry import collector
from collectors.scan.outcomes import End
from shared.core.messages import ScanMessage, StepMessage
from shared.core.models import Scan, ScanKey, ScanStatus, Step
from shared.messaging.queues import (
    DRAFT_FINDINGS,
    SCAN_FINISHES,
    SCAN_REQUESTS,
    OutgoingMessage,
    Queue,
    QueueSender,
    collector_queue,
)
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services

log = logging.getLogger(__name__)


def send_next(queues: QueueSender, step: Step, *, faults: int = 0, at: datetime | None = None) -> None:
    """Send the message for the step's next claim; `at` (aware UTC) schedules it."""
    queues.send(queue_of(step).name, [step_message(step, step.attempt + 1, faults=faults, at=at)])


def send_first(queues: QueueSender, steps: Sequence[Step]) -> None:
    """Send each step's first message, one batch per queue."""
    batches: dict[str, list[OutgoingMessage]] = {}
    for step in steps:
        batches.setdefault(queue_of(step).name, []).append(step_message(step, 1))
    for queue, messages in batches.items():
        queues.send(queue, messages)


def queue_of(step: Step) -> Queue:
    """Return the queue of the step's collector."""
    known = collector(step.collector)
    return collector_queue(known.name, known.requires_session)


def step_message(
    step: Step, attempt: int, *, faults: int = 0, at: datetime | None = None, mark: str = ""
) -> OutgoingMessage:
    """Return a message for this step. `mark` makes its id differ from the regular message of this attempt."""
    body = StepMessage(
        tenant_id=step.tenant_id,
        scan_id=step.scan_id,
        step_id=step.step_id,
        attempt=attempt,
        faults=faults,
        progress=step.progress,
    )
    return OutgoingMessage(
        body=body.encode(),
        message_id=f"{step.scan_id}:{step.step_id}:{attempt}{mark}",
        session_id=step.tenant_id if queue_of(step).requires_session else None,
        scheduled_for=at,
    )


SWEEP_ATTEMPT = 10_000
"""The attempt number of a plan message that the sweeper sends: one more try, without retries of its own.

A scan whose list of subscriptions is throttled for hours looks to every sweep like one whose message was lost.
"""


def send_plan(queues: QueueSender, scan: Scan, attempt: int, *, at: datetime | None = None, mark: str = "") -> None:
    """Request the planning of the scan."""
    body = ScanMessage(tenant_id=scan.tenant_id, scan_id=scan.scan_id, attempt=attempt).encode()
    message = OutgoingMessage(body, message_id=f"{scan.scan_id}:plan:{attempt}{mark}", scheduled_for=at)
    queues.send(SCAN_REQUESTS.name, [message])


def send_finish(services: Services, scan_key: ScanKey, *, mark: str = "") -> None:
    """Request the finishing of the scan: one message, however many steps report to be the last.

    The id contains the sum of the steps' attempts, which only grows, so that a reopened scan can finish again.
    """
    attempts = sum(step.attempt for step in services.steps.list(scan_key))
    body = ScanMessage(tenant_id=scan_key.tenant_id, scan_id=scan_key.scan_id).encode()
    message_id = f"{scan_key.scan_id}:finish:{attempts}{mark}"
    services.queues.send(SCAN_FINISHES.name, [OutgoingMessage(body, message_id=message_id)])


def send_drafting(queues: QueueSender, scan_key: ScanKey, *, mark: str = "") -> None:
    """Request the drafting of findings for a scan that has been collected."""
    body = ScanMessage(tenant_id=scan_key.tenant_id, scan_id=scan_key.scan_id).encode()
    queues.send(DRAFT_FINDINGS.name, [OutgoingMessage(body, message_id=f"{scan_key.scan_id}:draft:1{mark}")])


def finish_if_last(services: Services, scan_key: ScanKey) -> None:
    """After a step's end: if no step is left, set the scan to finishing and request its finish.

    A worker may have crashed between the two, so the message is sent again for a scan that is finishing already;
    duplicate detection drops the copies.
    """
    scans = services.scans
    if not scans.begin_finishing(scan_key):
        scan = scans.get(scan_key)
        if scan is None or scan.status is not ScanStatus.FINISHING:
            return
    send_finish(services, scan_key)


def end_other_steps(services: Services, step: Step, end: End, lease_seconds: float) -> None:
    """End the scan's other steps the same way. A step leased by another worker ends by the same refusal there."""
    steps, now = services.steps, services.clock.now()
    for other in steps.list(step.scan_key):
        if other.step_id != step.step_id and not other.status.is_final:
            held = steps.claim(other.tenant_id, other.step_id, now, lease_seconds)
            if held is not None:
                steps.complete(held, end.status, now, code=end.code, reason=end.reason)
                names = {"step": other.step_id, "collector": other.collector, "attempt": held.attempt}
                log_event(log, Event(f"step-{end.status}"), end.reason, scan=other.scan_id, about=names, code=end.code)
