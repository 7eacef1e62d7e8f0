"""Which customers' data is due for deletion: RETENTION_MONTHS after their most recent scan."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Column, ColumnElement, Connection, func, select

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
            found = _last_seen(connection, None)
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
            moment = _last_seen(connection, tenant_id).get(tenant_id)
        return None if moment is None else deletion_due_on(moment.date())


def is_due(connection: Connection, tenant_id: str, today: date) -> bool:
    """Whether this customer is due. Their rows are locked until the transaction ends, so that no scan begins unseen."""
    return tenant_id in _due(connection, today, tenant_id)


def _due(connection: Connection, today: date, tenant_id: str | None = None) -> list[str]:
    consented = _latest(connection, connections.c.consented_at, tenant_id)
    returned_after = datetime.combine(today, time.min, UTC) - RETURNING_FOR
    return [
        tenant
        for tenant, moment in sorted(_last_seen(connection, tenant_id).items(), key=lambda seen: (seen[1], seen[0]))
        if deletion_due_on(moment.date()) <= today and consented.get(tenant, moment) < returned_after
    ]


def _last_seen(connection: Connection, tenant_id: str | None) -> dict[str, datetime]:
    """By tenant, what the months are counted from: the most recent scan that read something or still runs.

    Without one it is the consent, and without that the most recent scan of any kind.
    """
    any_scan = _latest(connection, scans.c.requested_at, tenant_id)
    consented = _latest(connection, connections.c.consented_at, tenant_id)
    counting = scans.c.status.not_in(NOT_COUNTED)
    return any_scan | consented | _latest(connection, scans.c.requested_at, tenant_id, counting)


def _latest(
    connection: Connection, moment: Column[datetime], tenant_id: str | None, counting: ColumnElement[bool] | None = None
) -> dict[str, datetime]:
    tenant = moment.table.c.tenant_id
    statement = select(tenant, func.max(moment)).group_by(tenant)
    if counting is not None:
        statement = statement.where(counting)
    if tenant_id is not None:
        statement = statement.where(tenant == tenant_id)
        statement = statement.with_hint(moment.table, "WITH (UPDLOCK, HOLDLOCK)", "mssql")
    return {row[0]: row[1] for row in connection.execute(statement)}
