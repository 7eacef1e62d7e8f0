from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from shared.sql.engine.bulk_insert import EXECUTIONS_PER_BATCH, ROWS_PER_STATEMENT, insert_columns, insert_statement
from shared.sql.schema.tables import costs
from tests.unit.shared.sql.store import TENANT, Store

SHARED = {
    "tenant_id": TENANT,
    "scan_id": "scan",
    "sub_account_id": "sub",
    "charge_period_start": date(2026, 1, 1).isoformat(),
    "billing_currency": "GBP",
    "resource_group": None,
    "service_name": "Storage",
}


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, ROWS_PER_STATEMENT["sqlite"] * EXECUTIONS_PER_BATCH + 3])
def test_shared_values_are_in_every_row_and_the_others_in_their_own(store: Store, count: int) -> None:
    varying = {"row_id": range(count), "meter_name": map(str, range(count)), "billed_cost": ["1"] * count}
    with store.database.transaction(TENANT) as connection:
        insert_columns(connection, costs, SHARED, varying, count)
        found = connection.execute(select(costs).order_by(costs.c.row_id)).all()
    assert [(row.row_id, row.meter_name) for row in found] == [(number, str(number)) for number in range(count)]
    assert {(row.tenant_id, row.scan_id, row.service_name, row.resource_group) for row in found} <= {
        (TENANT, "scan", "Storage", None)
    }


def test_sqlite_is_handed_what_rows_share_once_a_statement() -> None:
    statement = insert_statement(sqlite.dialect(), costs, ("tenant_id",), ("row_id", "billed_cost"), 2)
    assert statement == "INSERT INTO costs (tenant_id, row_id, billed_cost) VALUES (?1, ?2, ?3), (?1, ?4, ?5)"
