"""Connections to Azure SQL by Microsoft's ODBC driver: token or, elsewhere, login; a pool that outlives failovers.

https://learn.microsoft.com/sql/connect/odbc/using-azure-active-directory
"""

import struct
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    URL,
    BindParameter,
    Connection,
    Dialect,
    Engine,
    Executable,
    Insert,
    Null,
    Update,
    create_engine,
    event,
    null,
)
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.sql.visitors import replacement_traverse

from shared.core.errors import ConfigurationError
from shared.own_identity import token_of
from shared.sql.engine.bulk_insert import execute_many
from shared.sql.engine.json_rows import JsonCapability
from shared.sql.engine.session_context import bind
from shared.sql.engine.snapshots import SnapshotReads
from shared.sql.engine.sql_faults import leaves_connections_sound, passing_fault

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

    Identity = Callable[[], TokenCredential]

Row = Mapping[str, Any]
Rows = Sequence[Row]

DRIVER = "ODBC Driver 18 for SQL Server"
TOKEN_SCOPE = "https://database.windows.net/.default"  # noqa: S105  a scope
SQL_COPT_SS_ACCESS_TOKEN = 1256

CORES = 1
CORES_NOW = "SELECT value FROM sys.database_scoped_configurations WHERE name = N'MAXDOP'"
LIMIT_CORES = f"ALTER DATABASE SCOPED CONFIGURATION SET MAXDOP = {CORES}"
"""One core for each query: row security reads the session context, and Microsoft documents wrong results of
SESSION_CONTEXT in parallel plans when sessions are reset, which a pool does.
https://learn.microsoft.com/sql/t-sql/functions/session-context-transact-sql#known-issues
"""

LOGIN_SECONDS = 30
LOCK_MILLISECONDS = 30_000
RECYCLE_SECONDS = 1_500
"""Azure's gateway ends what was idle for 30 minutes."""

IDLE_SECONDS = 30.0
"""A connection that was idle for longer is tried before it is used."""

USED_AT = "used_at"

DEFAULTS = {
    "Encrypt": "yes",
    "TrustServerCertificate": "no",
    "ConnectRetryCount": "0",
    "APP": "CaletaCostReview",
}
"""The driver would reconnect silently: the session context and the transaction would be lost."""


def sql_server_engine(url: URL, identity: "Identity | None", snapshot_reads: SnapshotReads | None = None) -> Engine:
    """An engine that connects at its first use. A URL without a login needs the identity."""
    import pyodbc  # it needs the ODBC driver manager, which only SQL Server is reached by

    pyodbc.pooling = False  # One pool is enough, and the driver manager's would not know whose token it was.
    if url.username is None and "odbc_connect" not in url.query and identity is None:
        raise ConfigurationError("SQL_URL names no login, and there is no identity to log in by")
    text = connection_string(url)

    def connect() -> "DBAPIConnection":
        by_token = token_attributes(identity) if identity is not None and url.username is None else {}
        made: DBAPIConnection = pyodbc.connect(text, timeout=LOGIN_SECONDS, attrs_before=by_token)
        return made

    return pooled_engine(connect, snapshot_reads=snapshot_reads)


def pooled_engine(
    connect: "Callable[[], DBAPIConnection]", driver: object = None, *, snapshot_reads: SnapshotReads | None = None
) -> Engine:
    """The engine over what `connect` gives; `driver` is another module than pyodbc, for tests.

    What only reads has connections of its own, each in a transaction of one moment: to change
    a connection's isolation to and fro would cost two round trips for each reading. Error
    texts would quote parameters: customers' data and tokens.
    """
    from shared.sql.engine.collation import compare_sign_by_sign  # loads all of the dialect

    engine = create_engine(
        "mssql+pyodbc://",
        creator=connect,
        fast_executemany=True,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        ignore_no_transaction_on_rollback=True,
        pool_size=10,
        max_overflow=10,
        pool_timeout=LOGIN_SECONDS,
        pool_recycle=RECYCLE_SECONDS,
        pool_use_lifo=True,
        module=driver,
    )
    compare_sign_by_sign(engine.dialect)
    event.listen(engine, "connect", _prepare)
    if snapshot_reads is not None:
        event.listen(engine, "connect", snapshot_reads.on_connect)
    else:
        event.listen(engine, "connect", JsonCapability(engine.dialect).on_connect)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _idle_check(engine.dialect))
    event.listen(engine, "before_execute", _write_nulls, retval=True)
    event.listen(engine, "begin", bind)
    event.listen(engine, "do_executemany", execute_many)
    event.listen(engine, "handle_error", _never_reuse)
    return engine


