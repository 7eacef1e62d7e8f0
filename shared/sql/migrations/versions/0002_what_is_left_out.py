"""What a scan leaves out: rows set aside, other tenants' subscriptions, states; and a confirmed mail address."""

from alembic import op
from sqlalchemy import Column, Integer, Unicode, UnicodeText

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; rows from before have nothing left out."""
    op.add_column("connections", Column("mail_address", Unicode(320)))
    op.add_column("scans", Column("left_out_json", UnicodeText))
    op.add_column("steps", Column("subscription_state", Unicode(40), nullable=False, server_default=""))
    op.add_column("steps", Column("rows_set_aside", Integer, nullable=False, server_default="0"))
    op.add_column("steps", Column("set_aside_json", UnicodeText))
