"""A message that nobody could process: it is written down, and its step or scan still ends."""

import logging

from collectors.jobs.lease import Hold
from collectors.scan.dispatch import finish_if_last
from collectors.scan.step_work import LEASE_SECONDS
from shared.core.messages import Message, OperatorJobMessage, ScanMessage, StepMessage
from shared.core.models import ScanStatus, StepStatus
from shared.core.operator_jobs import JobState
from shared.core.redaction import redact
from shared.messaging.handler import names_in
from shared.messaging.queues import COLLECT_PREFIX, DRAFT_FINDINGS, EXPIRED, SCAN_FINISHES, SCAN_REQUESTS
from shared.messaging.replayable import message_of
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services

log = logging.getLogger(__name__)

STATUS_BEHIND = {SCAN_REQUESTS.name: ScanStatus.REQUESTED, SCAN_FINISHES.name: ScanStatus.FINISHING}
"""Where a scan stands while a message of these queues is on its way."""

TOO_OLD = "Nobody took this part of the scan up for days, so it was given up. We have been alerted."
JOB_REASON = "It failed again and again, so it was given up. We have been alerted."
REASON = "This part of the scan failed again and again, so it was given up. We have been alerted."


def record(services: Services, body: bytes, reason: str, queue: str) -> None:
    """Records one dead letter from `queue` and ends what waited for it. Any bytes will do as a body."""
    message = message_of(queue, body)
    reason = redact(reason)
    log_event(
        log,
        Event.MESSAGE_DEAD_LETTERED,
        reason,
        alert="dead-letter",
        about=names_in(message),
        collector=_collector_of(queue),
        queue=queue,
    )
    services.dead_letters.record(
        getattr(message, "tenant_id", None),
        queue,
        reason,
        redact(body.decode("utf-8", errors="replace")),
        services.clock.now(),
        message.encode().decode() if message else None,
    )
    _end(services, message, queue, reason)


def _collector_of(queue: str) -> str | None:
    return queue.removeprefix(COLLECT_PREFIX).replace("-", "_") if queue.startswith(COLLECT_PREFIX) else None


def _end(services: Services, message: Message | None, queue: str, reason: str) -> None:
    """Ends what waited for the message. Deletions and mails have ledgers of their own, which go on without it."""
    match message:
        case StepMessage():
            _fail_step(services, message, reason)
        case ScanMessage() if queue == DRAFT_FINDINGS.name:
            services.scans.end_drafting(message.tenant_id, message.scan_id, services.clock.now())
        case ScanMessage():
            _fail_scan(services, message, queue)
        case OperatorJobMessage():
            _fail_job(services, message, reason)


def _fail_step(services: Services, message: StepMessage, reason: str) -> None:
    """Ends the step as failed, unless it has ended or a living worker is at it.

    A message that expired says nothing about a step that was taken up since it was sent: a later one carries it.
    Nor does one that came too often while the step waits for a later: the queue may have been down when that one
    was to be sent, and the sweeper sends it.
    """
    steps = services.steps
    step = steps.get(message.tenant_id, message.step_id)
    if step is None or step.scan_id != message.scan_id:
        return
    is_behind = message.attempt <= step.attempt and not step.status.is_final
    if is_behind and (reason == EXPIRED or step.status is StepStatus.WAITING):
        about = {**names_in(message), "collector": step.collector, "claimed": step.attempt}
        log_event(log, Event.STEP_CONTINUED, "the message was an earlier one", about=about)
        return
    if not step.status.is_final:
        now = services.clock.now()
        held = steps.claim(step.tenant_id, step.step_id, now, LEASE_SECONDS)
        if held is None:
            return
        code, words = ("MessageExpired", TOO_OLD) if reason == EXPIRED else ("DeadLettered", REASON)
        steps.complete(held, StepStatus.FAILED, now, code=code, reason=words)
    finish_if_last(services, step.tenant_id, step.scan_id)


def _fail_scan(services: Services, message: ScanMessage, queue: str) -> None:
    """Ends the scan as failed, unless it has moved on from what this message asked for."""
    scans = services.scans
    scan = scans.get(message.tenant_id, message.scan_id)
    if scan is not None and scan.status is STATUS_BEHIND[queue]:
        scans.finish(scan.tenant_id, scan.scan_id, ScanStatus.FAILED, REASON, services.clock.now())


def _fail_job(services: Services, message: OperatorJobMessage, reason: str) -> None:
    """Ends the job as failed, on record, unless it has ended, somebody is at it, or a later message carries it."""
    jobs = services.operator_jobs
    job = jobs.get(message.tenant_id, message.job_id)
    if job is None or job.state.is_final or (reason == EXPIRED and message.attempt <= job.attempt):
        return
    held = jobs.claim(job.tenant_id, job.job_id, services.clock.now(), LEASE_SECONDS)
    scan = services.scans.get(job.tenant_id, job.scan_id)
    if held is not None and scan is not None:
        with Hold(services, scan, held, message.faults) as hold:
            hold.finish(JobState.FAILED, reason=JOB_REASON)
