"""Databases of a test run's own, on the server of TEST_SQL_URL.

The repositories' tests share one, which is emptied before each of them; every app that a
flow or crash test starts has one, as it has a data folder: two run at once. Making one costs
seconds, emptying it a tenth of one. All are dropped at the end of the run, and the next
run drops what a killed one left. A login that may make no databases works in the one that
the URL names: it should be there for nothing else.
"""

import os
import sys
import uuid
from functools import cache

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from shared.core.errors import ConfigurationError
from shared.sql.engine.append_only import PROCEDURE
from shared.sql.engine.engine import Database
from shared.sql.migrate import migrate
from shared.sql.migrations import FEATURES, features

PREFIX = "caleta_tests_"
REPOSITORIES = "repositories"
LEFT_BY_OTHERS = "SELECT name FROM sys.databases WHERE name LIKE ? AND create_date < DATEADD(day, -1, GETUTCDATE())"
PROBE = "dbo.caleta_probe"
MAKE_PROBE = f"CREATE TABLE {PROBE} (tenant_id varchar(36) NOT NULL)"
MAKE_PREDICATE = """
CREATE FUNCTION dbo.is_probe_row (@tenant_id varchar(36)) RETURNS TABLE WITH SCHEMABINDING AS
RETURN SELECT 1 AS is_own WHERE @tenant_id = CAST(SESSION_CONTEXT(N'tenant_id') AS varchar(36))
"""
PROBES = {
    "deny": (f"DENY UPDATE, DELETE ON OBJECT::{PROBE} TO public",),
    "rls": (
        MAKE_PREDICATE,
        f"CREATE SECURITY POLICY dbo.probe_rows ADD FILTER PREDICATE dbo.is_probe_row(tenant_id) ON {PROBE}",
    ),
    "page-compression": (f"ALTER TABLE {PROBE} REBUILD WITH (DATA_COMPRESSION = PAGE)",),
}
"""By feature, what only a server that has it can do; no one commits it."""

_made: dict[str, str] = {}


def server_url() -> str:
    """The server's URL as it was given."""
    return os.environ["TEST_SQL_URL"]


def url_for(place: str) -> str:
    """The URL of the database of this place, made at the first call."""
    if place not in _made:
        _made[place] = _create()
    name, url = _made[place], make_url(server_url())
    return url.set(database=name).render_as_string(hide_password=False) if name else server_url()


def environment_for(place: str) -> dict[str, str]:
    """The settings with which an app, or the migration, uses that database."""
    database = Database.connect(url_for(place))
    prepare(database)
    database.dispose()
    return {"SQL_URL": url_for(place), "SQL_LEAVE_OUT": ",".join(sorted(left_out()))}


def prepare(database: Database, now: str = "9999-01-01") -> None:
    """Migrate, and let the activity log's procedure count an entry's age from this moment: tests inject their time."""
    migrate(database, left_out())
    with database.system_transaction() as connection:
        connection.exec_driver_sql("DROP PROCEDURE dbo.delete_audit_events")
        connection.exec_driver_sql(PROCEDURE.replace("SYSUTCDATETIME()", f"CAST('{now}' AS datetime2(6))"))


def drop_all() -> None:
    """Drops what was made."""
    for name in filter(None, _made.values()):
        _on_server(f"ALTER DATABASE {name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE")
        _on_server(f"DROP DATABASE {name}")
    _made.clear()


@cache
def left_out() -> frozenset[str]:
    """What TEST_SQL_LEAVE_OUT says; where it says nothing, what the server turns out not to know."""
    if "TEST_SQL_LEAVE_OUT" in os.environ:
        return features(os.environ["TEST_SQL_LEAVE_OUT"])
    database = Database.connect(url_for(REPOSITORIES))
    try:
        return frozenset(feature for feature in FEATURES if not knows(database, feature))
    finally:
        database.dispose()


def knows(database: Database, feature: str) -> bool:
    """Whether the server can do it, tried on a database without tables."""
    try:
        settings = {"snapshot": database.allow_snapshots, "maxdop": database.limit_cores}
        if feature in settings:
            settings[feature]()
            return True
        with database._engine.connect() as connection:
            for statement in (MAKE_PROBE, *PROBES[feature]):
                connection.exec_driver_sql(statement)
    except (DBAPIError, ConfigurationError):
        return False
    return True


def _create() -> str:
    """The new database's name; empty where none may be made."""
    _drop_what_others_left()
    name = f"{PREFIX}{uuid.uuid4().hex[:12]}"
    if "odbc_connect" in make_url(server_url()).query or not _on_server(f"CREATE DATABASE {name}"):
        sys.stderr.write("No database could be made on the server: the tests use the one that TEST_SQL_URL names.\n")
        return ""
    return name


@cache
def _drop_what_others_left() -> None:
    database = Database.connect(server_url())
    with database.system_transaction() as connection:
        names = [*connection.exec_driver_sql(LEFT_BY_OTHERS, (f"{PREFIX}%",)).scalars()]
    database.dispose()
    for name in names:
        _on_server(f"DROP DATABASE {name}")


def _on_server(statement: str) -> bool:
    """Outside of any transaction; whether it was done."""
    database = Database.connect(server_url())
    try:
        with database._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statement)
    except DBAPIError:
        return False
    finally:
        database.dispose()
    return True
