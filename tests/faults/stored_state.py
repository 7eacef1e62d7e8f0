"""What a scan has left in the local database, in a form in which two scans of one tenant are equal."""

import hashlib
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import dialect

from local.scan import plain
from shared.core.models import ScanKey
from shared.sql.collected.cost_lines import full_rows
from shared.sql.collected.recommendations import Recommendations
from shared.sql.engine.engine import Database
from shared.sql.scans.scans import Scans
from shared.sql.schema.cost_tables import COST_TABLES
from shared.sql.schema.tables import COLLECTED_TABLES

COLLECTED = tuple(table.name for table in COLLECTED_TABLES)
COMPARED = (*COLLECTED, "cost_totals", "subscriptions", "outbox")
COUNTED = ("scans", "steps", "findings", "finding_resources", "finding_savings", "dead_letters")
DIFFERING = frozenset(
    {"scan_id", "row_id", "total_id", "mail_id", "state", "code", "attempt", "not_before", "changed_at", "last_updated"}
)
"""Columns that are no two scans' the same: ids, moments, how often something was tried, and on which page a row
came: costs are asked for in more pieces where the quota looks crowded, as it may after a worker's death."""

PAGES_AMISS = """SELECT COUNT(*) FROM steps WHERE pages <>
    (SELECT COUNT(*) FROM raw_pages WHERE raw_pages.step_id = steps.step_id)"""


def database_of(data: Path) -> Path:
    return data / "caleta.sqlite"


def stored_state(data: Path) -> dict[str, Any]:
    """Rows of each table: what they say, as a digest of all of them with their number, or just the number."""
    with closing(sqlite3.connect(f"file:{database_of(data)}?mode=ro", uri=True)) as connection:
        compared = {table: _digest(_rows(connection, table)) for table in COMPARED}
        counted = {table: connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in COUNTED}  # noqa: S608
        ended = connection.execute("SELECT status, finished_at IS NOT NULL FROM scans").fetchall()
        steps = connection.execute("SELECT status, COUNT(*), SUM(rows) FROM steps GROUP BY status").fetchall()
        amiss = connection.execute(PAGES_AMISS).fetchone()[0]
        return {**compared, **counted, "ended": ended, "steps by status": steps, "steps with pages amiss": amiss}


def _rows(connection: sqlite3.Connection, table: str) -> list[str]:
    return sorted(repr(row) for row in connection.execute(_query(connection, table)))


def _query(connection: sqlite3.Connection, table: str) -> str:
    """Cost rows are compared in full: under which number a value is stored depends on the page that had it first."""
    source = {each.name: each for each in COST_TABLES}.get(table)
    if source is not None:
        lines = full_rows(source).subquery()
        wanted = select(*(column for column in lines.c if column.name not in DIFFERING))
        return str(wanted.compile(dialect=dialect(), compile_kwargs={"literal_binds": True}))
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] not in DIFFERING]
    return f"SELECT {', '.join(names)} FROM {table}"  # noqa: S608


def _digest(rows: Iterable[str]) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    for row in rows:
        digest.update(row.encode() + b"\0")
        count += 1
    return count, digest.hexdigest()[:16]


def stored_costs_and_counts(data: Path, tenant_id: str, user_object_id: str) -> dict[str, Any]:
    """Rows and totals of the only scan, as the app's own readers see them; the shape of the tenant's truth."""
    database = Database.connect(f"sqlite:///{database_of(data)}")
    try:
        stored = Recommendations(database)
        (scan,) = Scans(database).recent(tenant_id, user_object_id, 10)
        sums = stored.cost_sums(ScanKey(tenant_id, scan.scan_id))
        return {"rows": stored.row_counts(ScanKey(tenant_id, scan.scan_id)), "totals": plain(sums)}
    finally:
        database.dispose()
