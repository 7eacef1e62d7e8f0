"""The keys of collected rows: one number, made of the step, the page and the row.

Step 42, page 3, row 17 is 42 00003 00017. A scan's steps are numbered one after the other,
so that its rows lie together.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Connection, Table, and_, bindparam, func, select

from shared.core.models import ScanKey
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.tables import steps

ROWS_PER_PAGE = 100_000
PAGES_PER_STEP = 100_000
ROWS_PER_STEP = ROWS_PER_PAGE * PAGES_PER_STEP

FIRST_ROW: Final = "first_row_id"
END_ROW: Final = "end_row_id"
KNOWN_BOUNDS = "row_bounds"
"""What a connection's options remember of the scans that its transaction reads."""

RowBounds = dict[str, int]


def first_row_id(step_id: int, page_number: int) -> int:
    """The key of a page's first row; the others follow."""
    return (step_id * PAGES_PER_STEP + page_number) * ROWS_PER_PAGE


def rows_of_scan(table: Table, scan_key: ScanKey) -> ColumnElement[bool]:
    """The condition that finds a scan's rows in a table of collected rows; row_bounds has its two parameters.

    As a subquery the bounds would hide from SQL Server how many rows there are between them.
    """
    first, end = _bounds_parameters()
    return and_(table.c.row_id >= first, table.c.row_id < end, _own(table, scan_key))


def range_of_scan(table: Table, scan_key: ScanKey) -> ColumnElement[bool]:
    """The condition that finds the tenant's rows from the scan's first step to its last, by the same parameters.

    Two scans that were planned at once may have steps between each other's: those rows are not left out.
    """
    first, end = _bounds_parameters()
    return and_(table.c.row_id >= first, table.c.row_id < end, table.c.tenant_id == scan_key.tenant_id)


def _bounds_parameters() -> Iterator[BindParameter[int]]:
    return (bindparam(name, type_=BigInteger, required=True) for name in (FIRST_ROW, END_ROW))


def _own(table: Table, scan_key: ScanKey) -> ColumnElement[bool]:
    """What leaves out the rows of others; cost rows name no scan, their steps do."""
    if "scan_id" in table.c:
        return of_scan(table, scan_key)
    step_ids = select(steps.c.step_id).where(of_scan(steps, scan_key))
    return and_(table.c.tenant_id == scan_key.tenant_id, (table.c.row_id // ROWS_PER_STEP).in_(step_ids))


def row_bounds(connection: Connection, scan_key: ScanKey) -> RowBounds:
    """Return the parameters of rows_of_scan: the scan's first row key, and the one after its last.

    They are asked for once in a transaction that reads: within it no step is added.
    """
    known: dict[ScanKey, RowBounds] = connection.get_execution_options().get(KNOWN_BOUNDS, {})
    if scan_key not in known:
        known = {**known, scan_key: _bounds(connection, scan_key)}
        connection.execution_options(**{KNOWN_BOUNDS: known})
    return known[scan_key]


def _bounds(connection: Connection, scan_key: ScanKey) -> RowBounds:
    numbers = select(func.min(steps.c.step_id), func.max(steps.c.step_id)).where(of_scan(steps, scan_key))
    first, last = connection.execute(numbers).one()
    if first is None:
        return {FIRST_ROW: 0, END_ROW: 0}
    return {FIRST_ROW: first_row_id(first, 0), END_ROW: first_row_id(last + 1, 0)}


def rows_of_steps(table: Table, first_step_id: int, last_step_id: int) -> ColumnElement[bool]:
    """The condition that finds the rows of consecutive steps, of whatever tenant."""
    return and_(table.c.row_id >= first_row_id(first_step_id, 0), table.c.row_id < first_row_id(last_step_id + 1, 0))


def rows_of_step(table: Table, tenant_id: str, step_id: int) -> ColumnElement[bool]:
    """The condition that finds one step's rows."""
    return and_(rows_of_steps(table, step_id, step_id), table.c.tenant_id == tenant_id)
