"""Operators' jobs: asked for together with their record, worked on by one worker at a time, resumable."""

import builtins
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Update, and_, insert, or_, select, update
from sqlalchemy import Connection as SqlConnection

from shared.core.audit import AuditEvent
from shared.core.errors import LeaseLost
from shared.core.models import ScanKey
from shared.core.operator_jobs import JobCursor, JobKind, JobState, OperatorJob
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import commit_is_unknown, whole_transaction
from shared.sql.engine.text import fit
from shared.sql.ledgers.audit import record
from shared.sql.scans.scans import scan_is_there
from shared.sql.schema.desk_tables import operator_jobs
from shared.sql.schema.metadata import of_scan

OVERDUE = timedelta(minutes=20)
DEAD_FOR = timedelta(minutes=1)
LISTED = 200

_JOB = [column for column in operator_jobs.c if column.name != "lease_expires_at"]
_NO_LEASE: dict[str, Any] = {"lease_id": None, "lease_expires_at": None}
_UNFINISHED = operator_jobs.c.state.not_in([state for state in JobState if state.is_final])

Store = Callable[[SqlConnection], None]
"""What is to be stored in the same transaction."""


def nothing(_: SqlConnection) -> None:
    """Stores nothing besides."""


class OperatorJobs:
    """Stores jobs. A worker holds the lease of its job; without it every change raises LeaseLost."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def create(self, job: OperatorJob, event: AuditEvent) -> bool:
        """Writes the job and the record of who asked for it; False if the customer's data was deleted meanwhile."""
        with self._database.transaction(job.tenant_id) as connection:
            if commit_is_unknown() and _read(connection, job.tenant_id, job.job_id):
                return True
            if not scan_is_there(connection, job.scan_key):
                return False
            connection.execute(insert(operator_jobs).values(vars(job)))
            record(connection, event)
            return True

    @whole_transaction
    def get(self, tenant_id: str, job_id: str) -> OperatorJob | None:
        with self._database.reading(tenant_id) as connection:
            return _read(connection, tenant_id, job_id)

    @whole_transaction
    def list(self, scan_key: ScanKey) -> builtins.list[OperatorJob]:
        """The scan's jobs, newest first."""
        jobs = operator_jobs.c
        statement = select(*_JOB).where(of_scan(operator_jobs, scan_key))
        newest = statement.order_by(jobs.requested_at.desc(), jobs.job_id).limit(LISTED)
        with self._database.reading(scan_key.tenant_id) as connection:
            return [_job(row) for row in connection.execute(newest)]

    def claim(self, tenant_id: str, job_id: str, now: datetime, lease_seconds: float) -> OperatorJob | None:
        """The job, leased to the caller; None if it has ended or is held by a living worker."""
        lease = {"lease_id": str(uuid.uuid4()), "lease_expires_at": now + timedelta(seconds=lease_seconds)}
        return self._claim(tenant_id, job_id, now, lease)

    @whole_transaction
    def _claim(self, tenant_id: str, job_id: str, now: datetime, lease: dict[str, Any]) -> OperatorJob | None:
        jobs = operator_jobs.c
        free = or_(
            jobs.state.in_((JobState.QUEUED, JobState.WAITING)),
            and_(jobs.state == JobState.RUNNING, jobs.lease_expires_at <= now),
        )
        values = {
            "state": JobState.RUNNING,
            "state_reason": None,
            "attempt": jobs.attempt + 1,
            "updated_at": now,
            **lease,
        }
        statement = update(operator_jobs).where(_key(tenant_id, job_id), free)
        with self._database.transaction(tenant_id) as connection:
            if connection.execute(statement.values(values)).rowcount != 1 and not commit_is_unknown():
                return None
            claimed = _read(connection, tenant_id, job_id)
            return claimed if claimed and claimed.lease_id == lease["lease_id"] else None

    @whole_transaction
    def advance(
        self, job: OperatorJob, position: JobCursor, now: datetime, lease_seconds: float, store: Store = nothing
    ) -> OperatorJob:
        """Notes how far the job is together with what `store` stores, and extends the lease."""
        values = {"cursor_json": position.to_json(), "parts_done": position.part, "updated_at": now}
        lease = {"lease_expires_at": now + timedelta(seconds=lease_seconds)}
        with self._database.transaction(job.tenant_id) as connection:
            if not _is_done(connection, job, values):
                _change(connection, job, {**values, **lease})
                store(connection)
        return replace(job, **values)  # type: ignore[arg-type]

    def wait(self, job: OperatorJob, reason: str, now: datetime) -> None:
        """Gives the job back until a scheduled message brings it up again."""
        self._give_back(job, {"state": JobState.WAITING, "state_reason": _sentence(reason)}, now)

    def release(self, job: OperatorJob, now: datetime) -> None:
        """Gives the job back at once, for the next message."""
        self._give_back(job, {"state": JobState.QUEUED}, now)

    @whole_transaction
    def finish(
        self,
        job: OperatorJob,
        state: JobState,
        now: datetime,
        event: AuditEvent,
        *,
        reason: str | None = None,
        summary: str | None = None,
    ) -> None:
        """Ends the job, with the record of how it ended."""
        values = {
            "state": state,
            "state_reason": _sentence(reason),
            "summary": fit(operator_jobs.c.summary, summary),
            "finished_at": now,
            **_NO_LEASE,
            "updated_at": now,
        }
        with self._database.transaction(job.tenant_id) as connection:
            if not _is_done(connection, job, values):
                _change(connection, job, values)
                record(connection, event)

    @whole_transaction
    def stale(self, now: datetime) -> builtins.list[OperatorJob]:
        """Jobs of all customers whose message was lost, or whose worker died."""
        jobs = operator_jobs.c
        overdue = or_(
            and_(jobs.state.in_((JobState.QUEUED, JobState.WAITING)), jobs.updated_at <= now - OVERDUE),
            and_(jobs.state == JobState.RUNNING, jobs.lease_expires_at <= now - DEAD_FOR),
        )
        with self._database.system_reading() as connection:
            return [_job(row) for row in connection.execute(select(*_JOB).where(overdue))]

    @whole_transaction
    def break_leases(self) -> int:
        """Gives back every job that is held, for a process that knows it is alone."""
        held = update(operator_jobs).where(operator_jobs.c.state == JobState.RUNNING)
        with self._database.system_transaction() as connection:
            return connection.execute(held.values(state=JobState.QUEUED, **_NO_LEASE)).rowcount

    @whole_transaction
    def _give_back(self, job: OperatorJob, values: dict[str, Any], now: datetime) -> None:
        given_back = {**values, **_NO_LEASE, "updated_at": now}
        with self._database.transaction(job.tenant_id) as connection:
            if not _is_done(connection, job, given_back):
                _change(connection, job, given_back)


