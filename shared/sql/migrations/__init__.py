"""Schema changes, in order: each version is a file named by its number.

The first version holds the whole schema of the first release; what was tried before it was squashed into it. From
that release on no version is edited, removed or squashed, because deployed databases have run it: a change is always
a new file, and works beside the code that is still running. Versions go forward only.
"""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from shared.core.errors import ConfigurationError
from shared.sql.engine.row_security import extend_policy
from shared.sql.engine.session_context import FOR_SYSTEM
from shared.sql.migrations.tsql_ddl import spelled_out

if TYPE_CHECKING:
    from alembic.config import Config

LOCATION = Path(__file__).parent
VERSION_TABLE = "alembic_version"

PREAMBLE = f"SET XACT_ABORT ON;\nSET QUOTED_IDENTIFIER ON;\n\nGO\n\n{FOR_SYSTEM}\n\nGO\n\n"
"""Before a script that is run by hand: an error ends the transaction, and row security shows every row.

sqlcmd switches QUOTED_IDENTIFIER off, and then no index with a condition can be created, nor a row changed in its
table. https://learn.microsoft.com/sql/t-sql/statements/set-quoted-identifier-transact-sql
"""

FEATURES = {
    "deny": "permissions that make the activity log append-only",
    "rls": "row-level security",
    "page-compression": "compressed tables",
    "snapshot": "reads that see one moment of the database",
    "maxdop": "the limit of one core for each query",
}
"""What a server that is not Azure's may lack; SQL_LEAVE_OUT holds these words, separated by commas."""


def newest_version() -> str:
    """The number of the last file in versions/; found without importing Alembic."""
    return max(path.name.partition("_")[0] for path in LOCATION.glob("versions/[0-9]*.py"))


def current_version(connection: Connection) -> str | None:
    """What the database says it has; None when it is new."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608  a constant


def features(words: str) -> frozenset[str]:
    """The words of SQL_LEAVE_OUT; raises ConfigurationError for one that nothing answers to."""
    given = frozenset(word.strip() for word in words.split(",") if word.strip())
    if given - FEATURES.keys():
        raise ConfigurationError(f"SQL_LEAVE_OUT may hold {', '.join(FEATURES)}, separated by commas")
    return given


def upgrade_if_behind(connection: Connection, leave_out: frozenset[str] = frozenset()) -> None:
    """Apply the missing versions within the caller's transaction, without the FEATURES in `leave_out`.

    Raises ConfigurationError if the database has a version that this package does not know.
    """
    _wait_for_other_migrations(connection)
    current, newest = current_version(connection), newest_version()
    if current is not None and current > newest:
        raise ConfigurationError(
            f"the database has schema version {current}; the newest that this package knows is {newest}: "
            "use a later package, or a new database"
        )
    if current != newest:
        _upgrade(connection, leave_out)


def script(leave_out: frozenset[str] = frozenset()) -> str:
    """The T-SQL of all versions, to be read before it is run, with `sqlcmd -b`; needs no server."""
    from alembic import command

    written = io.StringIO()
    config = _config(leave_out)
    config.output_buffer = written
    command.upgrade(config, "head", sql=True)
    return PREAMBLE + spelled_out(written.getvalue())


def is_left_out(feature: str) -> bool:
    """Whether a migration is to do without one of FEATURES. Only a server that is not Azure's needs it."""
    from alembic import context

    return feature in context.config.attributes["leave_out"]


def protect_rows(*tables: str) -> None:
    """Puts new tables with a `tenant_id` under the row security policy: within the migration that creates them."""
    from alembic import op

    if op.get_context().dialect.name == "mssql" and not is_left_out("rls"):
        op.execute(extend_policy(tables))


def _wait_for_other_migrations(connection: Connection) -> None:
    """SQLite's writer lock is enough; SQL Server takes an application lock until the transaction ends."""
    if connection.dialect.name == "mssql":
        connection.execute(
            text(
                "DECLARE @result int; EXEC @result = sp_getapplock @Resource = N'caleta-migration', "
                "@LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 120000; "
                "IF @result < 0 THROW 50001, N'another migration is still running', 1;"
            )
        )


def _upgrade(connection: Connection, leave_out: frozenset[str]) -> None:
    from alembic import command

    config = _config(leave_out)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config(leave_out: frozenset[str]) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(LOCATION).replace("%", "%%"))
    config.attributes["leave_out"] = leave_out
    return config
