"""A worker's hold on an operator's job: where it goes on, and how it ends, on record."""

import logging
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Self

from shared.arm.paced_arm import Asker
from shared.core.audit import Action, AuditEvent, Subject, operator
from shared.core.audit import Outcome as AuditOutcome
from shared.core.errors import LeaseLost
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind, JobState, OperatorJob, Place
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.sql.reviews.operator_jobs import Store, nothing
from shared.wiring import Services

log = logging.getLogger(__name__)

LEASE_SECONDS = 300

ACTIONS = {
    JobKind.REPULL: Action.REPULL,
    JobKind.RESOURCE_QUERY: Action.QUERY,
    JobKind.COST_QUERY: Action.QUERY,
    JobKind.METRICS: Action.METRICS_FETCHED,
}


class Hold:
    """One worker's hold on one job. If an exception escapes, the job is given back for the next delivery."""

    def __init__(self, services: Services, scan: Scan, job: OperatorJob, faults: int) -> None:
        self.services = services
        self.scan = scan
        self.job = job
        self.faults = faults
        self.short_waits = 0
        self.started_at = services.clock.now()
        self.jobs = services.operator_jobs
        tokens = services.tokens.for_user(scan.tenant_id, scan.user_object_id)
        self.asker = Asker(scan.tenant_id, scan.user_object_id, f"job {job.job_id}", tokens)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is not None and issubclass(kind, Exception) and kind is not LeaseLost:
            self.log_event(Event.JOB_INTERRUPTED, kind.__name__, level=logging.WARNING)
            self.jobs.release(self.job, self.now())

    def now(self) -> datetime:
        return self.services.clock.now()

    def log_event(
        self, event: Event, reason: str | None, *, alert: str | None = None, level: int = logging.INFO, **more: object
    ) -> None:
        """Log an event of the job."""
        job, place = self.job, self.job.place
        names = {"scan": job.scan_id, "job": job.job_id, "kind": job.kind, "attempt": job.attempt, "part": place.part}
        log_event(log, event, reason, alert=alert, level=level, about={**names, **more})

    def advance(self, place: Place, store: Store = nothing) -> None:
        """Stores what was read and where to go on, all or nothing."""
        self.job = self.jobs.advance(self.job, place, self.now(), LEASE_SECONDS, store)
        self.faults = 0

    def finish(self, state: JobState, *, reason: str | None = None, summary: str | None = None) -> None:
        """Ends the job, on record."""
        self.log_event(Event(f"job-{state}"), reason or summary)
        event = _ended(self.scan, self.job, state, reason or summary, self.now())
        self.jobs.finish(self.job, state, self.now(), event, reason=reason, summary=summary)


def _ended(scan: Scan, job: OperatorJob, state: JobState, what: str | None, at: datetime) -> AuditEvent:
    """How the job that an operator asked for has ended."""
    outcomes = {JobState.DONE: AuditOutcome.DONE, JobState.REFUSED: AuditOutcome.REFUSED}
    return AuditEvent(
        occurred_at=at,
        tenant_id=job.tenant_id,
        actor=operator(job.requested_by, job.requested_by_name),
        action=ACTIONS[job.kind],
        outcome=outcomes.get(state, AuditOutcome.FAILED),
        user_object_id=scan.user_object_id,
        subject=Subject("scan", scan.scan_id),
        reason=job.reason,
        details={"job": job.job_id, "what": job.title, "result": what},
    )


def part_done(place: Place, rows: int = 0) -> Place:
    """The place after a part that ended well."""
    return replace(place.next_part(good=True), rows=place.rows + rows)
