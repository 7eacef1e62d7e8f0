"""Sums of a scan's charges by kind, month and service in both views, computed once when the scan finishes."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, insert, select

from shared.core.commitments import Charge, CostView
from shared.core.models import ScanKey
from shared.core.money import sum_exactly
from shared.sql.collected.cost_lines import cost_lines
from shared.sql.engine.engine import Database, exact_sum
from shared.sql.engine.retries import whole_transaction
from shared.sql.scans.row_keys import row_bounds
from shared.sql.scans.scans import scan_is_there
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.tables import amortized_costs, charge_totals, costs

KINDS = (
    *("billing_currency", "charge_period_start", "service_name", "charge_type", "pricing_category"),
    *("commitment_discount_type", "publisher"),
)
"""What the charges are summed by."""

CHARGE = (
    *("cost_view", "billing_currency", "service_name", "charge_type", "pricing_category"),
    *("commitment_discount_type", "publisher"),
)
"""The columns of a Charge, but for its cost."""

Sums = dict[tuple[Any, ...], list[Decimal]]
"""The amounts to add up, by kind."""


class ChargeTotals:
    """Where a scan's sums by kind of charge are kept.

    The amortized view has the amortized costs where they were read. The other subscriptions have no commitments, so
    their actual costs are the same.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def compute(self, scan_key: ScanKey) -> None:
        """Sums the scan's rows and replaces its totals: may run again at any time."""
        key = {"tenant_id": scan_key.tenant_id, "scan_id": scan_key.scan_id}
        with self._database.reading(scan_key.tenant_id) as connection:
            found = [{**key, **total} for total in _all_totals(connection, scan_key)]
        with self._database.transaction(scan_key.tenant_id) as connection:
            connection.execute(delete(charge_totals).where(of_scan(charge_totals, scan_key)))
            if found and scan_is_there(connection, scan_key):
                connection.execute(insert(charge_totals), found)

    @whole_transaction
    def charges(self, scan_key: ScanKey) -> list[Charge]:
        """The charges of the whole period, by kind and service, in both views."""
        keys = [charge_totals.c[name] for name in CHARGE]
        statement = select(*keys, exact_sum(charge_totals.c.cost)).where(of_scan(charge_totals, scan_key))
        with self._database.reading(scan_key.tenant_id) as connection:
            found = connection.execute(statement.group_by(*keys).order_by(*keys))
            return [Charge(CostView(view), *rest) for view, *rest in found]

    @whole_transaction
    def by_month(self, scan_key: ScanKey, view: CostView) -> dict[str, dict[date, Decimal]]:
        """One view's total of each month, by currency."""
        totals = charge_totals.c
        keys = (totals.billing_currency, totals.charge_period_start)
        statement = select(*keys, exact_sum(totals.cost)).where(
            of_scan(charge_totals, scan_key), totals.cost_view == view
        )
        found: dict[str, dict[date, Decimal]] = {}
        with self._database.reading(scan_key.tenant_id) as connection:
            for currency, month, cost in connection.execute(statement.group_by(*keys).order_by(*keys)):
                found.setdefault(currency, {})[month] = cost
        return found


def _all_totals(connection: Connection, scan_key: ScanKey) -> Iterator[dict[str, Any]]:
    """The totals of the actual view, then those of the amortized one: its own rows, and the others' actual ones."""
    actual, amortized, has_own = Sums(), Sums(), set[str]()
    bounds = row_bounds(connection, scan_key)
    for account, *kind, cost in connection.execute(_grouped(amortized_costs, "effective_cost", scan_key), bounds):
        has_own.add(account)
        amortized.setdefault(tuple(kind), []).append(cost)
    for account, *kind, cost in connection.execute(_grouped(costs, "billed_cost", scan_key), bounds):
        for sums in (actual,) if account in has_own else (actual, amortized):
            sums.setdefault(tuple(kind), []).append(cost)
    for view, sums in ((CostView.ACTUAL, actual), (CostView.AMORTIZED, amortized)):
        for key, parts in sums.items():
            yield {"cost_view": view, **dict(zip(KINDS, key, strict=True)), "cost": sum_exactly(parts)}


def _grouped(table: Table, cost: str, scan_key: ScanKey) -> Select[Any]:
    lines = cost_lines(scan_key, table)
    keys: list[ColumnElement[Any]] = [lines.c[name] for name in ("sub_account_id", *KINDS)]
    return select(*keys, exact_sum(lines.c[cost])).group_by(*keys)
