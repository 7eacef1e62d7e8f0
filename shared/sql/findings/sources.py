"""The stored rows that findings are drawn from, streamed: no estate is too large for the memory."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from shared.core.billed_costs import COMPUTE_SERVICE, MonthCost
from shared.core.meter_costs import MeterCost, SpendLine
from shared.core.models import ScanKey
from shared.sql.collected.inventory import INVENTORY_ROW, InventoryRow
from shared.sql.engine.engine import Database, exact_sum
from shared.sql.engine.lists import any_of
from shared.sql.scans.row_keys import row_bounds, rows_of_scan
from shared.sql.schema.tables import costs, inventory

STREAMED = {"yield_per": 1_000}

_IS_COMPUTE = costs.c.service_name == COMPUTE_SERVICE
MONTH_SUMS: tuple[ColumnElement[Any], ...] = (
    exact_sum(costs.c.billed_cost),
    func.count(case((_IS_COMPUTE, 1))),
    exact_sum(case((_IS_COMPUTE, costs.c.consumed_quantity))),
    func.max(costs.c.commitment_discount_type),
)
"""The columns of a MonthCost after its keys."""

_NAMES = (costs.c.service_name, costs.c.meter_subcategory, costs.c.meter_name)
METER_NAMES: tuple[ColumnElement[Any], ...] = tuple(func.coalesce(each, "") for each in _NAMES)
METER_COLUMNS: tuple[ColumnElement[Any], ...] = (
    costs.c.resource_id,
    costs.c.billing_currency,
    *METER_NAMES,
    costs.c.billed_cost,
    costs.c.consumed_quantity,
)
"""The columns of a MeterCost."""

SPEND_KEYS: tuple[ColumnElement[Any], ...] = (
    costs.c.sub_account_id,
    costs.c.charge_period_start,
    costs.c.billing_currency,
    *METER_NAMES,
    *(func.coalesce(each, "") for each in (costs.c.charge_category, costs.c.charge_frequency, costs.c.publisher)),
)
"""The columns of a SpendLine before its sums."""


class FindingSources:
    """Reads one scan's rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def resources(self, scan_key: ScanKey, resource_types: Collection[str]) -> Iterator[InventoryRow]:
        """The resources of these types, in the order in which they came."""
        statement = (
            select(*INVENTORY_ROW)
            .where(rows_of_scan(inventory, scan_key), any_of(inventory.c.resource_type, sorted(resource_types)))
            .order_by(inventory.c.row_id)
        )
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            for row in connection.execute(statement, bounds, execution_options=STREAMED).mappings():
                yield InventoryRow(**row)

    def costs_of_month(self, scan_key: ScanKey, month: date) -> Iterator[MonthCost]:
        """What each resource cost in the month that begins on `month`, by currency."""
        keys = (costs.c.resource_id, costs.c.billing_currency)
        statement = (
            select(*keys, *MONTH_SUMS)
            .where(
                rows_of_scan(costs, scan_key),
                costs.c.charge_period_start == month,
                costs.c.resource_id.is_not(None),
            )
            .group_by(*keys)
        )
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            for row in connection.execute(statement, bounds, execution_options=STREAMED):
                yield MonthCost(*row)

    def meters_of_month(self, scan_key: ScanKey, month: date) -> Iterator[MeterCost]:
        """The meters of each resource in the month that begins on `month`, as they came."""
        statement = select(*METER_COLUMNS).where(
            rows_of_scan(costs, scan_key),
            costs.c.charge_period_start == month,
            costs.c.resource_id.is_not(None),
        )
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            for row in connection.execute(statement, bounds, execution_options=STREAMED):
                yield MeterCost(*row)

    def spend(self, scan_key: ScanKey) -> Iterator[SpendLine]:
        """The meters of each subscription in all months, one subscription after the other."""
        statement = (
            select(*SPEND_KEYS, exact_sum(costs.c.billed_cost), exact_sum(costs.c.consumed_quantity))
            .where(rows_of_scan(costs, scan_key))
            .group_by(*SPEND_KEYS)
            .order_by(costs.c.sub_account_id)
        )
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            for row in connection.execute(statement, bounds, execution_options=STREAMED):
                yield SpendLine(*row)
