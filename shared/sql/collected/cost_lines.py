"""A scan's cost rows in full: the narrow rows joined with what they share. Every query of cost rows begins here."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Table,
    Unicode,
    and_,
    literal_column,
    select,
    type_coerce,
)

from shared.core.models import ScanKey
from shared.sql.scans.row_keys import ROWS_PER_STEP, range_of_scan
from shared.sql.schema.cost_tables import COST_DIMENSIONS, cost_charges, cost_resources, costs
from shared.sql.schema.metadata import of_scan, own_columns

_STEP: ColumnElement[int] = literal_column(str(ROWS_PER_STEP))


def cost_lines(scan_key: ScanKey, table: Table = costs) -> Subquery:
    """Return the scan's rows of a table of cost rows, with the columns of a collector's row and `row_id`."""
    own = and_(range_of_scan(table, scan_key), of_scan(cost_charges, scan_key))
    return full_rows(table).where(own).subquery("cost_lines")


def full_rows(table: Table) -> Select[Any]:
    """Select full rows of a table of cost rows, of whatever tenant and scan: the caller adds the condition."""
    own = [table.c[name] for name in own_columns(table) if name not in COST_DIMENSIONS]
    shared = [each.c[name] for each in COST_DIMENSIONS.values() for name in own_columns(each)]
    return select(table.c.row_id, *own, *shared).select_from(_joined(table))


def dimension_key(table: Table, number: str) -> ColumnElement[int]:
    """Return the `row_id` of a row's resource or charge: the start of its step, and the number."""
    return table.c.row_id // _STEP * _STEP + table.c[number]


def group_name(lines: FromClause) -> ColumnElement[str]:
    """Return "<subscription id>/<group>": groups of one name in two subscriptions are two."""
    return type_coerce(lines.c.sub_account_id, Unicode(36)) + literal_column("'/'") + lines.c.resource_group


def _joined(table: Table) -> FromClause:
    """The resource by an outer join, which the databases leave out where no query needs its columns."""
    return table.join(cost_charges, cost_charges.c.row_id == dimension_key(table, "charge_number")).outerjoin(
        cost_resources, cost_resources.c.row_id == dimension_key(table, "resource_number")
    )
