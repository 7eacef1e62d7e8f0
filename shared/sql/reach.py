"""Whether the database answers."""

from sqlalchemy import select

from shared.sql.engine.engine import Database
from shared.sql.schema.tables import scans


def reach(database: Database) -> None:
    """Asks for nothing of a table that has to be there; raises what the driver raises."""
    with database.system_transaction() as connection:
        connection.execute(select(scans.c.scan_id).where(scans.c.scan_id == "")).all()
