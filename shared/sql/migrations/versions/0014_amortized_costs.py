"""Amortized costs of the subscriptions that show commitments, beside the actual costs."""

from alembic import op
from sqlalchemy import BigInteger, Column, Date, Integer, Numeric, String, Unicode

from shared.sql.migrations import is_left_out, protect_rows

revision = "0014"
down_revision = "0013"

IdentityKey = BigInteger().with_variant(Integer, "sqlite")
Money = Numeric(38, 24).with_variant(String(64), "sqlite")


def upgrade() -> None:
    """Create the table, compressed like that of the actual costs."""
    op.create_table(
        "amortized_costs",
        Column("row_id", IdentityKey, primary_key=True, autoincrement=False),
        Column("tenant_id", String(36), nullable=False),
        Column("scan_id", String(36), nullable=False),
        Column("sub_account_id", String(36), nullable=False),
        Column("charge_period_start", Date, nullable=False),
        Column("effective_cost", Money, nullable=False),
        Column("billing_currency", String(3), nullable=False),
        Column("resource_id", Unicode(1024)),
        Column("resource_group", Unicode(90)),
        Column("region_id", Unicode(90)),
        Column("service_name", Unicode(200), nullable=False),
        Column("meter_subcategory", Unicode(200)),
        Column("meter_name", Unicode(200)),
        Column("charge_type", Unicode(60)),
        Column("charge_category", String(20)),
        Column("charge_frequency", String(20)),
        Column("pricing_category", String(20)),
        Column("commitment_discount_type", String(20)),
        Column("publisher", Unicode(200)),
        Column("consumed_quantity", Money),
    )
    protect_rows("amortized_costs")
    if op.get_context().dialect.name == "mssql" and not is_left_out("page-compression"):
        op.execute("ALTER TABLE dbo.amortized_costs REBUILD WITH (DATA_COMPRESSION = PAGE)")
