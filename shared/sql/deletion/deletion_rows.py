"""Which rows a deletion takes, found by the columns that every table with customers' data has."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Delete, Dialect, Table, and_, delete, select, true, tuple_

from shared.core.deletions import Deletion, DeletionScope
from shared.core.models import ScanKey
from shared.sql.scans.row_keys import rows_of_scan
from shared.sql.schema.tables import COLLECTED_TABLES, TENANT_TABLES, connections, dead_letters, raw_pages, scans

BATCH_ROWS = 4_000
"""Rows deleted in one transaction: at 5,000 locks SQL Server locks the whole table instead.

https://learn.microsoft.com/troubleshoot/sql/database-engine/performance/resolve-blocking-problems-caused-lock-escalation
"""

BATCH_LARGE_ROWS = 200
"""Raw pages have some hundred kilobytes each: fewer of them, to keep the transaction log short."""

AT_ONCE = (scans, connections)
"""Deleted with the request itself: without them nothing can be read, shown or started any more."""

IN_BATCHES = (dead_letters, *(table for table in TENANT_TABLES if table not in AT_ONCE))
"""Children first; the steps stay to the end, since the collected rows are found by them."""

FINDINGS = tuple(table for table in TENANT_TABLES if table.name.startswith("finding"))
"""What people and rules wrote about a scan; without them the scan and its report stay."""

MOMENTS: dict[Table, Column[datetime]] = {
    connections: connections.c.consented_at,
    dead_letters: dead_letters.c.recorded_at,
}
"""What came after the request for deletion is new, and stays."""


def rows_to_delete(table: Table, deletion: Deletion) -> Iterator[ColumnElement[bool]]:
    """The conditions that find the deletion's rows in a table; none where the deletion does not concern it."""
    own = table.c.tenant_id == deletion.tenant_id
    if deletion.scope is DeletionScope.FINDINGS and table not in FINDINGS:
        return
    if "scan_id" in table.c:
        for scan_id in deletion.scan_ids:
            is_collected = table in COLLECTED_TABLES
            yield (
                rows_of_scan(table, ScanKey(deletion.tenant_id, scan_id))
                if is_collected
                else and_(own, table.c.scan_id == scan_id)
            )
    elif table is dead_letters and deletion.scope is not DeletionScope.CUSTOMER:
        for scan_id in deletion.scan_ids:
            yield and_(own, table.c.body_text.contains(scan_id, autoescape=True))
    elif deletion.scope is DeletionScope.CUSTOMER:
        yield and_(own, _until(table, deletion))
    elif deletion.scope is DeletionScope.USER and "user_object_id" in table.c:
        yield and_(own, table.c.user_object_id == deletion.user_object_id, _until(table, deletion))


def _until(table: Table, deletion: Deletion) -> ColumnElement[bool]:
    return MOMENTS[table] <= deletion.requested_at if table in MOMENTS else true()


def batch_of(table: Table, rows: ColumnElement[bool], limit: int, dialect: Dialect) -> Delete:
    """DELETE of at most `limit` rows. SQLite has no TOP, SQL Server no lists of whole keys."""
    limit = min(limit, BATCH_LARGE_ROWS) if table is raw_pages else limit
    if dialect.name == "mssql":
        return delete(table).prefix_with(f"TOP ({limit})").where(rows)
    key = tuple_(*table.primary_key)
    return delete(table).where(key.in_(select(*table.primary_key).where(rows).limit(limit)))
