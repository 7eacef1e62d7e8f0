"""The keys of collected rows: one number, made of the step, the page and the row.

Step 42, page 3, row 17 is 42 00003 00017. A scan's steps are numbered one after the other,
so that its rows lie together.
"""

from sqlalchemy import ColumnElement, Table, and_, func, select

from shared.core.models import ScanKey
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.tables import steps

ROWS_PER_PAGE = 100_000
PAGES_PER_STEP = 100_000
ROWS_PER_STEP = ROWS_PER_PAGE * PAGES_PER_STEP


def first_row_id(step_id: int, page_number: int) -> int:
    """The key of a page's first row; the others follow."""
    return (step_id * PAGES_PER_STEP + page_number) * ROWS_PER_PAGE


def rows_of_scan(table: Table, scan_key: ScanKey) -> ColumnElement[bool]:
    """The condition that finds a scan's rows in a table of collected rows."""
    own = of_scan(steps, scan_key)
    first = select(func.min(steps.c.step_id) * ROWS_PER_STEP).where(own).scalar_subquery()
    end = select((func.max(steps.c.step_id) + 1) * ROWS_PER_STEP).where(own).scalar_subquery()
    within = and_(table.c.row_id >= first, table.c.row_id < end)
    return and_(within, of_scan(table, scan_key))


def rows_of_steps(table: Table, first_step_id: int, last_step_id: int) -> ColumnElement[bool]:
    """The condition that finds the rows of consecutive steps, of whatever tenant."""
    return and_(table.c.row_id >= first_row_id(first_step_id, 0), table.c.row_id < first_row_id(last_step_id + 1, 0))


def rows_of_step(table: Table, tenant_id: str, step_id: int) -> ColumnElement[bool]:
    """The condition that finds one step's rows."""
    return and_(rows_of_steps(table, step_id, step_id), table.c.tenant_id == tenant_id)
