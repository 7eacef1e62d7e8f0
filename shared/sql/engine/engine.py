"""The database: connections, and transactions bound to a tenant."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sqlalchemy import Connection, Dialect, Engine, QueuePool, create_engine, event, make_url

from shared.core.clock import Clock, SystemClock
from shared.core.errors import ConfigurationError
from shared.sql.engine.page_reading import current_page
from shared.sql.engine.retries import commit, repeated
from shared.sql.engine.session_context import STATEMENT_SECONDS_OPTION, SYSTEM_OPTION, TENANT_OPTION, bind
from shared.sql.engine.snapshots import SnapshotReads, allow_snapshots
from shared.sql.engine.sql_server import limit_cores, sql_server_engine
from shared.sql.engine.types import ExactSum, exact_sum

if TYPE_CHECKING:
    from shared.sql.engine.sql_server import Identity

__all__ = ["Database", "exact_sum"]

T = TypeVar("T")

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

    def __init__(
        self,
        engine: Engine,
        clock: Clock | None = None,
        readers: Engine | None = None,
        snapshot_reads: SnapshotReads | None = None,
    ) -> None:
        """`readers` serves what only reads, with `snapshot_reads` set up on it; without it one engine serves all."""
        self._engine = engine
        self._readers = readers or engine
        self._snapshot_reads = snapshot_reads or SnapshotReads()
        self._clock = clock or SystemClock()

    @classmethod
    def connect(cls, url: str, identity: "Identity | None" = None, clock: Clock | None = None) -> Self:
        """A database that connects at its first use. SQLite has to be a file: threads share it.

        `identity` gives the tokens where the URL of a SQL Server names no login.
        """
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            reads = SnapshotReads()
            readers = sql_server_engine(parsed, identity, reads)
            return cls(sql_server_engine(parsed, identity), clock, readers, reads)
        if parsed.database in (None, "", ":memory:"):
            raise ConfigurationError("SQL_URL: SQLite needs a file, such as sqlite:///caleta.db")
        return cls(_sqlite(url), clock)

    @property
    def dialect(self) -> Dialect:
        return self._engine.dialect

    @contextmanager
    def transaction(self, tenant_id: str) -> Iterator[Connection]:
        """Reads and writes of one tenant's data: all or nothing. Writers queue; see BUSY_TIMEOUT_SECONDS."""
        with self._writing({TENANT_OPTION: tenant_id}) as connection:
            yield connection

    @contextmanager
    def reading(self, tenant_id: str) -> Iterator[Connection]:
        """Reads of one tenant's data, all of one moment; writers do not wait for it."""
        with self._reading({TENANT_OPTION: tenant_id, **_READS_ONLY}) as connection:
            yield connection

    @contextmanager
    def system_transaction(self) -> Iterator[Connection]:
        """For what has no tenant or concerns them all: leases of the dead, dead letters, migration."""
        with self._writing({SYSTEM_OPTION: True}) as connection:
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """As system_transaction, for statements that may take long: without a time limit of their own."""
        with self.begun({SYSTEM_OPTION: True, STATEMENT_SECONDS_OPTION: 0}) as connection:
            yield connection

    @contextmanager
    def system_reading(self) -> Iterator[Connection]:
        """Reads of all customers' data, all of one moment, for operators and programs; writers do not wait for it."""
        with self._reading({SYSTEM_OPTION: True, **_READS_ONLY}) as connection:
            yield connection

    def _reading(self, options: Mapping[str, object]) -> AbstractContextManager[Connection]:
        """A transaction that only reads: on a page all of them are one, see page_reading.py."""
        page = current_page()
        return page.read(self, options) if page else self.begun(options)

    @contextmanager
    def _writing(self, options: Mapping[str, object]) -> Iterator[Connection]:
        page = current_page()
        if page:
            page.end()
        with self.begun(options) as connection:
            yield connection

    @contextmanager
    def begun(self, options: Mapping[str, Any]) -> Iterator[Connection]:
        """A transaction for what the options say. Callers want one of the methods above."""
        engine = self._readers if options.keys() >= _READS_ONLY.keys() else self._engine
        with engine.connect() as connection, connection.execution_options(**options).begin() as begun:
            yield connection
            commit(begun)

    def continued(self, connection: Connection, options: Mapping[str, Any]) -> None:
        """Go on in an open transaction that only reads, for whom these options say."""
        connection.execution_options(**{TENANT_OPTION: None, SYSTEM_OPTION: None, **options})
        if self.dialect.name == "mssql":
            bind(connection)

    def repeat(self, work: Callable[[], T]) -> T:
        """Run a whole transaction; repeat it after a transient SQL Server error (see retries.py)."""
        return repeated(work, self._clock.sleep)

    @property
    def lacks_snapshots(self) -> bool:
        """Whether a read has found that the database does not allow SNAPSHOT isolation."""
        return self._snapshot_reads.is_missing

    def allow_snapshots(self) -> None:
        """Allow reads of one moment on SQL Server; SQLite has them anyway. See snapshots.py."""
        if self.dialect.name == "mssql":
            allow_snapshots(self._engine)

    def limit_cores(self) -> None:
        """Run each query on one core on SQL Server. See sql_server.py."""
        if self.dialect.name == "mssql":
            limit_cores(self._engine)

    def dispose(self) -> None:
        """Closes the pooled connections."""
        self._engine.dispose()
        self._readers.dispose()


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
    fails, never when a process dies. What is deleted is overwritten with zeros: no raw page keeps it.

    https://www.sqlite.org/pragma.html#pragma_secure_delete
    """
    connection.execute(f"PRAGMA page_size = {SQLITE_PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")
    # typeshed wants a finalize that never returns None, which SQLite itself allows.
    connection.create_aggregate("exact_sum", 1, ExactSum)  # type: ignore[arg-type]


def _begin_sqlite(connection: Connection) -> None:
    """Takes the write lock at the beginning: a transaction that upgrades from reading to writing
    fails at once with "database is locked" instead of waiting."""
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE"))
