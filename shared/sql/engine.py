"""The database: connections, transactions bound to a tenant, migration."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from sqlalchemy import Connection, Dialect, Engine, QueuePool, create_engine, event, make_url, text

from shared.core.errors import ConfigurationError
from shared.sql.types import ExactSum, exact_sum

__all__ = ["Database", "exact_sum"]

BUSY_TIMEOUT_SECONDS = 60
"""How long a writer waits in SQLite's queue for the writers before it."""

SQLITE_PAGE_BYTES = 16_384
"""Cost rows have some 400 bytes; larger pages split less often than SQLite's 4,096."""

_READS_ONLY = {"sqlite_begin": "BEGIN"}


class Database:
    """One engine with its pool; safe to share between threads.

    A tenant's data is reached through `transaction` and `reading` alone. SQL Server
    learns whose data a connection may touch from them, before the first statement.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**_READS_ONLY)

    @classmethod
    def connect(cls, url: str) -> Self:
        """A database that connects at its first use. SQLite has to be a file: threads share it."""
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return cls(_sql_server(url))
        if parsed.database in (None, "", ":memory:"):
            raise ConfigurationError("SQL_URL: SQLite needs a file, such as sqlite:///caleta.db")
        return cls(_sqlite(url))

    @property
    def dialect(self) -> Dialect:
        return self._engine.dialect

    @contextmanager
    def transaction(self, tenant_id: str) -> Iterator[Connection]:
        """Reads and writes of one tenant's data: all or nothing. Writers queue; see BUSY_TIMEOUT_SECONDS."""
        with self._engine.begin() as connection:
            _bind(connection, tenant_id)
            yield connection

    @contextmanager
    def reading(self, tenant_id: str) -> Iterator[Connection]:
        """Reads of one tenant's data, from one snapshot on SQLite; writers do not wait for it."""
        with self._reader.begin() as connection:
            _bind(connection, tenant_id)
            yield connection

    @contextmanager
    def system_transaction(self) -> Iterator[Connection]:
        """For what has no tenant or concerns them all: the sweeper, the purge's list, dead letters, migration."""
        with self._engine.begin() as connection:
            _bind(connection, None)
            yield connection

    def migrate(self, leave_out: frozenset[str] = frozenset()) -> None:
        """Brings the schema up to date; quick when it is, and safe when several processes begin at once.

        `leave_out` names what a server that is not Azure's cannot do: see migrations.is_left_out.
        """
        from shared.sql.migrations import upgrade_if_behind

        with self.system_transaction() as connection:
            upgrade_if_behind(connection, leave_out)

    def dispose(self) -> None:
        """Closes the pooled connections."""
        self._engine.dispose()


def _bind(connection: Connection, tenant_id: str | None) -> None:
    """Tells SQL Server whose rows this transaction may see. A pooled connection keeps the last value."""
    if connection.dialect.name == "mssql":
        statement = "EXEC sp_set_session_context @key = N'tenant_id', @value = :tenant_id"
        connection.execute(text(statement), {"tenant_id": tenant_id})


def _sql_server(url: str) -> Engine:
    # Error texts would quote parameters: customer data and encrypted tokens.
    return create_engine(
        url, fast_executemany=True, pool_pre_ping=True, isolation_level="READ COMMITTED", hide_parameters=True
    )


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=32,
        pool_timeout=BUSY_TIMEOUT_SECONDS,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False, "isolation_level": None},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Write-ahead log: readers and one writer at once. NORMAL may lose the last commits when power
    fails, never when a process dies."""
    connection.execute(f"PRAGMA page_size = {SQLITE_PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    # typeshed wants a finalize that never returns None, which SQLite itself allows.
    connection.create_aggregate("exact_sum", 1, ExactSum)  # type: ignore[arg-type]


def _begin_sqlite(connection: Connection) -> None:
    """Takes the write lock at the beginning: a transaction that upgrades from reading to writing
    fails at once with "database is locked" instead of waiting."""
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE"))
