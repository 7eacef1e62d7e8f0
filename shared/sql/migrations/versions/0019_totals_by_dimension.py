"""Totals know their line items and, for a tag, its name; one total may stand for many values: “all others”."""

from alembic import op
from sqlalchemy import Column, Integer, Unicode

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the columns. Earlier scans keep the totals that they have; a re-pull computes the new ones."""
    op.add_column("cost_totals", Column("tag_name", Unicode(512)))
    op.add_column("cost_totals", Column("line_items", Integer, nullable=False, server_default="0"))
    op.add_column("cost_totals", Column("value_count", Integer, nullable=False, server_default="1"))
