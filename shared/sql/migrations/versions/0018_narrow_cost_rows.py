"""Cost rows become narrow: what many share stands once for each step, in `cost_resources` and `cost_charges`.

Code that is still running cannot store cost rows any more; its steps are delivered again until the new code takes
them. Reading is not in its way: a report reads totals.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Numeric, String, Unicode
from sqlalchemy.types import TypeEngine

from shared.sql.migrations import is_left_out

revision = "0018"
down_revision = "0017"

STEP = 10_000_000_000
"""Row ids of one step."""

RESOURCE = ("sub_account_id", "resource_id", "resource_group", "region_id")
CHARGE = (
    *("billing_currency", "service_name", "meter_subcategory", "meter_name", "charge_type", "charge_category"),
    *("charge_frequency", "pricing_category", "commitment_discount_type", "publisher"),
)

PREDICATE = """
CREATE FUNCTION dbo.is_own_hash (@tenant_hash bigint) RETURNS TABLE WITH SCHEMABINDING AS
RETURN SELECT 1 AS is_own
WHERE @tenant_hash = CAST(SUBSTRING(HASHBYTES('SHA2_256', CAST(SESSION_CONTEXT(N'tenant_id') AS varchar(36))), 1, 8)
                          AS bigint)
   OR CAST(SESSION_CONTEXT(N'is_system') AS varchar(3)) = 'yes'
"""

COSTS = {"costs": "billed_cost", "amortized_costs": "effective_cost"}
"""The tables of cost rows, and the column of each one's amount."""

TABLES = (*COSTS, "cost_resources", "cost_charges")
BLOCKED = ("AFTER INSERT", "AFTER UPDATE", "BEFORE UPDATE", "BEFORE DELETE")


def upgrade() -> None:
    """Create the tables, move every row, delete the wide tables."""
    is_sql_server = op.get_context().dialect.name == "mssql"
    is_protected = is_sql_server and not is_left_out("rls")
    if is_protected:
        op.execute(_policy(line for table in COSTS for line in _predicates("DROP", table)))
    for table in COSTS:
        if is_sql_server:
            op.execute(f"EXEC sp_rename N'dbo.pk_{table}', N'pk_{table}_wide', N'OBJECT'")
        op.rename_table(table, f"{table}_wide")
    _create()
    for table, amount in COSTS.items():
        _move(table, amount)
        op.drop_table(f"{table}_wide")
    if is_protected:
        op.execute(PREDICATE)
        op.execute(_policy(line for table in TABLES for line in _predicates("ADD", table)))
    if is_sql_server and not is_left_out("page-compression"):
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} REBUILD WITH (DATA_COMPRESSION = PAGE)")


def _create() -> None:
    money = Numeric(38, 24).with_variant(String(64), "sqlite")
    for table, amount in COSTS.items():
        op.create_table(
            table,
            Column("row_id", _key(), primary_key=True, autoincrement=False),
            Column("tenant_hash", BigInteger, nullable=False),
            Column("charge_period_start", Integer, nullable=False),
            Column(amount, money, nullable=False),
            Column("resource_number", Integer, nullable=False),
            Column("charge_number", Integer, nullable=False),
            Column("consumed_quantity", money),
        )
    _dimension(
        "cost_resources",
        Column("sub_account_id", String(36), nullable=False),
        Column("resource_id", Unicode(1024)),
        Column("resource_group", Unicode(90)),
        Column("region_id", Unicode(90)),
    )
    _dimension(
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


def _key() -> TypeEngine[int]:
    return BigInteger().with_variant(Integer, "sqlite")


def _dimension(name: str, *columns: Column[Any]) -> None:
    op.create_table(
        name,
        Column("row_id", _key(), primary_key=True, autoincrement=False),
        Column("tenant_hash", BigInteger, nullable=False),
        Column("scan_id", String(36), nullable=False),
        *columns,
    )


def _move(table: str, amount: str) -> None:
    """Each value stands where the first row of its step that has it stood; its number is that row's offset."""
    for dimension, names in (("cost_resources", RESOURCE), ("cost_charges", CHARGE)):
        columns = ", ".join(("scan_id", *names))
        op.execute(
            f"INSERT INTO {dimension} (row_id, tenant_hash, {columns}) "  # noqa: S608
            f"SELECT MIN(row_id), {_hash()}, {columns} FROM {table}_wide GROUP BY row_id / {STEP}, tenant_id, {columns}"
        )
    op.execute(
        f"INSERT INTO {table} (row_id, tenant_hash, charge_period_start, {amount}, resource_number, charge_number, "  # noqa: S608
        f"consumed_quantity) SELECT row_id, {_hash()}, {_month()}, {amount}, {_number(RESOURCE)}, "
        f"{_number(CHARGE)}, consumed_quantity FROM {table}_wide"
    )


def _number(names: tuple[str, ...]) -> str:
    columns = ", ".join(("tenant_id", "scan_id", *names))
    return f"MIN(row_id) OVER (PARTITION BY row_id / {STEP}, {columns}) % {STEP}"


def _month() -> str:
    if op.get_context().dialect.name == "mssql":
        return "YEAR(charge_period_start) * 100 + MONTH(charge_period_start)"
    return "CAST(substr(charge_period_start, 1, 4) || substr(charge_period_start, 6, 2) AS INTEGER)"


def _hash() -> str:
    if op.get_context().dialect.name == "mssql":
        return "CAST(SUBSTRING(HASHBYTES('SHA2_256', tenant_id), 1, 8) AS bigint)"
    connection: Any = op.get_bind().connection.driver_connection
    connection.create_function("tenant_hash", 1, _tenant_hash, deterministic=True)
    return "tenant_hash(tenant_id)"


def _tenant_hash(tenant_id: str) -> int:
    return int.from_bytes(hashlib.sha256(tenant_id.encode()).digest()[:8], "big", signed=True)


def _policy(changes: Iterable[str]) -> str:
    """The policy with predicates of the wide table dropped, or those of the new tables added."""
    return "ALTER SECURITY POLICY dbo.own_rows\n" + ",\n".join(changes)


def _predicates(change: str, table: str) -> Iterator[str]:
    is_added = change == "ADD"
    own = " dbo.is_own_hash(tenant_hash)" if is_added else ""
    yield f"{change} FILTER PREDICATE{own} ON dbo.{table}"
    for moment in BLOCKED:
        yield f"{change} BLOCK PREDICATE{own} ON dbo.{table} {moment}"
