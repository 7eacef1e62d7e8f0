"""What can be said of SQL Server without one: our statements compile for it."""

import pytest
from sqlalchemy import Dialect, Table, Unicode
from sqlalchemy.dialects.mssql.pyodbc import MSDialect_pyodbc
from sqlalchemy.schema import CreateTable

from shared.core.models import ScanKey
from shared.sql.collected.cost_answers import CostQuestion
from shared.sql.collected.cost_explorer import _chosen
from shared.sql.deletion.deletion_rows import batch_of
from shared.sql.engine.bulk_insert import ROWS_PER_STATEMENT, insert_statement
from shared.sql.engine.engine import exact_sum
from shared.sql.scans.row_keys import rows_of_steps
from shared.sql.schema.tables import COLLECTED_TABLES, costs, metadata
from tests.unit.shared.sql.store import TENANT


@pytest.fixture
def dialect() -> Dialect:
    dialect = MSDialect_pyodbc()  # type: ignore[no-untyped-call]
    dialect.server_version_info = (15, 0, 0)  # type: ignore[assignment]
    dialect._setup_version_attributes()  # type: ignore[no-untyped-call]
    return dialect


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_compiles_with_types_of_our_time(table: Table, dialect: Dialect) -> None:
    statement = str(CreateTable(table).compile(dialect=dialect))
    assert not {"NTEXT", "IMAGE", "DATETIME"} & set(statement.replace(",", " ").split())
    assert "NUMERIC(38, 24)" in statement or not any("cost" in column.name for column in table.c)


def test_a_key_of_a_collected_row_is_given_by_us(dialect: Dialect) -> None:
    for table in COLLECTED_TABLES:
        assert "IDENTITY" not in str(CreateTable(table).compile(dialect=dialect))


def test_sums_are_sql_servers_own(dialect: Dialect) -> None:
    assert str(exact_sum(costs.c.billed_cost).compile(dialect=dialect)) == "sum(costs.billed_cost)"


def test_rows_are_deleted_in_batches_by_top(dialect: Dialect) -> None:
    statement = batch_of(costs, rows_of_steps(costs, 7, 9), 4_000, dialect)
    assert str(statement.compile(dialect=dialect)).startswith("DELETE TOP (4000) FROM costs WHERE")


def test_rows_are_inserted_one_to_a_statement_for_the_bulk_path(dialect: Dialect) -> None:
    rows = ROWS_PER_STATEMENT[dialect.name]
    statement = insert_statement(dialect, costs, ("tenant_id",), ("row_id", "billed_cost"), rows)
    assert statement == "INSERT INTO costs (tenant_hash, row_id, billed_cost) VALUES (?, ?, ?)"


def test_a_moment_keeps_its_microseconds(dialect: Dialect) -> None:
    statement = str(CreateTable(metadata.tables["scans"]).compile(dialect=dialect))
    assert "requested_at DATETIME2(6) NOT NULL" in statement


def test_a_group_with_a_name_in_any_script_is_looked_for_as_unicode(dialect: Dialect) -> None:
    """As varchar its signs would become question marks on the way."""
    question = CostQuestion("GBP", only={"resource_group": "a subscription/部門"})
    binds = _chosen(ScanKey(TENANT, "scan"), question).compile(dialect=dialect).binds.values()
    asked = [bind for bind in binds if bind.value == "a subscription/部門"]
    assert asked
    assert all(isinstance(bind.type, Unicode) for bind in asked)