def limit_cores(engine: Engine) -> None:
    """Limit the database to one core for each query, if it is not limited already."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.exec_driver_sql(CORES_NOW).scalar() != CORES:
            connection.exec_driver_sql(LIMIT_CORES)


def connection_string(url: URL) -> str:
    """The driver's words for the URL; the URL's options come before DEFAULTS. Holds the password, if there is one."""
    if "odbc_connect" in url.query:
        return str(url.query["odbc_connect"])
    given = {name: str(value) for name, value in url.query.items()}
    driver = given.pop("driver", DRIVER)
    server = f"tcp:{url.host or ''}" + (f",{url.port}" if url.port else "")
    words = {"DRIVER": driver, "SERVER": server, "DATABASE": url.database or ""}
    if url.username is not None:
        words |= {"UID": url.username, "PWD": str(url.password or "")}
    named = {name.lower() for name in given}
    rest = {name: value for name, value in DEFAULTS.items() if name.lower() not in named}
    return ";".join(f"{name}={_quoted(value)}" for name, value in {**words, **given, **rest}.items())


def token_attributes(identity: "Identity") -> Mapping[int, bytes]:
    """The token as the driver takes it before it connects: its length in bytes, then UTF-16."""
    token = token_of(identity(), TOKEN_SCOPE).encode("utf-16-le")
    return {SQL_COPT_SS_ACCESS_TOKEN: struct.pack(f"<I{len(token)}s", len(token), token)}


def _quoted(value: str) -> str:
    """Braces around what has characters of the connection string's own; a closing one is doubled."""
    return "{" + value.replace("}", "}}") + "}" if set(value) & set(";{}=()[]?*!@ ") else value


def _prepare(connection: "DBAPIConnection", _record: object) -> None:
    """Without this a lock is waited for without end."""
    cursor = connection.cursor()
    cursor.execute(f"SET LOCK_TIMEOUT {LOCK_MILLISECONDS}")
    cursor.close()


def _note_use(_connection: "DBAPIConnection | None", record: "ConnectionPoolEntry") -> None:
    record.info[USED_AT] = time.monotonic()


def _idle_check(dialect: Dialect) -> Callable[..., None]:
    """Return what asks the server whether it still knows a connection that was idle.

    One in steady use costs no request: if it breaks, its first statement fails and the whole transaction is repeated.
    """

    def check(connection: "DBAPIConnection", record: "ConnectionPoolEntry", _proxy: object) -> None:
        now = time.monotonic()
        if now - record.info.get(USED_AT, now) < IDLE_SECONDS:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise DisconnectionError("the connection broke while it was idle") from error

    return check


def _write_nulls(
    _connection: Connection, statement: Executable, many: Rows, one: Row, _options: object
) -> tuple[Executable, Rows, Row]:
    """Write NULL into the statement where a value is known to be None.

    For a parameter without a value the driver would ask the server for its type, in a request of its own.
    """
    if isinstance(statement, Insert) and one and not many:
        statement, one = statement.values(dict(one)), {}
    if isinstance(statement, Insert | Update) and not many and not one:
        written: Any = replacement_traverse(statement, {}, _null_for)
        return written, many, one
    return statement, many, one


def _null_for(element: object, **_: object) -> Null | None:
    if isinstance(element, BindParameter) and element.value is None and not element.required:
        return null()
    return None


def _never_reuse(context: ExceptionContext) -> None:
    """A connection on which the service failed is thrown away, and with it all that the pool holds.

    A throttled one is kept: connecting anew would add to the load.
    """
    error = context.original_exception
    if context.connection is not None and passing_fault(error) is not None and not leaves_connections_sound(error):
        context.is_disconnect = True
