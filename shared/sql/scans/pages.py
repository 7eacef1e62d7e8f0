"""Raw pages and the rows that came of them: part of the hot path of a scan."""

import gzip
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from shared.core.models import ScanKey, Step
from shared.sql.engine.bulk_insert import insert_columns
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.scans.row_batches import DriverColumns
from shared.sql.scans.row_keys import first_row_id, rows_of_step
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.tables import COLLECTED_TABLES, raw_pages

GZIP_LEVEL = 1
"""Half the time of the default level for a third more bytes; T-SQL's DECOMPRESS reads either."""

_TABLES = {table.name: table for table in COLLECTED_TABLES}


def collected_table(name: str) -> Table:
    """The table of one collector; raises ValueError for another name."""
    if name not in _TABLES:
        raise ValueError(f"{name} is no collector's table")
    return _TABLES[name]


def compressed(body: bytes) -> bytes:
    """In gzip's form, and always the same bytes for the same body."""
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


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


def insert_rows(
    connection: Connection, step: Step, table: Table, columns: Sequence[str], values: DriverColumns
) -> None:
    """Stores the page's rows, given by column."""
    shared: dict[str, object] = {"tenant_id": step.tenant_id, "scan_id": step.scan_id}
    varying: dict[str, Iterable[object]] = {"row_id": count(first_row_id(step.step_id, step.pages))}
    for name, column in zip(columns, values, strict=True):
        if _is_constant(column):
            shared[name] = column[0]
        else:
            varying[name] = column
    insert_columns(connection, table, shared, varying, len(values[0]))


def _is_constant(column: list[Any]) -> bool:
    """Whether one value fills the whole column, as subscription and currency mostly do."""
    return bool(column) and column[0] == column[-1] and column.count(column[0]) == len(column)


def delete_pages(connection: Connection, step: Step, table: Table) -> None:
    """Deletes what the step has stored."""
    pages = (raw_pages.c.tenant_id == step.tenant_id, raw_pages.c.scan_id == step.scan_id)
    connection.execute(delete(table).where(rows_of_step(table, step.tenant_id, step.step_id)))
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
