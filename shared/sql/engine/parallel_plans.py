"""One core for each query: row security reads the session context, which parallel plans may read wrongly.

Microsoft documents wrong results of SESSION_CONTEXT in parallel plans when sessions are reset, which a pool does.
Our queries are of one customer's scan and small enough for one core.
https://learn.microsoft.com/sql/t-sql/functions/session-context-transact-sql#known-issues
https://learn.microsoft.com/sql/t-sql/statements/alter-database-scoped-configuration-transact-sql
"""

from sqlalchemy import Engine

CORES = 1
STATE = "SELECT value FROM sys.database_scoped_configurations WHERE name = N'MAXDOP'"
LIMIT = f"ALTER DATABASE SCOPED CONFIGURATION SET MAXDOP = {CORES}"


def forbid_parallel_plans(engine: Engine) -> None:
    """Limit the database to one core for each query, if it is not already."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.exec_driver_sql(STATE).scalar() != CORES:
            connection.exec_driver_sql(LIMIT)