def held_job(job: OperatorJob) -> Update:
    """An update that finds its row only while the job is unfinished and leased to whom it was when it was read."""
    lease = operator_jobs.c.lease_id == job.lease_id
    return update(operator_jobs).where(_key(job.tenant_id, job.job_id), _UNFINISHED, lease)


def _change(connection: SqlConnection, job: OperatorJob, values: dict[str, Any]) -> None:
    if job.lease_id is None or connection.execute(held_job(job).values(values)).rowcount != 1:
        raise LeaseLost(f"job {job.job_id} is no longer held")


def _is_done(connection: SqlConnection, job: OperatorJob, values: dict[str, Any]) -> bool:
    """Whether a commit that was not answered did this already."""
    if not commit_is_unknown():
        return False
    current = _read(connection, job.tenant_id, job.job_id)
    wanted = {name: value for name, value in values.items() if name != "lease_expires_at"}
    return current is not None and {name: getattr(current, name) for name in wanted} == wanted


def _key(tenant_id: str, job_id: str) -> ColumnElement[bool]:
    return and_(operator_jobs.c.tenant_id == tenant_id, operator_jobs.c.job_id == job_id)


def _read(connection: SqlConnection, tenant_id: str, job_id: str) -> OperatorJob | None:
    row = connection.execute(select(*_JOB).where(_key(tenant_id, job_id))).one_or_none()
    return None if row is None else _job(row)


def _job(row: Row[Any]) -> OperatorJob:
    values = {**row._mapping, "kind": JobKind(row.kind), "state": JobState(row.state)}  # noqa: SLF001  public mapping
    return OperatorJob(**values)


def _sentence(text: str | None) -> str | None:
    return fit(operator_jobs.c.state_reason, text)
