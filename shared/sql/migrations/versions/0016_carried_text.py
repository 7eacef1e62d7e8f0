"""What a reviewer added to a finding's text in an earlier review, so that the next one can tell it from the rule's."""

from alembic import op
from sqlalchemy import Column, UnicodeText

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column."""
    op.add_column("findings", Column("carried_text", UnicodeText))
