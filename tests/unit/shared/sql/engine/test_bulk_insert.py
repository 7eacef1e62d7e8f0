import itertools
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Table, select
from sqlalchemy.dialects import sqlite

from shared.sql.engine.bulk_insert import EXECUTIONS_PER_BATCH, ROWS_PER_STATEMENT, insert_columns, insert_statement
from shared.sql.engine.json_rows import ROWS_PER_TEXT, json_statement, json_text
from shared.sql.schema.tables import STEP_TABLES, advisor
from tests.peers.sqlserver.server import DoubledDatabase, doubled
from tests.support.databases import empty_database
from tests.support.tsql import syntax_errors
from tests.unit.shared.sql.store import TENANT, Store

SHARED = {
    "tenant_id": TENANT,
    "scan_id": "scan",
    "sub_account_id": "sub",
    "is_suppressed": False,
    "problem": None,
    "impact": "High",
}


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, ROWS_PER_STATEMENT["sqlite"] * EXECUTIONS_PER_BATCH + 3])
def test_shared_values_are_in_every_row_and_the_others_in_their_own(store: Store, count: int) -> None:
    varying = {"row_id": range(count), "recommendation_id": map(str, range(count)), "monthly_savings": ["1"] * count}
    with store.database.transaction(TENANT) as connection:
        insert_columns(connection, advisor, SHARED, varying, count)
        found = connection.execute(select(advisor).order_by(advisor.c.row_id)).all()
    assert [(row.row_id, row.recommendation_id) for row in found] == [(number, str(number)) for number in range(count)]
    assert {(row.tenant_id, row.scan_id, row.impact, row.problem) for row in found} <= {(TENANT, "scan", "High", None)}


def test_sqlite_is_handed_what_rows_share_once_a_statement() -> None:
    statement = insert_statement(sqlite.dialect(), advisor, ("tenant_id",), ("row_id", "monthly_savings"), 2)
    assert statement == "INSERT INTO advisor (tenant_id, row_id, monthly_savings) VALUES (?1, ?2, ?3), (?1, ?4, ?5)"


@pytest.fixture(params=[True, False], ids=["by JSON", "row by row"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DoubledDatabase]:
    empty_database(tmp_path / "bulk.db").dispose()
    made = doubled(tmp_path / "bulk.db")
    made.server.knows_json = request.param
    yield made
    made.dispose()


AMOUNT = Decimal("0.000000000000000000000123")
ODD = '"]; DROP -- \u2028 😀'


@pytest.mark.parametrize("count", [0, 1, ROWS_PER_TEXT, ROWS_PER_TEXT + 1])
def test_sql_server_takes_a_page_in_few_statements_and_keeps_every_value(server: DoubledDatabase, count: int) -> None:
    varying = {"row_id": itertools.count(), "recommendation_id": [ODD] * count, "monthly_savings": [AMOUNT] * count}
    with server.transaction(TENANT) as connection:
        server.server.wire.statements.clear()
        insert_columns(connection, advisor, SHARED, varying, count)
        sent = len(server.server.wire.statements)
        mine = select(advisor).where(advisor.c.tenant_id == TENANT).order_by(advisor.c.row_id)
        found = connection.execute(mine).all()
    assert [row.row_id for row in found] == [*range(count)]
    assert {(row.recommendation_id, row.monthly_savings, row.is_suppressed, row.problem) for row in found} <= {
        (ODD, AMOUNT, False, None)
    }
    portion = ROWS_PER_TEXT if server.server.knows_json else EXECUTIONS_PER_BATCH
    assert sent == -(-count // portion)


@pytest.mark.parametrize("table", STEP_TABLES, ids=lambda table: table.name)
def test_each_tables_statement_is_t_sql(server: DoubledDatabase, table: Table) -> None:
    statement = json_statement(server.dialect, table, table.c.keys())
    assert syntax_errors(statement) == ""
    assert "COLLATE" not in statement


def test_what_no_column_holds_is_not_written() -> None:
    with pytest.raises(TypeError, match="set"):
        json_text([[{1}]])
