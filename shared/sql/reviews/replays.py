"""Dead letters sent again: what a message was about is opened for it, with the record of who asked, all or nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from shared.core.audit import AuditEvent
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from shared.core.operator_jobs import JobState, OperatorJob
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import commit_is_unknown, whole_transaction
from shared.sql.ledgers.audit import record
from shared.sql.scans.dead_letters import DeadLetter
from shared.sql.scans.pages import collected_table, delete_pages
from shared.sql.scans.scans import note_drafting
from shared.sql.scans.step_rows import NO_LEASE, NOTHING_READ, step_key
from shared.sql.schema.desk_tables import operator_jobs
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.tables import dead_letters, scans, steps

Reopen = Callable[[Connection], bool]
"""Opens what the message is about; False if it has changed since it was shown."""

Replayed = tuple[DeadLetter, AuditEvent]
"""The letter, and the record of who sends it again, when and why."""


class _Changed(Exception):
    """It is not as it was: everything is taken back."""


class Replays:
    """Each method answers False, and has done nothing, if the letter was replayed before or its matter has moved on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_step(self, replayed: Replayed, step: Step, scan: Scan) -> bool:
        """Restart a failed step, in a scan that is being collected or that ended without any data."""
        now = replayed[1].occurred_at

        def reopen(connection: Connection) -> bool:
            return _move(connection, scan, ScanStatus.COLLECTING) and _restart(connection, step, now)

        return self._replay(replayed, reopen)

    def of_plan(self, replayed: Replayed, scan: Scan) -> bool:
        """A scan whose planning failed is to be planned again, if no worker has taken up one of its steps."""

        def reopen(connection: Connection) -> bool:
            begun = select(steps.c.step_id).where(of_scan(steps, scan.key), steps.c.attempt > 0)
            is_begun = connection.execute(begun.limit(1)).first() is not None
            return not is_begun and _move(connection, scan, ScanStatus.REQUESTED)

        return self._replay(replayed, reopen)

    def of_finish(self, replayed: Replayed, scan: Scan) -> bool:
        """A scan that could not be finished is to be finished again."""
        return self._replay(replayed, lambda connection: _move(connection, scan, ScanStatus.FINISHING))

    def of_drafts(self, replayed: Replayed, scan: Scan) -> bool:
        """The findings of a scan that was read are to be drafted."""

        def reopen(connection: Connection) -> bool:
            note_drafting(connection, scan.key, None)
            return _move(connection, scan, scan.status)

        return self._replay(replayed, reopen)

    def of_job(self, replayed: Replayed, job: OperatorJob) -> bool:
        """Resume an abandoned job from its cursor."""
        key = (operator_jobs.c.tenant_id == job.tenant_id, operator_jobs.c.job_id == job.job_id)
        values = {"state": JobState.QUEUED, "state_reason": None, "summary": None, "finished_at": None, **NO_LEASE}
        statement = update(operator_jobs).where(*key, operator_jobs.c.state == JobState.FAILED)
        changed = statement.values(**values, updated_at=replayed[1].occurred_at)
        return self._replay(replayed, lambda connection: connection.execute(changed).rowcount == 1)

    def by_job(self, replayed: Replayed, scan: Scan, job: OperatorJob) -> bool:
        """Re-pull a step of a finished scan by a job: the stored rows stay until the new ones replace them."""

        def reopen(connection: Connection) -> bool:
            connection.execute(insert(operator_jobs).values(vars(job)))
            return _move(connection, scan, scan.status)

        return self._replay(replayed, reopen)

    def as_it_was(self, replayed: Replayed) -> bool:
        """The message alone is sent again: what it is about waits for nothing else."""
        return self._replay(replayed, lambda _: True)

    def _replay(self, replayed: Replayed, reopen: Reopen) -> bool:
        try:
            return self._whole(replayed, reopen)
        except _Changed:
            return False

    @whole_transaction
    def _whole(self, replayed: Replayed, reopen: Reopen) -> bool:
        letter, event = replayed
        with self._database.transaction(letter.tenant_id or "") as connection:
            if not _mark(connection, letter, event):
                return commit_is_unknown() and _replayed_at(connection, letter) == event.occurred_at
            if not reopen(connection):
                raise _Changed
            record(connection, event)
        return True


def _mark(connection: Connection, letter: DeadLetter, event: AuditEvent) -> bool:
    """True for the one caller who finds the letter not replayed yet."""
    statement = update(dead_letters).where(_key(letter), dead_letters.c.replayed_at.is_(None))
    values = {"replayed_at": event.occurred_at, "replayed_by_name": event.actor.name}
    return connection.execute(statement.values(values)).rowcount == 1


def _replayed_at(connection: Connection, letter: DeadLetter) -> datetime | None:
    return connection.execute(select(dead_letters.c.replayed_at).where(_key(letter))).scalar()


def _key(letter: DeadLetter) -> ColumnElement[bool]:
    return and_(dead_letters.c.dead_letter_id == letter.dead_letter_id, dead_letters.c.tenant_id == letter.tenant_id)


def _move(connection: Connection, scan: Scan, to: ScanStatus) -> bool:
    """The scan from where it was seen to where it goes on; False if it is elsewhere by now, or gone.

    The row keeps its values, but until the transaction ends no other transaction moves or deletes it.
    """
    key = and_(scans.c.tenant_id == scan.tenant_id, scans.c.scan_id == scan.scan_id, scans.c.status == scan.status)
    values: dict[str, Any] = {"status": to}
    if to is not scan.status:
        values |= {"status_reason": None, "finished_at": None}
    return connection.execute(update(scans).where(key).values(values)).rowcount == 1


def _restart(connection: Connection, step: Step, now: datetime) -> bool:
    values = {
        **NOTHING_READ,
        **NO_LEASE,
        "status": StepStatus.PENDING,
        **dict.fromkeys(("status_code", "status_reason", "remedy_role", "remedy_scope", "not_before")),
        "simplified": 0,
        "updated_at": now,
    }
    has_failed = and_(step_key(step.tenant_id, step.step_id), steps.c.status == StepStatus.FAILED)
    if connection.execute(update(steps).where(has_failed).values(values)).rowcount != 1:
        return False
    delete_pages(connection, step, collected_table(step.collector))
    return True
