"""Sums of the charges by kind, month and service, in the actual and the amortized view."""

from alembic import op
from sqlalchemy import BigInteger, Column, Date, Integer, Numeric, String, Unicode

from shared.sql.migrations import protect_rows

revision = "0017"
down_revision = "0016"

IdentityKey = BigInteger().with_variant(Integer, "sqlite")
Money = Numeric(38, 24).with_variant(String(64), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "charge_totals",
        Column("total_id", IdentityKey, primary_key=True, autoincrement=True),
        Column("tenant_id", String(36), nullable=False),
        Column("scan_id", String(36), nullable=False),
        Column("cost_view", String(10), nullable=False),
        Column("billing_currency", String(3), nullable=False),
        Column("charge_period_start", Date, nullable=False),
        Column("service_name", Unicode(200), nullable=False),
        Column("charge_type", Unicode(60)),
        Column("pricing_category", String(20)),
        Column("commitment_discount_type", String(20)),
        Column("publisher", Unicode(200)),
        Column("cost", Money, nullable=False),
    )
    op.create_index("ix_charge_totals_tenant_id_scan_id", "charge_totals", ["tenant_id", "scan_id"])
    protect_rows("charge_totals")
