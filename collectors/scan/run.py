"""Process one step's message: claim the step, read and save page after page, then end or requeue it.

A step survives a crash at any point: each page is saved together with the resume position in one transaction,
messages are sent after the state they refer to is stored, and a duplicate message finds the step's current state.
"""

import logging
from datetime import timedelta

from collectors.base import Collector
from collectors.scan.dispatch import finish_if_last, queue_of, send_next, step_message
from collectors.scan.step_work import LEASE_SECONDS, StepWork
from shared.core.errors import BadMessage, LeaseLost
from shared.core.messages import StepMessage
from shared.core.models import Step, StepStatus
from shared.messaging.queues import QueueSender
from shared.observability.events import Event
from shared.observability.work_log import log_event, working_on
from shared.wiring import Services

log = logging.getLogger(__name__)


def collect(services: Services, collector: Collector, body: bytes) -> None:
    """Process one step's message. Raises BadMessage; any other exception causes a redelivery."""
    message = StepMessage.decode(body)
    names = {"scan": message.scan_id, "step": message.step_id, "attempt": message.attempt}
    with working_on(collector=collector.name, **names):
        _collect(services, collector, message)


def _collect(services: Services, collector: Collector, message: StepMessage) -> None:
    scan = services.scans.get(message.scan_key)
    if scan is None or scan.status.is_final:
        log_event(log, Event.STEP_ABANDONED, "its scan has ended")
        return
    step = _claimed(services, collector, message)
    if step is None:
        return
    try:
        with StepWork(services, collector, scan, step, message.faults) as work:
            work.run()
    except LeaseLost:
        log_event(
            log, Event.STEP_LEASE_LOST, "another worker holds it by now", attempt=step.attempt, level=logging.WARNING
        )


def _claimed(services: Services, collector: Collector, message: StepMessage) -> Step | None:
    """Claim the step; return None if there is nothing to do for this message."""
    steps = services.steps
    step = steps.get(message.tenant_id, message.step_id)
    if step is None:
        log_event(log, Event.STEP_UNKNOWN, "it was deleted, or never was", level=logging.WARNING)
        return None
    if step.collector != collector.name or step.scan_id != message.scan_id:
        raise BadMessage(f"step {message.step_id} is not of this queue or not of this scan")
    if step.status is StepStatus.WAITING and message.attempt <= step.attempt:
        _resend_scheduled(services.queues, step, message)
        return None
    claimed = steps.claim(step.tenant_id, step.step_id, services.clock.now(), LEASE_SECONDS)
    if claimed is None:
        _retry_after_lease(services, step, message)
    return claimed


def _resend_scheduled(queues: QueueSender, step: Step, message: StepMessage) -> None:
    """Send the step's scheduled message again: its worker may have crashed before sending it."""
    log_event(log, Event.STEP_SCHEDULED, "a later message brings it back", claimed=step.attempt)
    send_next(queues, step, faults=message.faults, at=step.not_before)


def _retry_after_lease(services: Services, step: Step, message: StepMessage) -> None:
    """Finish the scan if the step has ended; else send a message for the time when its lease has expired."""
    latest = services.steps.get(step.tenant_id, step.step_id)
    if latest is None or latest.status.is_final:
        log_event(log, Event.STEP_ENDED_BEFORE, "an earlier message ended it")
        finish_if_last(services, step.scan_key)
        return
    log_event(log, Event.STEP_LEASED, "another worker is at it", claimed=latest.attempt)
    now = services.clock.now()
    later = step_message(
        latest,
        max(latest.attempt, 1),
        faults=message.faults,
        at=now + timedelta(seconds=LEASE_SECONDS),
        mark=f":held:{int(now.timestamp())}",
    )
    services.queues.send(queue_of(latest).name, [later])
