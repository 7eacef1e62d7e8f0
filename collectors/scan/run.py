"""One step's message: claim the step, read page after page, save each, end it or hand it on.

A step survives anything at any point: each page is saved with the place to go on from, in
one transaction; what is sent to a queue is sent after it was written down; and a message
that comes twice finds the step where it stands.
"""

import logging
from datetime import timedelta

from collectors.base import Collector
from collectors.scan.dispatch import finish_if_last, queue_of, send_next, step_message
from collectors.scan.step_work import LEASE_SECONDS, StepWork
from shared.core.errors import BadMessage, LeaseLost
from shared.core.messages import StepMessage
from shared.core.models import Step, StepStatus
from shared.observability.events import Event
from shared.observability.work_log import log_event, working_on
from shared.wiring import Services

log = logging.getLogger(__name__)


def collect(services: Services, collector: Collector, body: bytes) -> None:
    """Works on one step for one message. Raises BadMessage; anything else that escapes asks for redelivery."""
    message = StepMessage.decode(body)
    names = {"scan": message.scan_id, "step": message.step_id, "attempt": message.attempt}
    with working_on(collector=collector.name, **names):
        _collect(services, collector, message)


def _collect(services: Services, collector: Collector, message: StepMessage) -> None:
    scan = services.scans.get(message.tenant_id, message.scan_id)
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
    """The step, held by us; None if there is nothing to do for this message."""
    steps = services.steps
    step = steps.get(message.tenant_id, message.step_id)
    if step is None:
        log_event(log, Event.STEP_UNKNOWN, "it was deleted, or never was", level=logging.WARNING)
        return None
    if step.collector != collector.name or step.scan_id != message.scan_id:
        raise BadMessage(f"step {message.step_id} is not of this queue or not of this scan")
    if step.status is StepStatus.WAITING and message.attempt <= step.attempt:
        _leave_to_next(services, step, message)
        return None
    claimed = steps.claim(step.tenant_id, step.step_id, services.clock.now(), LEASE_SECONDS)
    if claimed is None:
        _leave_to_holder(services, step, message)
    return claimed


def _leave_to_next(services: Services, step: Step, message: StepMessage) -> None:
    """The step waits for a later message than this. Its worker may have died before sending that: it is sent again."""
    log_event(log, Event.STEP_SCHEDULED, "a later message brings it back", claimed=step.attempt)
    send_next(services, step, faults=message.faults, at=step.not_before)


def _leave_to_holder(services: Services, step: Step, message: StepMessage) -> None:
    """The step has ended, or another worker is at it. Should that one be dead, a later message finds its
    lease run out."""
    latest = services.steps.get(step.tenant_id, step.step_id)
    if latest is None or latest.status.is_final:
        log_event(log, Event.STEP_ENDED_BEFORE, "an earlier message ended it")
        finish_if_last(services, step.tenant_id, step.scan_id)
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
