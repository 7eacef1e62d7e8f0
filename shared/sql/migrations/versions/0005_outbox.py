"""The outbox: mails to be sent, and what became of them."""

from alembic import op
from sqlalchemy import Column, Index, Integer, String, Unicode, UniqueConstraint

from shared.sql.engine.types import UtcDateTime

revision = "0005"
down_revision = "0004"

IDENTIFIER = String(36)


def upgrade() -> None:
    """Creates the table."""
    op.create_table(
        "outbox",
        Column("mail_id", IDENTIFIER, primary_key=True),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("kind", String(40), nullable=False),
        Column("recipient", Unicode(320), nullable=False),
        Column("state", String(20), nullable=False),
        Column("code", Unicode(120)),
        Column("attempt", Integer, nullable=False),
        Column("not_before", UtcDateTime),
        Column("changed_at", UtcDateTime, nullable=False),
        UniqueConstraint("tenant_id", "scan_id", "kind"),
        Index("ix_outbox_state_changed_at", "state", "changed_at"),
    )
