"""A worker's lease on an operator's job, with progress and audited end."""

import logging
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Self

from shared.arm.paced_arm import Caller
from shared.core.audit import Action, AuditEvent, Subject, operator
from shared.core.audit import Outcome as AuditOutcome
from shared.core.errors import LeaseLost
from shared.core.models import Scan
from shared.core.operator_jobs import JobCursor, JobKind, JobState, OperatorJob
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


class JobLease:
    """One worker's lease on one job. If an exception escapes, the job is released for the next delivery."""

    def __init__(self, services: Services, scan: Scan, job: OperatorJob, faults: int) -> None:
        self.services = services
        self.scan = scan
        self.job = job
        self.faults = faults
        self.short_waits = 0
        self.started_at = services.clock.now()
        self.jobs = services.operator_jobs
        tokens = services.tokens.for_user(scan.tenant_id, scan.user_object_id)
        self.caller = Caller(scan.tenant_id, scan.user_object_id, f"job {job.job_id}", tokens)

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
        job, position = self.job, self.job.position
        names = {
            "scan": job.scan_id,
            "job": job.job_id,
            "kind": job.kind,
            "attempt": job.attempt,
            "part": position.part,
        }
        log_event(log, event, reason, alert=alert, level=level, about={**names, **more})

    def advance(self, position: JobCursor, store: Store = nothing) -> None:
        """Store data and resume position in one transaction."""
        self.job = self.jobs.advance(self.job, position, self.now(), LEASE_SECONDS, store)
        self.faults = 0

    def finish(self, state: JobState, *, reason: str | None = None, summary: str | None = None) -> None:
        """End the job and record it in the activity log."""
        self.log_event(Event(f"job-{state}"), reason or summary)
        event = _ended(self.scan, self.job, state, reason or summary, self.now())
        self.jobs.finish(self.job, state, self.now(), event, reason=reason, summary=summary)


def _ended(scan: Scan, job: OperatorJob, state: JobState, what: str | None, at: datetime) -> AuditEvent:
    """Return the activity log entry for the end of the job."""
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


def after_part(position: JobCursor, rows: int = 0) -> JobCursor:
    """Return the position after a successful part."""
    return replace(position.next_part(good=True), rows=position.rows + rows)
