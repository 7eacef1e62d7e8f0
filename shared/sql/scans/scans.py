"""Scans of customers' tenants, and emails about them."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Update, and_, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from shared.core.audit import SYSTEM, Action, AuditEvent, Outcome, Subject, customer
from shared.core.errors import ConsentDeleted, ScanIsRunning
from shared.core.mail import NewMail
from shared.core.models import Scan, ScanKey, ScanStatus, StepStatus
from shared.core.periods import BillingPeriod
from shared.sql.engine.engine import Database
from shared.sql.engine.lists import any_of
from shared.sql.engine.retries import commit_is_unknown, whole_transaction
from shared.sql.engine.text import fit
from shared.sql.ledgers.audit import record
from shared.sql.ledgers.outbox import enqueue
from shared.sql.scans.connections import consent_is_there
from shared.sql.scans.scan_figures import figures_now
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.tables import connections, scans, steps

STUCK_AFTER = timedelta(minutes=10)
"""How long planning, or finishing, may take before its message is held to be lost."""

_SCAN = [scans.c[field.name] for field in fields(Scan)]

_FINAL_STEPS = [status for status in StepStatus if status.is_final]
_RUNNING_SCANS = [status for status in ScanStatus if not status.is_final]


class Scans:
    """Where scans are kept; each change of status is one conditional statement, so that only one caller makes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, tenant_id: str, user_object_id: str, period: BillingPeriod, requested_at: datetime) -> Scan:
        """Create a scan. Raises ScanIsRunning if the user has one that runs, ConsentDeleted if the user's consent
        was deleted, as by “Delete everything” in the same moment.
        """
        scan = Scan(
            tenant_id=tenant_id,
            scan_id=str(uuid.uuid4()),
            user_object_id=user_object_id,
            status=ScanStatus.REQUESTED,
            status_reason=None,
            requested_at=requested_at,
            finished_at=None,
            period_start=period.start,
            period_end=period.end,
        )
        self._insert(scan)
        return scan

    @whole_transaction
    def _insert(self, scan: Scan) -> None:
        with self._database.transaction(scan.tenant_id) as connection:
            if commit_is_unknown() and scan_is_there(connection, scan.key):
                return
            if not consent_is_there(connection, scan.tenant_id, scan.user_object_id):
                raise ConsentDeleted
            try:
                connection.execute(insert(scans).values(vars(scan)))
            except IntegrityError:  # The unique index over running scans; what follows may fail for other reasons.
                raise ScanIsRunning from None
            record(connection, _started(connection, scan))

    @whole_transaction
    def get(self, scan_key: ScanKey) -> Scan | None:
        with self._database.reading(scan_key.tenant_id) as connection:
            row = connection.execute(select(*_SCAN).where(of_scan(scans, scan_key))).one_or_none()
        return None if row is None else _scan(row)

    def latest(self, tenant_id: str, user_object_id: str) -> Scan | None:
        return next(iter(self.recent(tenant_id, user_object_id, 1)), None)

    @whole_transaction
    def note_left_out(self, scan_key: ScanKey, left_out_json: str) -> None:
        """Stores which listed subscriptions are no part of the scan."""
        with self._database.transaction(scan_key.tenant_id) as connection:
            connection.execute(update(scans).where(of_scan(scans, scan_key)).values(left_out_json=left_out_json))

    @whole_transaction
    def recent(self, tenant_id: str, user_object_id: str, limit: int) -> list[Scan]:
        """The scans that one user ran, newest first."""
        statement = (
            select(*_SCAN)
            .where(scans.c.tenant_id == tenant_id, scans.c.user_object_id == user_object_id)
            .order_by(scans.c.requested_at.desc(), scans.c.scan_id)
            .limit(limit)
        )
        with self._database.reading(tenant_id) as connection:
            return [_scan(row) for row in connection.execute(statement)]

    @whole_transaction
    def requested_at(self, tenant_id: str, scan_ids: Collection[str]) -> dict[str, datetime]:
        """When each of these scans was requested, by scan id; without those that were deleted."""
        if not scan_ids:
            return {}
        own = and_(scans.c.tenant_id == tenant_id, any_of(scans.c.scan_id, sorted(scan_ids)))
        with self._database.reading(tenant_id) as connection:
            found = connection.execute(select(scans.c.scan_id, scans.c.requested_at).where(own))
            return {row.scan_id: row.requested_at for row in found}

    def begin_collecting(self, scan_key: ScanKey) -> bool:
        """True for the one caller that moves the scan on from `requested`."""
        statement = update(scans).where(of_scan(scans, scan_key), scans.c.status == ScanStatus.REQUESTED)
        return self._begin(scan_key, statement, {"status": ScanStatus.COLLECTING})

    def begin_finishing(self, scan_key: ScanKey) -> bool:
        """True for the one caller that finds the last step finished. One statement: two workers that
        finish the last two steps at once cannot both, nor neither, see it."""
        statement = update(scans).where(
            of_scan(scans, scan_key), scans.c.status == ScanStatus.COLLECTING, ~_has_unfinished_step()
        )
        return self._begin(scan_key, statement, {"status": ScanStatus.FINISHING, "has_totals": False})

    @whole_transaction
    def note_totals(self, scan_key: ScanKey) -> None:
        """Save that the totals are computed: the first stage of finishing, which is not repeated after a crash."""
        with self._database.transaction(scan_key.tenant_id) as connection:
            connection.execute(update(scans).where(of_scan(scans, scan_key)).values(has_totals=True))

    @whole_transaction
    def has_totals(self, scan_key: ScanKey) -> bool:
        """Whether that stage is done since the scan began to finish."""
        statement = select(scans.c.has_totals).where(of_scan(scans, scan_key))
        with self._database.reading(scan_key.tenant_id) as connection:
            return bool(connection.execute(statement).scalar())

    def finish(
        self,
        scan_key: ScanKey,
        status: ScanStatus,
        reason: str | None,
        finished_at: datetime,
        mails: Sequence[NewMail] = (),
    ) -> bool:
        """Ends a scan that has not ended, and writes its mails into the outbox; False if it had."""
        return self._end(scan_key.tenant_id, of_scan(scans, scan_key), status, reason, finished_at, mails) == 1

    def cancel_running(self, tenant_id: str, user_object_id: str, reason: str, at: datetime) -> int:
        """Ends all unfinished scans of this user; how many there were."""
        mine = and_(scans.c.tenant_id == tenant_id, scans.c.user_object_id == user_object_id)
        return self._end(tenant_id, mine, ScanStatus.CANCELLED, reason, at)

    @whole_transaction
    def stuck(self, now: datetime) -> list[Scan]:
        """Scans of all customers whose next message was lost: not planned, or nothing left but to finish them."""
        last_step = select(func.max(steps.c.updated_at)).where(*_own_steps()).scalar_subquery()
        is_quiet = func.coalesce(last_step, scans.c.requested_at) <= now - STUCK_AFTER
        waits_for_message = or_(
            scans.c.status.in_((ScanStatus.REQUESTED, ScanStatus.FINISHING)),
            and_(scans.c.status == ScanStatus.COLLECTING, ~_has_unfinished_step()),
        )
        statement = select(*_SCAN).where(waits_for_message, is_quiet)
        with self._database.system_reading() as connection:
            return [_scan(row) for row in connection.execute(statement)]

    @whole_transaction
    def undrafted(self, now: datetime) -> list[Scan]:
        """Scans of all customers that were read, and whose findings should have been drafted by now."""
        has_been_read = scans.c.status.in_((ScanStatus.COLLECTED, ScanStatus.PARTIAL))
        is_forgotten = and_(scans.c.drafting_ended_at.is_(None), scans.c.finished_at <= now - STUCK_AFTER)
        with self._database.system_reading() as connection:
            return [_scan(row) for row in connection.execute(select(*_SCAN).where(has_been_read, is_forgotten))]

    @whole_transaction
    def end_drafting(self, scan_key: ScanKey, at: datetime) -> None:
        """Record that the findings were drafted, or that drafting was abandoned: it is not requested again."""
        with self._database.transaction(scan_key.tenant_id) as connection:
            note_drafting(connection, scan_key, at)

    @whole_transaction
    def _end(
        self,
        tenant_id: str,
        which: ColumnElement[bool],
        status: ScanStatus,
        reason: str | None,
        at: datetime,
        mails: Sequence[NewMail] = (),
    ) -> int:
        with self._database.transaction(tenant_id) as connection:
            running = [_scan(row) for row in connection.execute(select(*_SCAN).where(which, _is_running()))]
            ended = [scan for scan in running if _end_one(connection, scan, status, reason, at)]
            for scan in ended:
                enqueue(connection, ScanKey(tenant_id, scan.scan_id), mails, at)
            return len(ended) or _ended_before(connection, which, status, at)

    @whole_transaction
    def _begin(self, scan_key: ScanKey, statement: Update, values: Mapping[str, Any]) -> bool:
        """After a commit without an answer, a scan in the new status is held to be moved by us: a message
        that is sent twice does no harm, one that is never sent does."""
        with self._database.transaction(scan_key.tenant_id) as connection:
            if connection.execute(statement.values(**values)).rowcount == 1:
                return True
            moved = select(scans.c.scan_id).where(of_scan(scans, scan_key), scans.c.status == values["status"])
            return commit_is_unknown() and connection.execute(moved).first() is not None


