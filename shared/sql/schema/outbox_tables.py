"""The table of the mails that were, or are to be, sent."""

from sqlalchemy import Column, Index, Integer, String, Table, Unicode, UniqueConstraint

from shared.sql.engine.types import UtcDateTime
from shared.sql.schema.metadata import IDENTIFIER, metadata, tenant_id_column

outbox = Table(
    "outbox",
    metadata,
    Column("mail_id", IDENTIFIER, primary_key=True),
    tenant_id_column(),
    Column("scan_id", IDENTIFIER, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("recipient", Unicode(320), nullable=False),
    Column("state", String(20), nullable=False),
    Column("code", Unicode(120)),
    Column("attempt", Integer, nullable=False),
    Column("not_before", UtcDateTime),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("tenant_id", "scan_id", "kind", "recipient"),  # No recipient gets the same email twice.
    Index("ix_outbox_state_changed_at", "state", "changed_at"),  # The sweep looks for what is not sent, every time.
)
"""What a mail says is made from its kind and its scan when it is sent: no text of it is kept.

A mail about a deletion has the receipt's number for a scan. Its row outlives the rest of the customer's and goes
once the mail has ended (shared/sql/ledgers/deletion_mails.py).
"""

OUTBOX_TABLES = (outbox,)
