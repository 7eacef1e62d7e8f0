"""A customer who has something in every table, and what is left of one."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import String, Table, func, insert, select

from shared.core.models import Scan, ScanKey
from shared.sql.collected.charge_totals import ChargeTotals
from shared.sql.engine.types import Money
from shared.sql.scans.dead_letters import DeadLetters
from shared.sql.schema.metadata import ROW_KEY
from shared.sql.schema.tables import (
    COLLECTED_TABLES,
    STEP_TABLES,
    TENANT_TABLES,
    amortized_costs,
    charge_totals,
    connections,
    cost_totals,
    costs,
    dead_letters,
    raw_pages,
    scans,
    steps,
)
from tests.unit.shared.sql.store import COST_COLUMNS, LEASE, NOW, PAGE, TENANT, USER, Store, cost

COMPUTED = (cost_totals, charge_totals, raw_pages, steps, scans, connections)
REVIEWED = [table for table in TENANT_TABLES if table not in (*STEP_TABLES, *COMPUTED)]
"""What the review adds to a scan."""


def customer(store: Store, tenant_id: str = TENANT, at: datetime = NOW, domain: str = "contoso.example") -> None:
    """A customer with something in every table."""
    store.connections.save(tenant_id, USER, f"owner@{domain}", b"token", at)
    scan = store.scan_with(*[cost("1")] * 30, tenant_id=tenant_id, at=at)
    for table in COLLECTED_TABLES:
        if table is amortized_costs:
            _collect_two_amortized_rows(store, scan)
        elif table is not costs:
            _collect_two_rows(store, scan, table)
    store.totals.compute(ScanKey(tenant_id, scan.scan_id))
    ChargeTotals(store.database).compute(ScanKey(tenant_id, scan.scan_id))
    with store.database.transaction(tenant_id) as connection:
        for table in REVIEWED:
            connection.execute(insert(table).values(filled(table, tenant_id, scan.scan_id)))
    DeadLetters(store.database).record(tenant_id, "collect-costs", "reason", "{}", at)


def _collect_two_amortized_rows(store: Store, scan: Scan) -> None:
    columns = tuple("effective_cost" if name == "billed_cost" else name for name in COST_COLUMNS)
    step = store.claimed(scan, amortized_costs.name)
    store.steps.save_page(step, PAGE, amortized_costs.name, columns, [cost("1")] * 2, 1, None, NOW, LEASE)


def _collect_two_rows(store: Store, scan: Scan, table: Table) -> None:
    row = {name: value for name, value in filled(table, TENANT, scan.scan_id).items() if name not in ROW_KEY}
    step, rows = store.claimed(scan, table.name), [tuple(row.values())] * 2
    store.steps.save_page(step, PAGE, table.name, tuple(row), rows, 1, None, NOW, LEASE)


def filled(table: Table, tenant_id: str, scan_id: str) -> dict[str, object]:
    """A row of this table, of this customer's scan: what it cannot be without."""
    kinds: dict[type, object] = {
        int: 1,
        bool: True,
        bytes: b"x",
        date: NOW.date(),
        datetime: NOW,
        object: NOW,
    }
    needed = {
        column.name: Decimal(1) if isinstance(column.type, Money) else kinds[column.type.python_type]
        for column in table.columns
        if not column.nullable and not isinstance(column.type, String)
    }
    texts = {
        column.name: scan_id[: column.type.length]
        for column in table.columns
        if not column.nullable and isinstance(column.type, String)
    }
    return {**needed, **texts, "tenant_id": tenant_id, "scan_id": scan_id}


def left(store: Store, tenant_id: str = TENANT) -> dict[str, int]:
    """How many rows each table has of this customer."""
    tables = (*TENANT_TABLES, dead_letters)
    with store.database.system_transaction() as connection:
        return {
            table.name: connection.execute(
                select(func.count()).select_from(table).where(table.c.tenant_id == tenant_id)
            ).scalar_one()
            for table in tables
        }