class ScanMails:
    """Adds emails to a scan that has long ended."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def write(self, scan_key: ScanKey, mail: NewMail, now: datetime) -> bool:
        """Store it unless the scan has one of its kind; False if the scan was deleted."""
        with self._database.transaction(scan_key.tenant_id) as connection:
            is_there = scan_is_there(connection, scan_key)
            if is_there:
                enqueue(connection, scan_key, [mail], now)
            return is_there


def _own_steps() -> tuple[ColumnElement[bool], ...]:
    return steps.c.tenant_id == scans.c.tenant_id, steps.c.scan_id == scans.c.scan_id


def _has_unfinished_step() -> ColumnElement[bool]:
    return exists().where(*_own_steps(), steps.c.status.not_in(_FINAL_STEPS))


def _is_running() -> ColumnElement[bool]:
    return scans.c.status.in_(_RUNNING_SCANS)


def _end_one(connection: Connection, scan: Scan, status: ScanStatus, reason: str | None, at: datetime) -> int:
    """Ends the scan and puts it on record; 0 if another worker has ended it since it was read."""
    values = {"status": status, "status_reason": fit(scans.c.status_reason, reason), "finished_at": at}
    values |= figures_now(connection, scan.key).columns()
    statement = update(scans).where(of_scan(scans, scan.key), _is_running())
    if connection.execute(statement.values(values)).rowcount != 1:
        return 0
    record(connection, _ended(scan, status, reason, at))
    return 1


def _ended_before(connection: Connection, which: ColumnElement[bool], status: ScanStatus, at: datetime) -> int:
    """How many this very call has ended already, if its commit was not answered."""
    if not commit_is_unknown():
        return 0
    ended = select(func.count()).select_from(scans).where(which, scans.c.status == status, scans.c.finished_at == at)
    return connection.execute(ended).scalar_one()


def _started(connection: Connection, scan: Scan) -> AuditEvent:
    mine = and_(connections.c.tenant_id == scan.tenant_id, connections.c.user_object_id == scan.user_object_id)
    username = connection.execute(select(connections.c.username).where(mine)).scalar()
    return AuditEvent(
        scan.requested_at,
        scan.tenant_id,
        customer(scan.user_object_id, username),
        Action.SCAN_STARTED,
        user_object_id=scan.user_object_id,
        subject=Subject("scan", scan.scan_id),
        details={"months_from": scan.period_start.isoformat(), "months_until": scan.period_end.isoformat()},
    )


def _ended(scan: Scan, status: ScanStatus, reason: str | None, at: datetime) -> AuditEvent:
    is_read = status in (ScanStatus.COLLECTED, ScanStatus.PARTIAL)
    return AuditEvent(
        at,
        scan.tenant_id,
        SYSTEM,
        Action.SCAN_ENDED,
        Outcome.DONE if is_read else Outcome.FAILED,
        user_object_id=scan.user_object_id,
        subject=Subject("scan", scan.scan_id),
        reason=reason,
        details={"status": status.value},
    )


def scan_is_there(connection: Connection, scan_key: ScanKey) -> bool:
    """False when the customer's data was deleted meanwhile: then nothing may be added to it.

    Until the caller's transaction ends no deletion begins, so that what it writes is found
    by the next one.
    """
    statement = select(scans.c.scan_id).where(of_scan(scans, scan_key)).with_hint(scans, "WITH (UPDLOCK)", "mssql")
    return connection.execute(statement).first() is not None


def note_published(connection: Connection, scan_key: ScanKey, at: datetime) -> None:
    """Record in the caller's transaction that the scan is not to be reviewed any more."""
    connection.execute(update(scans).where(of_scan(scans, scan_key)).values(review_published_at=at))


def note_drafting(connection: Connection, scan_key: ScanKey, ended_at: datetime | None) -> None:
    """Record in the caller's transaction when drafting ended; None requests it again."""
    connection.execute(update(scans).where(of_scan(scans, scan_key)).values(drafting_ended_at=ended_at))


def _scan(row: Row[Any]) -> Scan:
    values = {**row._mapping, "status": ScanStatus(row.status)}  # noqa: SLF001  SQLAlchemy's public mapping
    return Scan(**values)


def reach(database: Database) -> None:
    """Ask for no row of a table that has to be there, as a writer and as a reader; raises what the driver raises."""
    nothing = select(scans.c.scan_id).where(scans.c.scan_id == "")
    with database.system_transaction() as connection:
        connection.execute(nothing).all()
    with database.system_reading() as connection:
        connection.execute(nothing).all()
