"""Raw pages and the rows that came of them: part of the hot path of a scan."""

import gzip
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, count, islice, repeat
from typing import Any

from sqlalchemy import Connection, Dialect, Table, delete, insert

from shared.core.models import Step
from shared.sql.row_batches import DriverColumns
from shared.sql.row_keys import first_row_id, rows_of_step
from shared.sql.tables import COLLECTED_TABLES, ROW_KEY, raw_pages

GZIP_LEVEL = 1
"""Half the time of the default level for a third more bytes; T-SQL's DECOMPRESS reads either."""

ROWS_PER_STATEMENT = {"sqlite": 20, "mssql": 1}
"""SQLite is quicker with several rows to a statement; pyodbc's bulk path is for one."""

EXECUTIONS_PER_BATCH = 500
"""Statements handed to the driver at once: pyodbc reserves each column's full width for each of them."""

_TABLES = {table.name: table for table in COLLECTED_TABLES}


def collected_table(name: str) -> Table:
    """The table of one collector; raises ValueError for another name."""
    if name not in _TABLES:
        raise ValueError(f"{name} is no collector's table")
    return _TABLES[name]


@contextmanager
def compressed(body: bytes) -> Iterator[Callable[[], bytes]]:
    """Compresses while the block does something else: zlib lets go of the interpreter's lock."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool.submit(gzip.compress, body, GZIP_LEVEL, mtime=0).result


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
    """Stores the page's rows, given by column, by the driver's bulk path."""
    key = (count(first_row_id(step.step_id, step.pages)), repeat(step.tenant_id), repeat(step.scan_id))
    rows = zip(*key, *values, strict=False)
    together = ROWS_PER_STATEMENT[connection.dialect.name]
    number, rest = divmod(len(values[0]), together)
    for size, times in ((together, number), (1, rest)):
        statement = _insert_statement(table, columns, connection.dialect, size)
        parameters = _side_by_side(islice(rows, size * times), size * (len(key) + len(values)))
        while batch := list(islice(parameters, EXECUTIONS_PER_BATCH)):
            connection.exec_driver_sql(statement, batch)


def _insert_statement(table: Table, columns: Sequence[str], dialect: Dialect, rows: int) -> str:
    """INSERT of so many rows of the key and `columns`; both drivers mark parameters with `?`."""
    names = [dialect.identifier_preparer.quote(table.c[name].name) for name in (*ROW_KEY, *columns)]
    marks = ", ".join([f"({', '.join('?' * len(names))})"] * rows)
    return f"INSERT INTO {dialect.identifier_preparer.format_table(table)} ({', '.join(names)}) VALUES {marks}"  # noqa: S608


def _side_by_side(rows: Iterable[tuple[Any, ...]], width: int) -> Iterator[tuple[Any, ...]]:
    """Several rows as one row of parameters, `width` of them."""
    return zip(*[chain.from_iterable(rows)] * width, strict=True)


def delete_pages(connection: Connection, step: Step, table: Table) -> None:
    """Deletes what the step has stored."""
    pages = (raw_pages.c.tenant_id == step.tenant_id, raw_pages.c.scan_id == step.scan_id)
    connection.execute(delete(table).where(rows_of_step(table, step.tenant_id, step.step_id)))
    connection.execute(delete(raw_pages).where(*pages, raw_pages.c.step_id == step.step_id))
