"""The server behind the driver's face: keeps every statement, minds whose rows it is about, lets SQLite answer.

Each statement reaches it twice: as the T-SQL that SQL Server would get, which is recorded
and judged, and as SQLAlchemy's own object, which is run on SQLite. So whole repositories
run over it, with every branch they have for SQL Server.
"""

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Delete, Engine, Executable, event
from sqlalchemy.engine import ExecutionContext
from sqlalchemy.exc import IntegrityError, OperationalError

from shared.core.periods import AUDIT_MONTHS, add_months
from shared.sql.deletion.deletion_rows import batch_of
from shared.sql.engine import snapshots
from shared.sql.engine.append_only import MAX_BATCH_ROWS, TOO_YOUNG
from shared.sql.engine.engine import Database
from shared.sql.engine.json_rows import PROBE
from shared.sql.engine.session_context import FOR_NO_TENANT, FOR_SYSTEM, FOR_TENANT
from shared.sql.engine.sql_server import CORES, CORES_NOW, LIMIT_CORES, pooled_engine
from shared.sql.engine.types import money_text, tenant_hash
from shared.sql.ledgers import audit
from shared.sql.rights import APP_ROLE, PURGE_ROLE
from shared.sql.schema.tables import metadata
from tests.peers.sqlserver import driver
from tests.peers.sqlserver.callers import caller
from tests.peers.sqlserver.permissions import refused
from tests.peers.sqlserver.wire import Wire
from tests.support.databases import share_statements, with_shared_statements
from tests.support.tsql import strangers

CUSTOMERS_TABLES = re.compile(
    r"\b(" + "|".join(table.name for table in metadata.tables.values() if "tenant_id" in table.c) + r")\b"
)
AT_CONNECT = {
    "SELECT CAST(SERVERPROPERTY('ProductVersion') AS VARCHAR)": "12.0.2000.8",
    "SELECT schema_name()": "dbo",
    "SELECT CAST('test max support' AS NVARCHAR(max))": "test max support",
    "SELECT 1": 1,
    "SELECT 1 FROM fn_listextendedproperty(default, default, default, default, default, default, default)": 1,
    "SELECT name FROM sys.system_views WHERE name IN ('dm_exec_sessions', 'dm_pdw_nodes_exec_sessions')": (
        "dm_exec_sessions"
    ),
}
ISOLATION = re.compile(r"\s*SELECT CASE transaction_isolation_level.*FROM sys\.dm_exec_sessions", re.DOTALL)
WITHOUT_ANSWER = re.compile(r"SET (TRANSACTION ISOLATION LEVEL|LOCK_TIMEOUT|IDENTITY_INSERT) ")
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|EXEC dbo\.delete_)", re.IGNORECASE)
FROM_JSON = "FROM OPENJSON(?)"
DELETE_AUDIT_EVENTS = "EXEC dbo.delete_audit_events @before = ?, @most = ?"

PERMISSION_DENIED = 229
BOTH = (APP_ROLE, PURGE_ROLE)


@dataclass
class Answer:
    """See driver.Answer."""

    columns: list[str] | None = None
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    rowcount: int = -1


@dataclass
class Pending:
    """What SQLAlchemy is about to run, as its own object, with what was passed beside it.

    `returned`: the columns that an INSERT is to answer with.
    """

    statement: Executable
    parameters: Any
    returned: list[str] = field(default_factory=list)


STATEMENTS: dict[tuple[str, str], set[str]] = {}
"""What all servers of this process were asked, by the module and the method of the repository."""


