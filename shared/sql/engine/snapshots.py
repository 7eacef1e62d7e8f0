"""Reading one moment of the database, by SQL Server's SNAPSHOT isolation: what several statements say fits together.

Writers neither wait for such a reader nor hold it up. Azure SQL allows it from the beginning;
any other database has to be told once, which the migration does. Where a server does not
know it, and the migration was told so, each statement sees its own moment.
https://learn.microsoft.com/sql/t-sql/statements/set-transaction-isolation-level-transact-sql
"""

from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from shared.core.errors import ConfigurationError

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

STATE = "SELECT snapshot_isolation_state FROM sys.databases WHERE database_id = DB_ID()"
ALLOW = "ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON"
LEVEL = "SET TRANSACTION ISOLATION LEVEL SNAPSHOT"
ALLOWED = 1


def read_one_moment(connection: "DBAPIConnection", _record: object) -> None:
    """Listens to new connections that only read. The level changes between transactions only: hence the commits."""
    cursor = connection.cursor()
    cursor.execute(STATE)
    found = cursor.fetchone()
    cursor.close()
    connection.commit()
    if found is not None and found[0] == ALLOWED:
        cursor = connection.cursor()
        cursor.execute(LEVEL)
        cursor.close()
        connection.commit()


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
