"""Cost rows, stored narrow: a row holds its amounts, its month and the numbers of a resource and of a charge.

What many rows share stands once for each step in `cost_resources` and `cost_charges`. A number is the offset of the
first row of the step that has the value, so that it needs no counter, two steps never compete for one, and a
restarted step or a page saved twice comes to the same number. shared/sql/collected/cost_lines.py joins them again.
"""

from sqlalchemy import Column, Integer, String, Table, Unicode
from sqlalchemy.sql.schema import SchemaItem

from shared.sql.engine.types import Money, Month, TenantHash
from shared.sql.schema.metadata import IDENTIFIER, RESOURCE_ID, IdentityKey, metadata


def _tenant() -> Column[int]:
    """What row-level security reads; programs call it `tenant_id`."""
    return Column("tenant_hash", TenantHash, key="tenant_id", nullable=False)


def _cost_rows(name: str, amount: str) -> Table:
    """A table of cost rows; `amount` names its amount."""
    return Table(
        name,
        metadata,
        Column("row_id", IdentityKey, primary_key=True, autoincrement=False),
        _tenant(),
        Column("charge_period_start", Month, nullable=False),
        Column(amount, Money, nullable=False),
        Column("resource_number", Integer, nullable=False),
        Column("charge_number", Integer, nullable=False),
        Column("consumed_quantity", Money),
    )


def _dimension(name: str, *columns: SchemaItem) -> Table:
    """A table of what cost rows share. `row_id` is that of the first row that has the value."""
    return Table(
        name,
        metadata,
        Column("row_id", IdentityKey, primary_key=True, autoincrement=False),
        _tenant(),
        Column("scan_id", IDENTIFIER, nullable=False),
        *columns,
    )


costs = _cost_rows("costs", "billed_cost")
amortized_costs = _cost_rows("amortized_costs", "effective_cost")

cost_resources = _dimension(
    "cost_resources",
    Column("sub_account_id", IDENTIFIER, nullable=False),
    Column("resource_id", RESOURCE_ID),
    Column("resource_group", Unicode(90)),
    Column("region_id", Unicode(90)),
)

cost_charges = _dimension(
    "cost_charges",
    Column("billing_currency", String(3), nullable=False),
    Column("service_name", Unicode(200), nullable=False),
    Column("meter_subcategory", Unicode(200)),
    Column("meter_name", Unicode(200)),
    Column("charge_type", Unicode(60)),
    Column("charge_category", String(20)),
    Column("charge_frequency", String(20)),
    Column("pricing_category", String(20)),
    Column("commitment_discount_type", String(20)),
    Column("publisher", Unicode(200)),
)

COST_TABLES = (costs, amortized_costs)
"""The tables of cost rows; each shares the two dimension tables."""

COST_DIMENSIONS = {"resource_number": cost_resources, "charge_number": cost_charges}
"""The dimension table behind each number of a cost row."""
