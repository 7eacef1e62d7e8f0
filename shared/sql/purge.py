"""Deleting what is due: whose, and batch by batch."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Column, ColumnElement, Connection, Delete, Dialect, Table, delete, func, insert, select, tuple_

from shared.core.periods import deletion_due_on
from shared.sql.engine import Database
from shared.sql.row_keys import rows_of_scan
from shared.sql.tables import COLLECTED_TABLES, TENANT_TABLES, connections, dead_letters, purges, raw_pages, scans

BATCH_ROWS = 4_000
"""Rows deleted in one transaction: at 5,000 locks SQL Server locks the whole table instead.

https://learn.microsoft.com/troubleshoot/sql/database-engine/performance/resolve-blocking-problems-caused-lock-escalation
"""

BATCH_PAGES = 200
"""Raw pages have some hundred kilobytes each: fewer of them, to keep the transaction log short."""

RETURNING_FOR = timedelta(days=1)
"""A customer who has just consented again is about to be scanned: nothing of theirs is deleted meanwhile."""

OTHER_TABLES = (dead_letters, *(table for table in TENANT_TABLES if table not in COLLECTED_TABLES))
"""Children first; scans and consents last, since they tell what is due: a purge that stopped half way goes on."""


@dataclass(frozen=True)
class Batch:
    """What one transaction deleted."""

    table: str
    rows: int


class Purge:
    """Deletes customers' data; every batch is a transaction of its own, so it may stop at any point and go on later."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, today: date) -> list[str]:
        """The tenants whose data is to be gone by `today`, however long ago that was."""
        with self._database.system_transaction() as connection:
            return sorted(_due(connection, today))

    def delete_batch(self, tenant_id: str, today: date, limit: int = BATCH_ROWS) -> Batch | None:
        """Deletes up to `limit` rows of the first table that has any, children first.

        None when nothing is left, or when the customer has come back meanwhile.
        """
        with self._database.transaction(tenant_id) as connection:
            if not _due(connection, today, tenant_id):
                return None
            for table, rows in _all_rows(connection, tenant_id):
                most = min(limit, BATCH_PAGES) if table is raw_pages else limit
                deleted = connection.execute(_delete(table, rows, most, connection.dialect)).rowcount
                if deleted:
                    return Batch(table.name, deleted)
        return None

    def record(self, tenant_id: str, reason: str, rows_deleted: int, purged_at: datetime) -> None:
        """Notes a deletion, for whoever asks later, and for a database restored from an older backup."""
        values = {"tenant_id": tenant_id, "reason": reason, "rows_deleted": rows_deleted, "purged_at": purged_at}
        with self._database.system_transaction() as connection:
            connection.execute(insert(purges).values(values))


def _due(connection: Connection, today: date, tenant_id: str | None = None) -> list[str]:
    """The tenants that are due, or the one asked about if it is. Where there is a scan, the consent does not count."""
    consented = _latest(connection, connections.c.consented_at, tenant_id)
    last_seen = consented | _latest(connection, scans.c.requested_at, tenant_id)
    returned_after = datetime.combine(today, time.min, UTC) - RETURNING_FOR
    return [
        tenant
        for tenant, moment in last_seen.items()
        if deletion_due_on(moment.date()) <= today and consented.get(tenant, moment) < returned_after
    ]


def _latest(connection: Connection, moment: Column[datetime], tenant_id: str | None) -> dict[str, datetime]:
    """By tenant. One tenant's rows stay locked until the transaction ends, so that no scan begins unseen."""
    tenant = moment.table.c.tenant_id
    statement = select(tenant, func.max(moment)).group_by(tenant)
    if tenant_id is not None:
        statement = statement.where(tenant == tenant_id)
        statement = statement.with_hint(moment.table, "WITH (UPDLOCK, HOLDLOCK)", "mssql")
    return {row[0]: row[1] for row in connection.execute(statement)}


def _all_rows(connection: Connection, tenant_id: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Where the tenant's rows are, in the order of deletion; collected rows are found scan by scan."""
    own_scans = connection.execute(select(scans.c.scan_id).where(scans.c.tenant_id == tenant_id)).scalars().all()
    for table in COLLECTED_TABLES:
        yield from ((table, rows_of_scan(table, tenant_id, scan_id)) for scan_id in own_scans)
    for table in OTHER_TABLES:
        yield table, table.c.tenant_id == tenant_id


def _delete(table: Table, rows: ColumnElement[bool], limit: int, dialect: Dialect) -> Delete:
    """DELETE of at most `limit` rows. SQLite has no TOP, SQL Server no lists of whole keys."""
    if dialect.name == "mssql":
        return delete(table).prefix_with(f"TOP ({limit})").where(rows)
    key = tuple_(*table.primary_key)
    return delete(table).where(key.in_(select(*table.primary_key).where(rows).limit(limit)))
