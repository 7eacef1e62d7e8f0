"""A page's rows in one statement: SQL Server reads them out of one JSON text. Part of the hot path of a scan.

By the driver's bulk path each row is an execution of its own, with its own check of row-level security.
https://learn.microsoft.com/sql/t-sql/functions/openjson-transact-sql
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Dialect, Table

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

PROBE = "SELECT value FROM OPENJSON(N'[1]')"
KNOWS_JSON = "knows_json"
"""What the pool notes about a connection."""

ROWS_PER_TEXT = 2_000
"""Rows in one statement: about a megabyte."""


class JsonCapability:
    """Finds out once whether the server reads rows out of JSON: it needs compatibility level 130."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._is_known: bool | None = None

    def on_connect(self, connection: "DBAPIConnection", record: "ConnectionPoolEntry") -> None:
        """Note it on a new connection."""
        if self._is_known is None:
            self._is_known = self._measure(connection)
        record.info[KNOWS_JSON] = self._is_known

    def _measure(self, connection: "DBAPIConnection") -> bool:
        cursor = connection.cursor()
        try:
            cursor.execute(PROBE)
            cursor.fetchall()
        except self._dialect.loaded_dbapi.ProgrammingError:
            return False
        finally:
            cursor.close()
            connection.rollback()
        return True


def insert_json(connection: Connection, table: Table, columns: Mapping[str, Iterable[object]], count: int) -> None:
    """Insert `count` rows, which are given by column; a column may be longer."""
    statement = json_statement(connection.dialect, table, tuple(columns))
    rows = islice(zip(*columns.values(), strict=False), count)
    while portion := list(islice(rows, ROWS_PER_TEXT)):
        connection.exec_driver_sql(statement, (json_text(portion),))


def json_statement(dialect: Dialect, table: Table, names: Sequence[str]) -> str:
    """INSERT of rows that are arrays in the order of the names; the text is the one parameter."""
    quoted = [dialect.identifier_preparer.quote(table.c[name].name) for name in names]
    shape = ", ".join(
        f"{column} {_type(dialect, table, name)} '$[{place}]'"
        for place, (column, name) in enumerate(zip(quoted, names, strict=True))
    )
    into = f"INSERT INTO {dialect.identifier_preparer.format_table(table)} ({', '.join(quoted)})"
    return f"{into} SELECT {', '.join(quoted)} FROM OPENJSON(?) WITH ({shape})"  # noqa: S608  names of columns


def json_text(rows: Sequence[Sequence[object]]) -> str:
    """The rows as JSON; amounts as texts, so that no digit is lost."""
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _type(dialect: Dialect, table: Table, name: str) -> str:
    """The column's type; its collation follows from the table."""
    return table.c[name].type.compile(dialect).partition(" COLLATE ")[0]


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no column holds a {type(value).__name__}")
