"""The decision before the last one, so that a customer can undo it."""

from alembic import op
from sqlalchemy import Column, UnicodeText

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the column; decisions made before have nothing to undo."""
    op.add_column("finding_states", Column("previous_json", UnicodeText))
