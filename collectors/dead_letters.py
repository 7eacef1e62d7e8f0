"""Record a dead-lettered message, and end the step, scan or job that waited for it."""

import logging

from collectors.jobs.lease import JobLease
from collectors.registry import all_queues
from collectors.scan.dispatch import finish_if_last
from collectors.scan.ending import end_scan
from collectors.scan.step_work import LEASE_SECONDS
from shared.core.messages import ExportMessage, Message, OperatorJobMessage, ScanMessage, StepMessage
from shared.core.models import ScanStatus, StepStatus
from shared.core.operator_jobs import JobState
from shared.core.redaction import redact
from shared.messaging.handler import names_in
from shared.messaging.progress import STATUS_WHILE_QUEUED, send_renewed
from shared.messaging.queues import COLLECT_PREFIX, DELIVERIES_USED_UP, DRAFT_FINDINGS, EXPIRED
from shared.messaging.replayable import message_of
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services

log = logging.getLogger(__name__)

TOO_OLD = "This part of the scan was not processed for days and was abandoned. We have been alerted."
JOB_REASON = "It failed repeatedly and was abandoned. We have been alerted."
REASON = "This part of the scan failed repeatedly and was abandoned. We have been alerted."


def record(services: Services, body: bytes, reason: str, queue: str) -> None:
    """Record one dead letter from `queue` and end what waited for it. The body may be any bytes.

    If its last deliveries made progress, the work is sent again instead.
    """
    if reason == DELIVERIES_USED_UP and send_renewed(services, queue, body, _session_id(queue, body)):
        return
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


def _session_id(queue: str, body: bytes) -> str | None:
    """Return the session of a queue with sessions: there it is the tenant."""
    needs_session = any(known.name == queue and known.requires_session for known in all_queues())
    return getattr(message_of(queue, body), "tenant_id", None) if needs_session else None


def _collector_of(queue: str) -> str | None:
    return queue.removeprefix(COLLECT_PREFIX).replace("-", "_") if queue.startswith(COLLECT_PREFIX) else None


def _end(services: Services, message: Message | None, queue: str, reason: str) -> None:
    """End what waited for the message. Deletions and mails have their own ledgers and continue without it."""
    match message:
        case StepMessage():
            _fail_step(services, message, reason)
        case ScanMessage() if queue == DRAFT_FINDINGS.name:
            services.scans.end_drafting(message.scan_key, services.clock.now())
        case ScanMessage():
            _fail_scan(services, message, queue)
        case ExportMessage():
            export = services.exports.get(message.tenant_id, message.user_object_id, message.export_id)
            if export is not None:
                services.exports.fail(export)
        case OperatorJobMessage():
            _fail_job(services, message, reason)


def _fail_step(services: Services, message: StepMessage, reason: str) -> None:
    """End the step as failed, unless it has ended or a worker holds its lease.

    An expired message does not concern a step that was claimed after it was sent: a later message carries that.
    Nor does a message with too many deliveries concern a step that waits for a later message: the queue may have
    been down when that one was due, and the sweeper sends it.
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
    finish_if_last(services, step.scan_key)


def _fail_scan(services: Services, message: ScanMessage, queue: str) -> None:
    """End the scan as failed, with its mails, unless it is past the state that this message was for."""
    scan = services.scans.get(message.scan_key)
    if scan is not None and scan.status is STATUS_WHILE_QUEUED[queue]:
        end_scan(services, scan, ScanStatus.FAILED, REASON)


def _fail_job(services: Services, message: OperatorJobMessage, reason: str) -> None:
    """End the job as failed, unless it has ended, a worker holds its lease or a later message carries it."""
    jobs = services.operator_jobs
    job = jobs.get(message.tenant_id, message.job_id)
    if job is None or job.state.is_final or (reason == EXPIRED and message.attempt <= job.attempt):
        return
    held = jobs.claim(job.tenant_id, job.job_id, services.clock.now(), LEASE_SECONDS)
    scan = services.scans.get(job.scan_key)
    if held is not None and scan is not None:
        with JobLease(services, scan, held, message.faults) as lease:
            lease.finish(JobState.FAILED, reason=JOB_REASON)
