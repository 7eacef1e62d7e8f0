"""The first saved stage of finishing a scan: its totals."""

from alembic import op
from sqlalchemy import Boolean, Column, false

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add it; a scan that is being finished computes its totals once more."""
    op.add_column("scans", Column("has_totals", Boolean, nullable=False, server_default=false()))
