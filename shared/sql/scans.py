"""Scans: one reading of a customer's Azure each."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Update, and_, exists, func, insert, or_, select, update

from shared.core.models import Scan, ScanStatus, StepStatus
from shared.core.periods import BillingPeriod
from shared.sql.engine import Database
from shared.sql.tables import scans, steps
from shared.sql.text import fit

STUCK_AFTER = timedelta(minutes=10)
"""How long planning, or finishing, may take before its message is held to be lost."""

_FINAL_STEPS = [status for status in StepStatus if status.is_final]
_RUNNING_SCANS = [status for status in ScanStatus if not status.is_final]


class Scans:
    """Where scans are kept; each change of status is one conditional statement, so that only one caller makes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, tenant_id: str, user_object_id: str, period: BillingPeriod, requested_at: datetime) -> Scan:
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
        with self._database.transaction(tenant_id) as connection:
            connection.execute(insert(scans).values(vars(scan)))
        return scan

    def get(self, tenant_id: str, scan_id: str) -> Scan | None:
        with self._database.reading(tenant_id) as connection:
            row = connection.execute(select(scans).where(_key(tenant_id, scan_id))).one_or_none()
        return None if row is None else _scan(row)

    def latest(self, tenant_id: str, user_object_id: str) -> Scan | None:
        return next(iter(self.recent(tenant_id, user_object_id, 1)), None)

    def recent(self, tenant_id: str, user_object_id: str, limit: int) -> list[Scan]:
        """The scans that one user ran, newest first."""
        statement = (
            select(scans)
            .where(scans.c.tenant_id == tenant_id, scans.c.user_object_id == user_object_id)
            .order_by(scans.c.requested_at.desc(), scans.c.scan_id)
            .limit(limit)
        )
        with self._database.reading(tenant_id) as connection:
            return [_scan(row) for row in connection.execute(statement)]

    def begin_collecting(self, tenant_id: str, scan_id: str) -> bool:
        """True for the one caller that moves the scan on from `requested`."""
        statement = update(scans).where(_key(tenant_id, scan_id), scans.c.status == ScanStatus.REQUESTED)
        return self._change(tenant_id, statement.values(status=ScanStatus.COLLECTING)) == 1

    def begin_finishing(self, tenant_id: str, scan_id: str) -> bool:
        """True for the one caller that finds the last step finished. One statement: two workers that
        finish the last two steps at once cannot both, nor neither, see it."""
        statement = update(scans).where(
            _key(tenant_id, scan_id), scans.c.status == ScanStatus.COLLECTING, ~_has_unfinished_step()
        )
        return self._change(tenant_id, statement.values(status=ScanStatus.FINISHING)) == 1

    def finish(
        self, tenant_id: str, scan_id: str, status: ScanStatus, reason: str | None, finished_at: datetime
    ) -> bool:
        """Ends a scan that has not ended; False if it had."""
        statement = _end(_key(tenant_id, scan_id), status, reason, finished_at)
        return self._change(tenant_id, statement) == 1

    def cancel_running(self, tenant_id: str, user_object_id: str, reason: str, at: datetime) -> int:
        """Ends all unfinished scans of this user; how many there were."""
        mine = and_(scans.c.tenant_id == tenant_id, scans.c.user_object_id == user_object_id)
        return self._change(tenant_id, _end(mine, ScanStatus.CANCELLED, reason, at))

    def stuck(self, now: datetime) -> list[Scan]:
        """Scans of all customers whose next message was lost: not planned, or nothing left but to finish them."""
        last_step = select(func.max(steps.c.updated_at)).where(*_own_steps()).scalar_subquery()
        is_quiet = func.coalesce(last_step, scans.c.requested_at) <= now - STUCK_AFTER
        waits_for_message = or_(
            scans.c.status.in_((ScanStatus.REQUESTED, ScanStatus.FINISHING)),
            and_(scans.c.status == ScanStatus.COLLECTING, ~_has_unfinished_step()),
        )
        with self._database.system_transaction() as connection:
            return [_scan(row) for row in connection.execute(select(scans).where(waits_for_message, is_quiet))]

    def _change(self, tenant_id: str, statement: Update) -> int:
        with self._database.transaction(tenant_id) as connection:
            return connection.execute(statement).rowcount


def _key(tenant_id: str, scan_id: str) -> ColumnElement[bool]:
    return and_(scans.c.tenant_id == tenant_id, scans.c.scan_id == scan_id)


def _own_steps() -> tuple[ColumnElement[bool], ...]:
    return steps.c.tenant_id == scans.c.tenant_id, steps.c.scan_id == scans.c.scan_id


def _has_unfinished_step() -> ColumnElement[bool]:
    return exists().where(*_own_steps(), steps.c.status.not_in(_FINAL_STEPS))


def _end(which: ColumnElement[bool], status: ScanStatus, reason: str | None, at: datetime) -> Update:
    values = {"status": status, "status_reason": fit(scans.c.status_reason, reason), "finished_at": at}
    return update(scans).where(which, scans.c.status.in_(_RUNNING_SCANS)).values(values)


def _scan(row: Row[Any]) -> Scan:
    values = {**row._mapping, "status": ScanStatus(row.status)}  # noqa: SLF001  SQLAlchemy's public mapping
    return Scan(**values)
