"""The savings ledger, and when the findings of a review were deleted. Reviews published before it enter it with the
next publication."""

from alembic import op
from sqlalchemy import Column, Date, DateTime, String, Unicode, UnicodeText, UniqueConstraint
from sqlalchemy.dialects.mssql import DATETIME2

from shared.sql.migrations import protect_rows

revision = "0012"
down_revision = "0011"

IDENTIFIER = String(36)
RESOURCE_ID = Unicode(1024)
UtcDateTime = DateTime().with_variant(DATETIME2(6), "mssql")  # type: ignore[no-untyped-call]


def upgrade() -> None:
    """Add the table and the column."""
    op.add_column("reviews", Column("findings_deleted_at", UtcDateTime))
    op.create_table(
        "finding_ledger",
        Column("ledger_id", IDENTIFIER, primary_key=True),
        Column("tenant_id", IDENTIFIER, nullable=False),
        Column("finding_key", Unicode(120), nullable=False),
        Column("resource_key", String(64), nullable=False),
        Column("title", Unicode(300), nullable=False),
        Column("measure", String(20), nullable=False),
        Column("resource_id", RESOURCE_ID, nullable=False),
        Column("resource_name", Unicode(260), nullable=False),
        Column("resource_type", Unicode(200), nullable=False),
        Column("sub_account_id", IDENTIFIER, nullable=False),
        Column("resource_group", Unicode(90)),
        Column("first_scan_id", IDENTIFIER, nullable=False),
        Column("first_reported_at", UtcDateTime, nullable=False),
        Column("scan_id", IDENTIFIER, nullable=False),
        Column("observed_at", UtcDateTime, nullable=False),
        Column("fate", String(30), nullable=False),
        Column("fate_since", UtcDateTime, nullable=False),
        Column("first_month", Date, nullable=False),
        Column("open_until", Date, nullable=False),
        Column("estimated_json", UnicodeText, nullable=False),
        Column("last_estimated_json", UnicodeText, nullable=False),
        Column("returned_at", UtcDateTime),
        Column("moved_from", RESOURCE_ID),
        Column("months_json", UnicodeText, nullable=False),
        Column("realized_json", UnicodeText, nullable=False),
        Column("billed_since_json", UnicodeText, nullable=False),
        UniqueConstraint("tenant_id", "finding_key", "resource_key"),
    )
    protect_rows("finding_ledger")
