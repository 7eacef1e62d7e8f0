"""Cost rows by FOCUS names: charge and pricing category, commitment, publisher, quantity; several simpler queries.

Rows written before hold NULL, which is "not known". `steps.simplified` becomes a number; code that is still running
writes 0 and 1 into it, as before.
"""

from alembic import op
from sqlalchemy import Boolean, Column, Integer, Numeric, String, Unicode

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns. SQLite cannot change a column's type: there the table is copied."""
    op.add_column("costs", Column("charge_category", String(20)))
    op.add_column("costs", Column("charge_frequency", String(20)))
    op.add_column("costs", Column("pricing_category", String(20)))
    op.add_column("costs", Column("commitment_discount_type", String(20)))
    op.add_column("costs", Column("publisher", Unicode(200)))
    op.add_column("costs", Column("consumed_quantity", Numeric(38, 24).with_variant(String(64), "sqlite")))
    with op.batch_alter_table("steps", table_kwargs={"sqlite_autoincrement": True}) as steps:
        steps.alter_column("simplified", existing_type=Boolean(), type_=Integer(), existing_nullable=False)
