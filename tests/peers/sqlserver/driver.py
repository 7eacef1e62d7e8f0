"""pyodbc's face: the module, connections and cursors, as far as SQLAlchemy uses them.

It is as strict as the driver is: one open result to a connection, 2,100 parameters to a
statement, one form of error text.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

MAX_PARAMETERS = 2_100
MAX_ROWS = 1_000
PREFIX = "[Microsoft][ODBC Driver 18 for SQL Server][SQL Server]"


class Error(Exception):
    """In the form of pyodbc's: SQLSTATE, and a text that ends with the number."""


class DatabaseError(Error): ...


class OperationalError(DatabaseError): ...


class IntegrityError(DatabaseError): ...


class ProgrammingError(DatabaseError): ...


class InterfaceError(Error): ...


class DataError(DatabaseError): ...


class InternalError(DatabaseError): ...


class NotSupportedError(DatabaseError): ...


def failure(kind: type[Error], state: str, words: str, number: int) -> Error:
    """An error as the driver words it."""
    return kind(state, f"[{state}] {PREFIX}{words} ({number}) (SQLExecDirectW)")


def as_bound(value: object) -> object:
    """A value of many rows as pyodbc hands it on: a Decimal loses the digits that the thread's context has no room for.

    https://github.com/mkleehammer/pyodbc/blob/master/src/params.cpp (PyToCType)
    """
    return value.normalize() if isinstance(value, Decimal) else value


class Answer(Protocol):
    """What a statement gives: its columns (None: no rows), its rows, and how many it changed."""

    columns: list[str] | None
    rows: list[tuple[Any, ...]]
    rowcount: int


class Session(Protocol):
    """One connection, on the server's side."""

    def execute(self, statement: str, parameters: Sequence[Any], many: bool) -> Answer: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...


class Cursor:
    """DB-API's cursor."""

    arraysize = 1
    fast_executemany = False

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self.description: list[tuple[Any, ...]] | None = None
        self.rowcount = -1
        self._rows: list[tuple[Any, ...]] = []

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "Cursor":
        return self._run(statement, parameters, many=False)

    def executemany(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        if not self.fast_executemany:
            raise AssertionError("many rows, and not by the bulk path")
        if len(rows) > MAX_ROWS:
            raise AssertionError("the driver reserves each column's full width for each of so many rows")
        self._run(statement, [[*map(as_bound, row)] for row in rows], many=True)

    def _run(self, statement: str, parameters: Sequence[Any], *, many: bool) -> "Cursor":
        self._connection.take(self)
        if len(parameters[0] if many else parameters) > MAX_PARAMETERS:
            raise failure(ProgrammingError, "07002", "COUNT field incorrect or syntax error", 0)
        answer = self._connection.session.execute(statement, parameters, many)
        self.rowcount, self._rows = answer.rowcount, list(answer.rows)
        self.description = None if answer.columns is None else [(name, *[None] * 6) for name in answer.columns]
        if self.description is not None:
            self._connection.busy_with = self
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        found = self.fetchmany(1)
        return found[0] if found else None

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        size = size or self.arraysize
        found, self._rows = self._rows[:size], self._rows[size:]
        if len(found) < size:
            self._connection.release(self)
        return found

    def fetchall(self) -> list[tuple[Any, ...]]:
        found, self._rows = self._rows, []
        self._connection.release(self)
        return found

    def nextset(self) -> bool:
        return False

    def setinputsizes(self, sizes: Sequence[Any]) -> None:
        """Taken, and without effect: SQLite has its own types."""

    def close(self) -> None:
        self._connection.release(self)


class Connection:
    """DB-API's connection. One statement's rows have to be read, or given up, before the next."""

    autocommit = False
    timeout = 0

    def __init__(self, session: Session) -> None:
        self.session = session
        self.busy_with: Cursor | None = None

    def cursor(self) -> Cursor:
        return Cursor(self)

    def take(self, cursor: Cursor) -> None:
        if self.busy_with not in (None, cursor):
            raise failure(Error, "HY000", "Connection is busy with results for another command", 0)

    def release(self, cursor: Cursor) -> None:
        if self.busy_with is cursor:
            self.busy_with = None

    def commit(self) -> None:
        self.session.commit()

    def rollback(self) -> None:
        self.busy_with = None
        self.session.rollback()

    def close(self) -> None:
        self.rollback()

    def add_output_converter(self, kind: int, convert: object) -> None:
        """Taken, and without effect."""


class Module:
    """The driver's module. What SQLAlchemy asks of its constants does not matter here."""

    apilevel, threadsafety, paramstyle, version = "2.0", 1, "qmark", "5.5.0"
    Error, DatabaseError, OperationalError, IntegrityError = Error, DatabaseError, OperationalError, IntegrityError
    ProgrammingError, InterfaceError, DataError = ProgrammingError, InterfaceError, DataError
    InternalError, NotSupportedError = InternalError, NotSupportedError
    Cursor, Connection = Cursor, Connection
    Binary, BinaryNull = bytes, None
    STRING, BINARY, NUMBER, DATETIME, ROWID = str, bytearray, Decimal, datetime, int
    SQL_VARCHAR, SQL_WVARCHAR, SQL_DECIMAL = 12, -9, 3
