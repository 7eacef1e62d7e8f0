"""Run an operator's job, message by message: each part calls Azure as the customer's signed-in user.

Before every call the job checks that reading is still allowed: the review window is open, the review is not
published, the consent is active.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from collectors.jobs.lease import LEASE_SECONDS, JobLease
from collectors.scan.outcomes import End, Outcome, Postpone, RetryInPlace, Simplify, Situation, StopScan, outcome_of
from shared.core.errors import CaletaError, LeaseLost
from shared.core.messages import OperatorJobMessage
from shared.core.models import Scan
from shared.core.operator_jobs import JobCursor, JobKind, JobState, OperatorJob
from shared.core.review_window import review_window
from shared.mail.scan_mails import mail_sign_in_needed
from shared.messaging.job_messages import send_job
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.sql.reviews.reviews import Reviews
from shared.wiring import Services

log = logging.getLogger(__name__)

WORK_SECONDS = 240
MAX_ATTEMPTS = 2_000
PATIENCE = timedelta(hours=20)
"""Longer than any Azure quota window; the review window closes soon after."""


class JobWork(Protocol):
    """What a kind of job does. A failed part does not stop the next one."""

    def simpler_queries(self, part: int) -> int:
        """Return how many simpler queries there are for a part if Azure refuses the full one."""

    def read(self, lease: JobLease, position: JobCursor) -> None:
        """Make one call and advance the job. Raises what the ARM client raises."""

    def name_of(self, part: int) -> str:
        """Return the part's name in a note."""

    def end(self, lease: JobLease, position: JobCursor) -> str:
        """After the last part: return a summary sentence."""


def run(services: Services, body: bytes) -> None:
    """Process one job's message. Raises BadMessage; any other exception causes a redelivery."""
    message = OperatorJobMessage.decode(body)
    now = services.clock.now()
    job = services.operator_jobs.claim(message.tenant_id, message.job_id, now, LEASE_SECONDS)
    scan = services.scans.get(job.scan_key) if job else None
    if job is None or scan is None:
        log_event(log, Event.JOB_SKIPPED, "it has ended, or another worker holds it", job=message.job_id)
        return
    names = {"scan": job.scan_id, "job": job.job_id, "attempt": job.attempt}
    try:
        with JobLease(services, scan, job, message.faults) as lease:
            if job.attempt > MAX_ATTEMPTS:
                lease.finish(JobState.FAILED, reason="It failed repeatedly and was abandoned.")
                return
            _work(lease, _work_of(services, scan, job))
    except LeaseLost:
        log_event(log, Event.JOB_LEASE_LOST, "another worker holds it by now", level=logging.WARNING, about=names)


def refusal(reviews: Reviews, scan: Scan, now: datetime) -> str | None:
    """Return why nothing may be read for this scan now; None if it may."""
    review = reviews.get(scan.key)
    return review_window(scan, review.published_at, now).refusal


def _work_of(services: Services, scan: Scan, job: OperatorJob) -> JobWork:
    from collectors.jobs.cost_query import CostQueryWork
    from collectors.jobs.metrics import MetricsWork
    from collectors.jobs.repull import RepullWork
    from collectors.jobs.resource_query import ResourceQueryWork

    kinds: dict[JobKind, Callable[[Services, Scan, OperatorJob], JobWork]] = {
        JobKind.REPULL: RepullWork,
        JobKind.RESOURCE_QUERY: ResourceQueryWork,
        JobKind.COST_QUERY: CostQueryWork,
        JobKind.METRICS: MetricsWork,
    }
    return kinds[job.kind](services, scan, job)


def _work(lease: JobLease, work: JobWork) -> None:
    """Work part by part, until the job has ended or is left to a later message."""
    while True:
        refused = refusal(lease.services.reviews, lease.scan, lease.now())
        if refused is not None:
            lease.finish(JobState.REFUSED, reason=refused)
            return
        position = lease.job.position
        if position.part >= lease.job.parts:
            _end(lease, work, position)
            return
        if (lease.now() - lease.started_at).total_seconds() > WORK_SECONDS:
            lease.jobs.release(lease.job, lease.now())
            send_job(lease.services.queues, lease.job, lease.job.attempt + 1, faults=lease.faults)
            return
        if not _read(lease, work, position):
            return


def _end(lease: JobLease, work: JobWork, position: JobCursor) -> None:
    summary = " ".join((work.end(lease, position), *position.notes))
    if position.good or not position.notes:
        lease.finish(JobState.DONE, summary=summary)
    else:
        lease.finish(JobState.FAILED, reason=" ".join(position.notes))


def _read(lease: JobLease, work: JobWork, position: JobCursor) -> bool:
    """Make one call; return False once the job has ended or is left to a later message."""
    try:
        work.read(lease, position)
    except LeaseLost:
        raise
    except CaletaError as error:
        outcome = outcome_of(error, _situation(lease, work, position))
        if outcome is None:
            raise
        return _follow(lease, work, position, outcome)
    return True


def _situation(lease: JobLease, work: JobWork, position: JobCursor) -> Situation:
    return Situation(
        short_waits=lease.short_waits,
        faults=lease.faults,
        can_simplify=position.simplified < work.simpler_queries(position.part),
        is_late=lease.now() - lease.job.requested_at > PATIENCE,
    )


def _follow(lease: JobLease, work: JobWork, position: JobCursor, outcome: Outcome) -> bool:
    match outcome:
        case RetryInPlace():
            lease.log_event(Event.JOB_THROTTLED, outcome.reason, seconds=f"{outcome.seconds:.1f}")
            lease.short_waits += 1
            lease.services.clock.sleep(outcome.seconds)
        case Simplify():
            lease.log_event(Event.JOB_SIMPLIFIED, outcome.reason)
            lease.advance(position.restarted(simplified=position.simplified + 1))
        case Postpone():
            _postpone(lease, outcome)
            return False
        case StopScan():
            lease.finish(JobState.REFUSED, reason=f"The customer's consent has ended: {outcome.reason}")
            mail_sign_in_needed(lease.services, lease.scan)
            return False
        case End():
            lease.log_event(Event.JOB_REQUEST_SKIPPED, outcome.reason, alert=outcome.alert, code=outcome.code)
            note = f"{work.name_of(position.part)}. {outcome.reason or outcome.code}"
            lease.advance(position.next_part(good=False, note=note))
    return True


def _postpone(lease: JobLease, outcome: Postpone) -> None:
    lease.log_event(Event.JOB_POSTPONED, outcome.reason, alert=outcome.alert, seconds=f"{outcome.seconds:.1f}")
    at = lease.now() + timedelta(seconds=outcome.seconds)
    lease.jobs.wait(lease.job, outcome.reason, lease.now())
    send_job(lease.services.queues, lease.job, lease.job.attempt + 1, faults=outcome.faults, at=at)
