"""A customer who has something in every table, and what is left of one."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Table, func, insert, select

from shared.core.models import ScanKey
from shared.sql.engine.types import Money
from shared.sql.scans.dead_letters import DeadLetters
from shared.sql.schema.tables import (
    COLLECTED_TABLES,
    TENANT_TABLES,
    connections,
    cost_totals,
    dead_letters,
    raw_pages,
    scans,
    steps,
)
from tests.unit.shared.sql.store import LEASE, NOW, PAGE, TENANT, USER, Store, cost, subscription

REVIEWED = [t for t in TENANT_TABLES if t not in (*COLLECTED_TABLES, cost_totals, raw_pages, steps, scans, connections)]
"""What the review adds to a scan."""


def customer(store: Store, tenant_id: str = TENANT, at: datetime = NOW) -> None:
    """A customer with something in every table."""
    store.connections.save(tenant_id, USER, "owner@contoso.example", b"token", at)
    scan = store.scan_with(*[cost("1")] * 30, tenant_id=tenant_id, at=at)
    own = subscription().subscription_id
    for name, columns, row in (
        ("inventory", ("sub_account_id", "resource_id", "resource_name", "resource_type"), (own, "/a", "a", "vm")),
        ("advisor", ("sub_account_id", "recommendation_id", "is_suppressed"), (own, "/r", False)),
        ("reservations", ("sub_account_id", "kind"), (own, "legacy")),
        ("savings_plans", ("sub_account_id",), (own,)),
    ):
        store.steps.save_page(store.claimed(scan, name), PAGE, name, columns, [row] * 2, 1, None, NOW, LEASE)
    store.totals.compute(ScanKey(tenant_id, scan.scan_id))
    with store.database.transaction(tenant_id) as connection:
        for table in REVIEWED:
            connection.execute(insert(table).values(filled(table, tenant_id, scan.scan_id)))
    DeadLetters(store.database).record(tenant_id, "collect-costs", "reason", "{}", at)


def filled(table: Table, tenant_id: str, scan_id: str) -> dict[str, object]:
    """A row of a table of the review, of this customer's scan."""
    kinds: dict[type, object] = {str: scan_id[:3], int: 1, bool: True, bytes: b"x", datetime: NOW, object: NOW}
    needed = {
        column.name: Decimal(1) if isinstance(column.type, Money) else kinds[column.type.python_type]
        for column in table.columns
        if not column.nullable
    }
    return {**needed, "tenant_id": tenant_id, "scan_id": scan_id}


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
