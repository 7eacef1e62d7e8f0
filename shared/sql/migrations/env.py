"""Alembic's entry: migrates the connection that upgrade_if_behind hands over, or writes T-SQL without one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import Connection, event

from shared.sql.migrations.tsql_ddl import spelled_out
from shared.sql.schema.tables import metadata

AZURE_SQL_VERSION = (12, 0, 2000, 8)
"""What Azure SQL Database says of itself; without a version SQLAlchemy writes types of 2005."""


def run() -> None:
    """Runs the pending versions within the connection's own transaction."""
    if context.is_offline_mode():
        from shared.sql.engine.collation import compare_sign_by_sign

        context.configure(dialect_name="mssql", target_metadata=metadata)
        dialect: Any = context.get_context().dialect
        dialect.server_version_info = AZURE_SQL_VERSION
        dialect._setup_version_attributes()  # noqa: SLF001  what a connection would do
        compare_sign_by_sign(dialect)
        with context.begin_transaction():
            context.run_migrations()
        return
    connection: Connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata)
    with _spelled_out(connection):
        context.run_migrations()


@contextmanager
def _spelled_out(connection: Connection) -> Iterator[None]:
    """Within the block SQL Server gets every statement as tsql_ddl writes it."""
    if connection.dialect.name != "mssql":
        yield
        return
    event.listen(connection, "before_cursor_execute", _spell_out, retval=True)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", _spell_out)


def _spell_out(
    _connection: Connection, _cursor: object, statement: str, parameters: object, _context: object, _many: bool
) -> tuple[str, object]:
    return spelled_out(statement), parameters


run()
