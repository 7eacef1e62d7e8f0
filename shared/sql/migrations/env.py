"""Alembic's entry: migrates the connection that upgrade_if_behind hands over."""

from alembic import context

from shared.sql.tables import metadata


def run() -> None:
    """Runs the pending versions within the connection's own transaction."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    context.run_migrations()


run()
