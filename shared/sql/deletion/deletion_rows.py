"""Which rows a deletion takes, found by the columns that every table with customers' data has."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Delete,
    Dialect,
    Table,
    and_,
    delete,
    exists,
    or_,
    select,
    true,
    tuple_,
    union,
)

from shared.core.deletions import Deletion, DeletionScope
from shared.core.mail import MailKind
from shared.sql.engine.lists import any_of
from shared.sql.scans.row_keys import rows_of_steps
from shared.sql.schema.finding_tables import finding_ledger, finding_resources, finding_states, findings
from shared.sql.schema.outbox_tables import outbox
from shared.sql.schema.tables import STEP_TABLES, TENANT_TABLES, connections, dead_letters, scans

BATCH_ROWS = 4_000
"""Rows deleted in one transaction: at 5,000 locks SQL Server locks the whole table instead.

https://learn.microsoft.com/troubleshoot/sql/database-engine/performance/resolve-blocking-problems-caused-lock-escalation
"""

BATCH_LARGE_ROWS = 200
"""Raw pages have some hundred kilobytes each: fewer of them, to keep the transaction log short."""

SCANS_A_STATEMENT = 500
RANGES_A_STATEMENT = 100
"""Scans, and conditions joined by OR, of one statement: well below SQL Server's 2,100 parameters."""

StepRun = tuple[int, int]
"""The first and the last of consecutive step ids."""

T = TypeVar("T")

AT_ONCE = (scans, connections)
"""Deleted with the request itself: without them nothing can be read, shown or started any more."""

IN_BATCHES = (dead_letters, *(table for table in TENANT_TABLES if table not in AT_ONCE))
"""Children first; the steps stay to the end, since the collected rows are found by them."""

FINDINGS = tuple(table for table in TENANT_TABLES if table.name.startswith("finding"))
"""What people and rules wrote about a scan; without them the scan and its report stay."""

MEMORY = (finding_states, finding_ledger)
"""What holds for later scans too: it belongs to the organisation, and stays while any scan has the finding."""

MOMENTS: dict[Table, Column[datetime]] = {
    connections: connections.c.consented_at,
    dead_letters: dead_letters.c.recorded_at,
}
"""What came after the request for deletion is new, and stays."""


def rows_to_delete(
    table: Table, deletion: Deletion, step_runs: Sequence[StepRun] = ()
) -> Iterator[ColumnElement[bool]]:
    """The conditions that find the deletion's rows in a table; none where the deletion does not concern it.

    Each is one statement for many scans; rows of collected tables are found by the scans' `step_runs`.
    """
    own = table.c.tenant_id == deletion.tenant_id
    if deletion.scope is DeletionScope.FINDINGS and table not in FINDINGS:
        return
    if table in STEP_TABLES:
        for runs in batched(step_runs, RANGES_A_STATEMENT):
            yield and_(own, or_(*(rows_of_steps(table, *run) for run in runs)))
    elif table in MEMORY:
        yield and_(own, _forgotten(table, deletion))
    else:
        yield from _of_small_tables(table, deletion)


def _of_small_tables(table: Table, deletion: Deletion) -> Iterator[ColumnElement[bool]]:
    """The conditions for tables that are found by scan, by user or by customer."""
    own = table.c.tenant_id == deletion.tenant_id
    if "scan_id" in table.c:
        for scan_ids in batched(deletion.scan_ids, SCANS_A_STATEMENT):
            yield and_(own, any_of(table.c.scan_id, scan_ids))
    elif table is dead_letters and deletion.scope is not DeletionScope.CUSTOMER:
        for scan_ids in batched(deletion.scan_ids, RANGES_A_STATEMENT):
            yield and_(own, or_(*(table.c.body_text.contains(each, autoescape=True) for each in scan_ids)))
    elif deletion.scope is DeletionScope.CUSTOMER:
        yield and_(own, _until(table, deletion))
    elif deletion.scope is DeletionScope.USER and "user_object_id" in table.c:
        yield and_(own, table.c.user_object_id == deletion.user_object_id, _until(table, deletion))


def _forgotten(table: Table, deletion: Deletion) -> ColumnElement[bool]:
    """What no scan that stays has a finding for; of a user also the user's decisions, of a customer all of the past."""
    if deletion.scope is DeletionScope.CUSTOMER:
        return ~exists().where(scans.c.tenant_id == table.c.tenant_id, scans.c.scan_id == table.c.scan_id)
    held = finding_states.c.finding_key == findings.c.finding_key
    source = findings
    if table is finding_ledger:
        source, held = finding_resources, finding_resources.c.resource_id == finding_ledger.c.resource_id
    is_unfounded = ~exists().where(source.c.tenant_id == table.c.tenant_id, held)
    if deletion.scope is DeletionScope.USER and table is finding_states:
        return or_(is_unfounded, finding_states.c.user_object_id == deletion.user_object_id)
    return is_unfounded


def orphaned_scans(tenant_id: str) -> CompoundSelect[Any]:
    """Select the ids of the customer's scans of which rows are left, but no scan.

    What wrote them came too late for a deletion, or was restored without its scan. The mail that confirms a deletion
    has the receipt's number for a scan: it is none of these.
    """
    found = []
    for table in (table for table in IN_BATCHES if "scan_id" in table.c and table not in (*STEP_TABLES, *MEMORY)):
        same_scan = and_(scans.c.tenant_id == table.c.tenant_id, scans.c.scan_id == table.c.scan_id)
        orphaned = and_(table.c.tenant_id == tenant_id, ~exists().where(same_scan))
        kept = table.c.kind != MailKind.DELETION_DONE if table is outbox else true()
        found.append(select(table.c.scan_id).where(orphaned, kept))
    return union(*found)


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Divide into parts of at most `size`."""
    return (values[at : at + size] for at in range(0, len(values), size))


def runs_of(step_ids: Sequence[int]) -> list[StepRun]:
    """Join ascending step ids to runs without a gap: a scan's steps are numbered one after the other."""
    runs: list[StepRun] = []
    for step_id in step_ids:
        if runs and runs[-1][1] == step_id - 1:
            runs[-1] = (runs[-1][0], step_id)
        else:
            runs.append((step_id, step_id))
    return runs


def _until(table: Table, deletion: Deletion) -> ColumnElement[bool]:
    return MOMENTS[table] <= deletion.requested_at if table in MOMENTS else true()


def batch_of(table: Table, rows: ColumnElement[bool], limit: int, dialect: Dialect) -> Delete:
    """DELETE of at most `limit` rows. SQLite has no TOP, SQL Server no lists of whole keys."""
    if dialect.name == "mssql":
        return delete(table).prefix_with(f"TOP ({limit})").where(rows)
    key = tuple_(*table.primary_key)
    return delete(table).where(key.in_(select(*table.primary_key).where(rows).limit(limit)))
