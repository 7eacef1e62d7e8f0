"""Schema changes, in order; each version is a file named by its number."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

LOCATION = Path(__file__).parent
VERSION_TABLE = "alembic_version"


def newest_version() -> str:
    """The number of the last file in versions/; found without importing Alembic."""
    return max(path.name.partition("_")[0] for path in LOCATION.glob("versions/[0-9]*.py"))


def current_version(connection: Connection) -> str | None:
    """What the database says it has; None when it is new."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608  a constant


def upgrade_if_behind(connection: Connection, leave_out: frozenset[str] = frozenset()) -> None:
    """Applies what is missing, within the caller's transaction; without what the server is said not to know."""
    _wait_for_other_migrations(connection)
    if current_version(connection) != newest_version():
        _upgrade(connection, leave_out)


def is_left_out(feature: str) -> bool:
    """Whether a migration is to do without this: `deny` for permissions. Only a server that is not Azure's needs it."""
    from alembic import context

    return feature in context.config.attributes["leave_out"]


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
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(LOCATION).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["leave_out"] = leave_out
    command.upgrade(config, "head")
