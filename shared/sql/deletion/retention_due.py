"""Which customers' data is due for deletion: RETENTION_MONTHS after their most recent scan."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Select, func, literal_column, select, union_all

from shared.core.models import ScanStatus
from shared.core.periods import deletion_due_on
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.schema.tables import connections, scans

RETURNING_FOR = timedelta(days=1)
"""A customer who has just consented again is about to start a scan: none of their data is deleted meanwhile."""


NOT_COUNTED = (ScanStatus.BLOCKED, ScanStatus.FAILED, ScanStatus.CANCELLED)
"""Scans that read nothing: they do not prolong the retention of what others read."""


class Due:
    """Reads the deletion dates, for the nightly purge and for the pages that show them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def by(self, today: date) -> list[str]:
        """Return the tenants whose data is due for deletion on or before `today`, longest due first."""
        with self._database.system_reading() as connection:
            return _due(connection, today)

    @whole_transaction
    def between(self, first: date, last: date) -> dict[date, list[str]]:
        """The tenants whose day comes from `first` to `last`, both included, by day."""
        with self._database.system_reading() as connection:
            found = _last_seen(_moments(connection, None))
        days: dict[date, list[str]] = {}
        for tenant_id, moment in sorted(found.items()):
            day = deletion_due_on(moment.date())
            if first <= day <= last:
                days.setdefault(day, []).append(tenant_id)
        return dict(sorted(days.items()))

    @whole_transaction
    def of(self, tenant_id: str) -> date | None:
        """The day of one customer; None if nothing is kept that could be due."""
        with self._database.reading(tenant_id) as connection:
            moment = _last_seen(_moments(connection, tenant_id)).get(tenant_id)
        return None if moment is None else deletion_due_on(moment.date())


def is_due(connection: Connection, tenant_id: str, today: date) -> bool:
    """Whether this customer is due. Their rows are locked until the transaction ends, so that no scan begins unseen."""
    return tenant_id in _due(connection, today, tenant_id)


def _due(connection: Connection, today: date, tenant_id: str | None = None) -> list[str]:
    moments = _moments(connection, tenant_id)
    returned_after = datetime.combine(today, time.min, UTC) - RETURNING_FOR
    return [
        tenant
        for tenant, moment in sorted(_last_seen(moments).items(), key=lambda seen: (seen[1], seen[0]))
        if deletion_due_on(moment.date()) <= today and moments.consents.get(tenant, moment) < returned_after
    ]


@dataclass
class Moments:
    """By tenant, the latest moment of each kind; `counting` are scans that read something or still run."""

    scans: dict[str, datetime] = field(default_factory=dict)
    consents: dict[str, datetime] = field(default_factory=dict)
    counting: dict[str, datetime] = field(default_factory=dict)


def _last_seen(moments: Moments) -> dict[str, datetime]:
    """By tenant, what the months are counted from: the most recent scan that read something or still runs.

    Without one it is the consent, and without that the most recent scan of any kind.
    """
    return moments.scans | moments.consents | moments.counting


def _moments(connection: Connection, tenant_id: str | None) -> Moments:
    """Read them in one statement."""
    kinds = (
        _latest("scans", scans.c.requested_at, tenant_id),
        _latest("consents", connections.c.consented_at, tenant_id),
        _latest("counting", scans.c.requested_at, tenant_id).where(scans.c.status.not_in(NOT_COUNTED)),
    )
    found = Moments()
    for kind, tenant, moment in connection.execute(union_all(*kinds)):
        getattr(found, kind)[tenant] = moment
    return found


def _latest(kind: str, moment: Column[datetime], tenant_id: str | None) -> Select[Any]:
    tenant = moment.table.c.tenant_id
    statement = select(literal_column(f"'{kind}'"), tenant, func.max(moment)).group_by(tenant)
    if tenant_id is None:
        return statement
    return statement.where(tenant == tenant_id).with_hint(moment.table, "WITH (UPDLOCK, HOLDLOCK)", "mssql")