@dataclass
class Server:
    """One server, over one SQLite file. `fails_at` says with which error it answers a statement, once.

    Whether it allows snapshots is 1 or 0, as sys.databases has it. `today` is its own clock's day, which the
    procedure counts an entry's age from; the default suits a test that injects any other time. `roles` are those of
    who is logged in: a repository serves both of the app's identities.
    """

    sqlite: Database
    wire: Wire = field(default_factory=Wire)
    fails_at: dict[str, driver.Error] = field(default_factory=dict)
    connected: int = 0
    snapshots: int = snapshots.ALLOWED
    cores: int = 0
    knows_json: bool = True
    today: date = date(9999, 1, 1)
    roles: tuple[str, ...] = BOTH

    def configure(self, statement: str) -> None:
        """Change what the database allows."""
        if statement == LIMIT_CORES:
            self.cores = CORES
        else:
            self.snapshots = snapshots.ALLOWED

    def keep(self, statement: str) -> None:
        """Puts it down under the repository's method that was called from outside, if there is one."""
        found = strangers(statement)
        assert not found, f"not T-SQL: {found} in {statement}"
        where = caller()
        if where is not None:
            STATEMENTS.setdefault(where, set()).add(statement)


class Session:
    """One connection's side on the server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._inner: SqlConnection | None = None
        self.pending: Pending | None = None
        self.begins = "BEGIN IMMEDIATE"
        self.tenant_id: str | None = None
        self.is_system = False
        self.is_bound = False
        self.context = FOR_NO_TENANT
        self.only_reads = False

    def execute(self, statement: str, parameters: Sequence[Any], many: bool) -> Answer:
        self._server.wire.keep(statement, parameters)
        for words in [words for words in self._server.fails_at if words in statement]:
            raise self._server.fails_at.pop(words)
        about_itself = self._about_itself(statement)
        if about_itself is not None:
            return about_itself
        statement, tenant_id = whose(statement, parameters)
        if self.is_bound:  # A page's next method continues in the session context that is set.
            self._server.keep(self.context)
        self._server.keep(statement)
        assert not (self.only_reads and WRITES.match(statement)), f"a write among reads: {statement}"
        if statement in (FOR_TENANT, FOR_SYSTEM, FOR_NO_TENANT):
            self.tenant_id, self.context = tenant_id, statement
            self.is_system, self.is_bound = statement == FOR_SYSTEM, True
            return Answer()
        if caller() is not None or self._server.roles != BOTH:
            self._check_permissions(statement)
        fault = self.fault(statement, parameters, many=many)
        assert fault is None or caller() is None, f"{fault}: {statement}"
        try:
            return self._answer(statement, parameters, many)
        except IntegrityError:
            raise driver.failure(driver.IntegrityError, "23000", "The key is there already.", 2627) from None
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            raise driver.failure(driver.OperationalError, "42000", "Lock request time out.", 1222) from None

    def _check_permissions(self, statement: str) -> None:
        missing = refused(self._server.roles, statement)
        if missing:
            words = ", ".join(f"The {right} permission was denied on the object '{name}'." for right, name in missing)
            raise driver.failure(driver.ProgrammingError, "42000", words, PERMISSION_DENIED)

    def _about_itself(self, statement: str) -> Answer | None:  # noqa: PLR0911 - one return a question
        """The answer to what is said to the server, or asked of it, beside all tables."""
        if statement in AT_CONNECT:
            return Answer([""], [(AT_CONNECT[statement],)])
        if ISOLATION.match(statement):
            return Answer([""], [("READ COMMITTED",)])
        if "snapshot_isolation_state" in statement:  # As on Azure SQL: the id in sys.databases is not DB_ID().
            return Answer([""], [] if "DB_ID()" in statement else [(self._server.snapshots,)])
        if statement == PROBE:
            if not self._server.knows_json:
                raise driver.failure(driver.ProgrammingError, "42S02", "Invalid object name 'OPENJSON'.", 208)
            return Answer([""], [("1",)])
        if statement == CORES_NOW:
            return Answer([""], [(self._server.cores,)])
        if statement in (LIMIT_CORES, snapshots.ALLOW):
            self._server.configure(statement)
            return Answer()
        if WITHOUT_ANSWER.match(statement):
            self.only_reads = self.only_reads or statement == snapshots.LEVEL
            return Answer()
        return None

    def commit(self) -> None:
        """Fails before it has happened; an error at `AFTER COMMIT` is raised after it."""
        if "COMMIT" in self._server.fails_at:
            raise self._server.fails_at.pop("COMMIT")
        if self.is_bound:
            self._server.wire.keep("COMMIT", ())
        if self._inner is not None:
            self._inner.commit()
        self.rollback()
        if "AFTER COMMIT" in self._server.fails_at:
            raise self._server.fails_at.pop("AFTER COMMIT")

    def rollback(self) -> None:
        if self._inner is not None:
            self._inner.close()
        self._inner, self.is_bound = None, False

    def fault(self, statement: str, parameters: Sequence[Any], *, many: bool) -> str | None:
        """Where row security would show nothing, or refuse, a repository has made a mistake."""
        if not self.is_bound:
            return "no tenant is set for these rows"
        if self.is_system or not CUSTOMERS_TABLES.search(statement):
            return None
        rows = json.loads(parameters[0]) if FROM_JSON in statement else parameters if many else [parameters]
        own = {self.tenant_id, tenant_hash(self.tenant_id or "")}
        return (
            None if all(own.intersection(_hashable(row)) for row in rows) else "another customer's rows, or everybody's"
        )

    def _answer(self, statement: str, parameters: Sequence[Any], many: bool) -> Answer:
        inner = self._connection()
        if statement == DELETE_AUDIT_EVENTS:
            before, most = parameters
            youngest = datetime.combine(add_months(self._server.today, -AUDIT_MONTHS), time.min)
            if before > youngest or most > MAX_BATCH_ROWS:
                raise driver.failure(driver.ProgrammingError, "42000", "at most …", TOO_YOUNG)
            return Answer(["deleted"], [(audit._delete_on_sqlite(inner, before.replace(tzinfo=UTC)),)])
        pending, self.pending = self.pending, None
        if pending is None:
            assert statement.startswith("INSERT INTO "), f"SQL by hand: {statement}"
            if FROM_JSON in statement:
                return _insert_from_json(inner, statement, json.loads(parameters[0]))
            rows = [tuple(map(_plain, row)) for row in (parameters if many else [parameters])]
            return Answer(rowcount=inner.exec_driver_sql(statement, rows).rowcount)
        values = pending.parameters
        if many:  # The rows may come in portions.
            values = [_as_bound(row) for row in pending.parameters[: len(parameters)]]
            rest = pending.parameters[len(parameters) :]
            self.pending = Pending(pending.statement, rest, pending.returned) if rest else None
        result = inner.execute(_for_sqlite(pending.statement, inner), values)
        if result.returns_rows:
            return Answer([*result.keys()], [tuple(row) for row in result], result.rowcount)
        if pending.returned and result.inserted_primary_key is not None:
            return Answer(pending.returned, [tuple(result.inserted_primary_key)], result.rowcount)
        return Answer(rowcount=result.rowcount)

    def _connection(self) -> SqlConnection:
        if self._inner is None:
            self._inner = self._server.sqlite._engine.connect().execution_options(sqlite_begin=self.begins)
            self._inner.begin()
        return self._inner


def whose(statement: str, parameters: Sequence[Any]) -> tuple[str, str | None]:
    """The statement as it is recorded, and the tenant that it names, where it sets the session context."""
    head, tail = FOR_TENANT.split("?")
    if not (statement.startswith(head) and statement.endswith(tail)):
        return statement, None
    named = statement.removeprefix(head).removesuffix(tail)
    return FOR_TENANT, parameters[0] if named == "?" else named.removeprefix("N'").removesuffix("'")


def _for_sqlite(statement: Executable, inner: SqlConnection) -> Executable:
    """SQLite has no DELETE TOP."""
    if isinstance(statement, Delete) and statement._prefixes:
        limit = re.fullmatch(r"TOP \((\d+)\)", str(statement._prefixes[0][0]))
        assert limit is not None
        assert statement.whereclause is not None
        return batch_of(statement.table, statement.whereclause, int(limit[1]), inner.dialect)  # type: ignore[arg-type]
    return statement


def _insert_from_json(inner: SqlConnection, statement: str, rows: list[list[Any]]) -> Answer:
    """What OPENJSON does: each value by its place, an amount from its text."""
    head, _, shape = statement.partition(" SELECT ")
    kinds = re.findall(r"[(,] ?\S+ (\w+)(?:\([^)]*\))? '\$\[(\d+)\]'", shape.partition(" WITH ")[2])
    assert [int(place) for _, place in kinds] == [*range(len(rows[0]))]
    values = [[_from_json(kind, value) for (kind, _), value in zip(kinds, row, strict=True)] for row in rows]
    marks = ", ".join("?" * len(kinds))
    result = inner.exec_driver_sql(f"{head} VALUES ({marks})", [*map(tuple, values)])
    return Answer(rowcount=result.rowcount)


def _from_json(kind: str, value: object) -> object:
    return money_text(Decimal(str(value))) if kind == "NUMERIC" and value is not None else value


def _hashable(row: Sequence[Any]) -> list[Any]:
    return [value for value in row if isinstance(value, str | int)]


def _as_bound(row: dict[str, object]) -> dict[str, object]:
    return {name: driver.as_bound(value) for name, value in row.items()}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return money_text(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "microseconds")
    return value.isoformat() if isinstance(value, date) else value


class DoubledDatabase(Database):
    """A Database that takes its server for SQL Server; its tables are made in the SQLite file behind it."""

    server: Server

    def dispose(self) -> None:
        super().dispose()
        self.server.sqlite.dispose()


def doubled(path: Path, kind: type[DoubledDatabase] = DoubledDatabase) -> DoubledDatabase:
    """A database over this SQLite file."""
    server = Server(with_shared_statements(Database.connect(f"sqlite:///{path}")))
    event.listen(server.sqlite._engine, "connect", _lend_functions)
    reads = snapshots.SnapshotReads()
    database = kind(engine_of(server), readers=engine_of(server, reads), snapshot_reads=reads)
    database.server = server
    return database


def _lend_functions(connection: sqlite3.Connection, _record: object) -> None:
    """What SQL Server has, and repositories call by its name there."""
    connection.create_function("datalength", 1, lambda value: None if value is None else len(value))


def engine_of(server: Server, snapshot_reads: snapshots.SnapshotReads | None = None) -> Engine:
    """The app's own engine for SQL Server over the double's driver."""
    engine = _engine_of(server, snapshot_reads)
    share_statements(engine, _first_engine())
    event.listen(engine, "begin", _say_how_to_begin, insert=True)
    event.listen(engine, "before_execute", _hand_over)
    event.listen(engine, "before_cursor_execute", _say_what_returns)
    return engine


def _engine_of(server: Server, snapshot_reads: snapshots.SnapshotReads | None = None) -> Engine:
    def connect() -> Any:  # noqa: ANN401  as much of DB-API's connection as is used
        server.connected += 1
        return driver.Connection(Session(server))

    return pooled_engine(connect, driver.Module(), snapshot_reads=snapshot_reads)


@cache
def _first_engine() -> Engine:
    """The one whose dialect and compiled statements all others use."""
    engine = _engine_of(Server(Database.connect("sqlite:///never-opened.sqlite")))
    engine.raw_connection().close()  # The dialect reads the server's version when it connects.
    engine.dispose()
    return engine


def _session(connection: SqlConnection) -> Session:
    session: Session = connection.connection.dbapi_connection.session  # type: ignore[union-attr]
    return session


def _say_how_to_begin(connection: SqlConnection) -> None:
    _session(connection).begins = connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")


def _hand_over(connection: SqlConnection, statement: Executable, many: object, one: object, _options: object) -> None:
    _session(connection).pending = Pending(statement, many or one or None)


def _say_what_returns(
    connection: SqlConnection, _cursor: object, _text: str, _values: object, context: ExecutionContext, _many: bool
) -> None:
    pending = _session(connection).pending
    compiled = getattr(context, "compiled", None)
    if pending is not None and compiled is not None and context.isinsert:
        pending.returned = [column.name for column in compiled.effective_returning or ()]
