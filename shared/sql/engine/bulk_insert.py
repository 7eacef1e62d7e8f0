"""Many rows into one table: part of the hot path of a scan.

SQL Server reads them out of JSON (json_rows.py); where it cannot, the driver's bulk path hands them over.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import localcontext
from itertools import chain, islice, repeat
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.engine import ExecutionContext
from sqlalchemy.engine.interfaces import DBAPICursor

from shared.core.money import EXACT
from shared.sql.engine.json_rows import KNOWS_JSON, insert_json

ROWS_PER_STATEMENT = {"sqlite": 20, "mssql": 1}
"""SQLite is quicker with several rows to a statement; pyodbc's bulk path is for one."""

EXECUTIONS_PER_BATCH = 500
"""Statements handed to the driver at once: pyodbc reserves each column's full width for each of them."""


def insert_columns(
    connection: Connection,
    table: Table,
    shared: Mapping[str, object],
    varying: Mapping[str, Iterable[object]],
    count: int,
) -> None:
    """Inserts `count` rows: the `shared` values are in each of them, the `varying` ones are given by column.

    The values are as the driver takes them. SQLite is handed the shared ones once a
    statement: handing over values is most of its work.
    """
    if connection.dialect.name == "mssql":
        shared, varying = {}, _in_order(table, shared, varying)
        if connection.info.get(KNOWS_JSON):
            insert_json(connection, table, varying, count)
            return
    together = ROWS_PER_STATEMENT[connection.dialect.name]
    rows = zip(*varying.values(), strict=False)
    for size, times in ((together, count // together), (1, count % together)):
        statement = insert_statement(connection.dialect, table, tuple(shared), tuple(varying), size)
        values = chain.from_iterable(islice(rows, size * times))
        parameters = zip(*map(repeat, shared.values()), *[values] * (size * len(varying)), strict=False)
        # On SQL Server one cursor for all: for each new one the driver asks anew what type a NULL has.
        at_once = count if connection.dialect.name == "mssql" else EXECUTIONS_PER_BATCH
        while batch := list(islice(parameters, at_once)):
            connection.exec_driver_sql(statement, batch)


def _in_order(
    table: Table, shared: Mapping[str, object], varying: Mapping[str, Iterable[object]]
) -> dict[str, Iterable[object]]:
    """All values by column, in the table's order: one text for all pages, so that SQL Server plans it once."""
    given = {**{name: repeat(value) for name, value in shared.items()}, **varying}
    return {column.key: given[column.key] for column in table.c if column.key in given}


def insert_statement(dialect: Dialect, table: Table, shared: Sequence[str], varying: Sequence[str], rows: int) -> str:
    """INSERT of so many rows. The parameters are the shared values, then row after row the varying ones."""
    names = ", ".join(dialect.identifier_preparer.quote(table.c[name].name) for name in (*shared, *varying))
    marks = ", ".join(_marks(dialect, len(shared), len(varying), row) for row in range(rows))
    return f"INSERT INTO {dialect.identifier_preparer.format_table(table)} ({names}) VALUES {marks}"  # noqa: S608


def _marks(dialect: Dialect, shared: int, varying: int, row: int) -> str:
    """One row's parameters: SQLite takes them by number, from 1, so that several rows can name the same."""
    first = 1 + shared + row * varying
    numbers = (*range(1, 1 + shared), *range(first, first + varying))
    return f"({', '.join(f'?{number}' if dialect.name == 'sqlite' else '?' for number in numbers)})"


def execute_many(cursor: DBAPICursor, statement: str, rows: Sequence[Any], context: ExecutionContext) -> bool:
    """Listens to what an engine is about to do with many rows, and does it in its place."""
    with localcontext(EXACT):
        for start in range(0, len(rows), EXECUTIONS_PER_BATCH):
            portion: Any = rows[start : start + EXECUTIONS_PER_BATCH]
            context.dialect.do_executemany(cursor, statement, portion, context)
    return True
