"""Alembic's entry: migrates the connection that upgrade_if_behind hands over, or writes T-SQL without one."""

from typing import Any

from alembic import context

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
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    context.run_migrations()


run()
