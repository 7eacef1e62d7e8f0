"""An operator's job, message by message: each part of it asks Azure as the customer's signed-in user.

Before every call it is asked anew whether anything may still be read: the review window is
open, the review is not published, the consent holds.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from collectors.jobs.lease import LEASE_SECONDS, Hold
from collectors.scan.outcomes import End, Outcome, Postpone, Simplify, Situation, StopScan, WaitHere, outcome_of
from shared.core.errors import CaletaError, LeaseLost
from shared.core.messages import OperatorJobMessage
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind, JobState, OperatorJob, Place
from shared.core.review_window import review_window
from shared.mail.scan_mails import mail_sign_in_needed
from shared.messaging.job_messages import send_job
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services

log = logging.getLogger(__name__)

WORK_SECONDS = 240
MAX_ATTEMPTS = 2_000
PATIENCE = timedelta(hours=20)
"""Longer than any quota of Azure's takes; the review window is over soon after anyhow."""


class Work(Protocol):
    """What a kind of job does. A part that ends badly does not keep the next from being read."""

    can_simplify: bool

    def read(self, hold: Hold, place: Place) -> None:
        """Asks Azure once, and advances `hold`. Raises what the ARM client raises."""

    def name_of(self, part: int) -> str:
        """What the part is called in a note."""

    def end(self, hold: Hold, place: Place) -> str:
        """After the last part: what came of it all, in a sentence."""


def run(services: Services, body: bytes) -> None:
    """Works on one job for one message. Raises BadMessage; anything else that escapes asks for redelivery."""
    message = OperatorJobMessage.decode(body)
    now = services.clock.now()
    job = services.operator_jobs.claim(message.tenant_id, message.job_id, now, LEASE_SECONDS)
    scan = services.scans.get(job.tenant_id, job.scan_id) if job else None
    if job is None or scan is None:
        log_event(log, Event.JOB_SKIPPED, "it has ended, or another worker holds it", job=message.job_id)
        return
    names = {"scan": job.scan_id, "job": job.job_id, "attempt": job.attempt}
    try:
        with Hold(services, scan, job, message.faults) as hold:
            if job.attempt > MAX_ATTEMPTS:
                hold.finish(JobState.FAILED, reason="It was tried again and again, then given up.")
                return
            _work(hold, _work_of(services, scan, job))
    except LeaseLost:
        log_event(log, Event.JOB_LEASE_LOST, "another worker holds it by now", level=logging.WARNING, about=names)


def refusal(services: Services, scan: Scan) -> str | None:
    """Why nothing may be read for this scan now; None when it may."""
    review = services.reviews.get(scan.tenant_id, scan.scan_id)
    return review_window(scan, review.published_at, services.clock.now()).refusal


def _work_of(services: Services, scan: Scan, job: OperatorJob) -> Work:
    from collectors.jobs.cost_query import CostQueryWork
    from collectors.jobs.metrics import MetricsWork
    from collectors.jobs.repull import RepullWork
    from collectors.jobs.resource_query import ResourceQueryWork

    kinds: dict[JobKind, Callable[[Services, Scan, OperatorJob], Work]] = {
        JobKind.REPULL: RepullWork,
        JobKind.RESOURCE_QUERY: ResourceQueryWork,
        JobKind.COST_QUERY: CostQueryWork,
        JobKind.METRICS: MetricsWork,
    }
    return kinds[job.kind](services, scan, job)


def _work(hold: Hold, work: Work) -> None:
    """Part by part, until the job has ended or belongs to a later message."""
    while True:
        refused = refusal(hold.services, hold.scan)
        if refused is not None:
            hold.finish(JobState.REFUSED, reason=refused)
            return
        place = hold.job.place
        if place.part >= hold.job.parts:
            _end(hold, work, place)
            return
        if (hold.now() - hold.started_at).total_seconds() > WORK_SECONDS:
            hold.jobs.release(hold.job, hold.now())
            send_job(hold.services.queues, hold.job, hold.job.attempt + 1, faults=hold.faults)
            return
        if not _read(hold, work, place):
            return


def _end(hold: Hold, work: Work, place: Place) -> None:
    summary = " ".join((work.end(hold, place), *place.notes))
    if place.good or not place.notes:
        hold.finish(JobState.DONE, summary=summary)
    else:
        hold.finish(JobState.FAILED, reason=" ".join(place.notes))


def _read(hold: Hold, work: Work, place: Place) -> bool:
    """One call; False once the job is not ours any more."""
    try:
        work.read(hold, place)
    except LeaseLost:
        raise
    except CaletaError as error:
        outcome = outcome_of(error, _situation(hold, work, place))
        if outcome is None:
            raise
        return _follow(hold, work, place, outcome)
    return True


def _situation(hold: Hold, work: Work, place: Place) -> Situation:
    return Situation(
        short_waits=hold.short_waits,
        faults=hold.faults,
        can_simplify=work.can_simplify and not place.simplified,
        is_late=hold.now() - hold.job.requested_at > PATIENCE,
    )


def _follow(hold: Hold, work: Work, place: Place, outcome: Outcome) -> bool:
    match outcome:
        case WaitHere():
            hold.log_event(Event.JOB_THROTTLED, outcome.reason, seconds=f"{outcome.seconds:.1f}")
            hold.short_waits += 1
            hold.services.clock.sleep(outcome.seconds)
        case Simplify():
            hold.log_event(Event.JOB_SIMPLIFIED, outcome.reason)
            hold.advance(place.begun_anew(simplified=True))
        case Postpone():
            _postpone(hold, outcome)
            return False
        case StopScan():
            hold.finish(JobState.REFUSED, reason=f"The customer's consent has ended: {outcome.reason}")
            mail_sign_in_needed(hold.services, hold.scan)
            return False
        case End():
            hold.log_event(Event.JOB_REQUEST_SKIPPED, outcome.reason, alert=outcome.alert, code=outcome.code)
            note = f"{work.name_of(place.part)}. {outcome.reason or outcome.code}"
            hold.advance(place.next_part(good=False, note=note))
    return True


def _postpone(hold: Hold, outcome: Postpone) -> None:
    hold.log_event(Event.JOB_POSTPONED, outcome.reason, alert=outcome.alert, seconds=f"{outcome.seconds:.1f}")
    at = hold.now() + timedelta(seconds=outcome.seconds)
    hold.jobs.wait(hold.job, outcome.reason, hold.now())
    send_job(hold.services.queues, hold.job, hold.job.attempt + 1, faults=outcome.faults, at=at)
