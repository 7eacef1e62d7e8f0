"""Consistent reads by SQL Server's SNAPSHOT isolation: all statements of a transaction see one moment.

Readers and writers do not block each other. Azure SQL allows it by default; on any other server the migration turns
it on once. Without it each statement sees its own moment, which is logged once and shown by /readyz.

The database is found by name: on Azure SQL, DB_ID() may differ from the id in sys.databases.
https://learn.microsoft.com/sql/t-sql/functions/db-id-transact-sql
https://learn.microsoft.com/sql/t-sql/statements/set-transaction-isolation-level-transact-sql
"""

import logging
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from shared.core.errors import ConfigurationError
from shared.observability.events import Event
from shared.observability.work_log import log_event

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

STATE = "SELECT snapshot_isolation_state FROM sys.databases WHERE name = DB_NAME()"
ALLOW = "ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON"
LEVEL = "SET TRANSACTION ISOLATION LEVEL SNAPSHOT"
ALLOWED = 1

log = logging.getLogger(__name__)


class SnapshotReads:
    """Sets the isolation level of connections that only read, and remembers whether the database allows it."""

    def __init__(self) -> None:
        self.is_missing = False

    def on_connect(self, connection: "DBAPIConnection", _record: object) -> None:
        """Prepare a new connection. The level changes only between transactions, hence the commits."""
        if _one_value(connection, STATE) == ALLOWED:
            cursor = connection.cursor()
            cursor.execute(LEVEL)
            cursor.close()
            connection.commit()
        elif not self.is_missing:
            self.is_missing = True
            log_event(log, Event.SNAPSHOT_MISSING, level=logging.WARNING)


def _one_value(connection: "DBAPIConnection", statement: str) -> object:
    cursor = connection.cursor()
    cursor.execute(statement)
    row = cursor.fetchone()
    cursor.close()
    connection.commit()
    return None if row is None else row[0]


def allow_snapshots(engine: Engine) -> None:
    """Tells the database to allow it, if it does not already; raises ConfigurationError where that is refused."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.exec_driver_sql(STATE).scalar() == ALLOWED:
            return
        try:
            connection.exec_driver_sql(ALLOW)
        except DBAPIError as error:
            raise ConfigurationError(
                f"the database does not allow snapshots: have its owner run `{ALLOW}`; "
                "SQL_LEAVE_OUT=snapshot is for a server that does not know them"
            ) from error
