"""Raw pages and the rows that came of them: part of the hot path of a scan."""

import gzip
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from isal import igzip
from sqlalchemy import Connection, Table, delete, insert, select

from shared.core.models import ScanKey, Step
from shared.sql.engine.bulk_insert import insert_columns
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.engine.types import tenant_hash
from shared.sql.scans.dimension_numbers import DimensionNumbers, Numbers, insert_values, numbered
from shared.sql.scans.row_batches import StorableRows
from shared.sql.scans.row_keys import first_row_id, rows_of_step
from shared.sql.schema.cost_tables import COST_DIMENSIONS, COST_TABLES
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.tables import COLLECTED_TABLES, raw_pages

GZIP_LEVEL = 1
"""A fifth of zlib's time at its quickest, for a few bytes more; T-SQL's DECOMPRESS reads the same format."""

Added = dict[str, Numbers]

_TABLES = {table.name: table for table in COLLECTED_TABLES}


def collected_table(name: str) -> Table:
    """The table of one collector; raises ValueError for another name."""
    if name not in _TABLES:
        raise ValueError(f"{name} is no collector's table")
    return _TABLES[name]


def compressed(body: bytes) -> bytes:
    """In gzip's form, and always the same bytes for the same body."""
    return igzip.compress(body, GZIP_LEVEL, mtime=0)


def insert_page(connection: Connection, step: Step, status: int, body_gzip: bytes, received_at: datetime) -> None:
    """Stores a page as it came."""
    values = {
        "tenant_id": step.tenant_id,
        "scan_id": step.scan_id,
        "step_id": step.step_id,
        "page_number": step.pages,
        "status": status,
        "body_gzip": body_gzip,
        "received_at": received_at,
    }
    connection.execute(insert(raw_pages).values(values))


def insert_rows(connection: Connection, step: Step, rows: StorableRows, known: DimensionNumbers) -> Added:
    """Store the page's rows; return the values that were added to the dimension tables."""
    numbers, added = known.of(connection, step) if rows.coded else {}, {}
    columns: dict[str, Sequence[Any]] = dict(rows.plain)
    for name, given in rows.coded.items():
        columns[name], added[name] = numbered(given, numbers[name], step.pages)
        insert_values(connection, step, COST_DIMENSIONS[name], added[name])
    _insert(connection, step, rows, columns)
    return added


def _insert(connection: Connection, step: Step, rows: StorableRows, columns: Mapping[str, Sequence[Any]]) -> None:
    shared: dict[str, object] = {"tenant_id": step.tenant_id, "scan_id": step.scan_id}
    if rows.coded:
        shared = {"tenant_id": tenant_hash(step.tenant_id)}
    varying: dict[str, Iterable[object]] = {"row_id": count(first_row_id(step.step_id, step.pages))}
    for name, column in columns.items():
        if _is_constant(column):
            shared[name] = column[0]
        else:
            varying[name] = column
    insert_columns(connection, rows.table, shared, varying, rows.count)


def _is_constant(column: Sequence[Any]) -> bool:
    """Whether one value fills the whole column, as a subscription's id does."""
    return len(column) > 0 and column[0] == column[-1] and column.count(column[0]) == len(column)


def delete_pages(connection: Connection, step: Step, table: Table) -> None:
    """Deletes what the step has stored."""
    pages = (raw_pages.c.tenant_id == step.tenant_id, raw_pages.c.scan_id == step.scan_id)
    for each in (table, *(COST_DIMENSIONS.values() if table in COST_TABLES else ())):
        connection.execute(delete(each).where(rows_of_step(each, step.tenant_id, step.step_id)))
    connection.execute(delete(raw_pages).where(*pages, raw_pages.c.step_id == step.step_id))


class StoredPages:
    """Read stored raw pages, one at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def body(self, scan_key: ScanKey, step_id: int, number: int) -> bytes | None:
        """Return the page as it was received; None if the scan has no such page."""
        of_page = (raw_pages.c.step_id == step_id, raw_pages.c.page_number == number)
        statement = select(raw_pages.c.body_gzip).where(of_scan(raw_pages, scan_key), *of_page)
        with self._database.reading(scan_key.tenant_id) as connection:
            found = connection.execute(statement).scalar()
        return None if found is None else gzip.decompress(found)
