"""The stored rows that findings are drawn from, streamed: no estate is too large for the memory."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func, select

from shared.core.billed_costs import COMPUTE_SERVICE, MonthCost
from shared.core.meter_costs import MeterCost, SpendLine
from shared.core.models import ScanKey
from shared.sql.collected.cost_lines import cost_lines
from shared.sql.collected.inventory import INVENTORY_ROW, InventoryRow
from shared.sql.engine.engine import Database, exact_sum
from shared.sql.engine.lists import any_of
from shared.sql.scans.row_keys import row_bounds, rows_of_scan
from shared.sql.schema.tables import inventory

STREAMED = {"yield_per": 1_000}


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
        lines = cost_lines(scan_key)
        keys = (lines.c.resource_id, lines.c.billing_currency)
        of_month = (lines.c.charge_period_start == month, lines.c.resource_id.is_not(None))
        statement = select(*keys, *month_sums(lines)).where(*of_month).group_by(*keys)
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            for row in connection.execute(statement, bounds, execution_options=STREAMED):
                yield MonthCost(*row)

    def meters_of_month(self, scan_key: ScanKey, month: date) -> Iterator[MeterCost]:
        """The meters of each resource in the month that begins on `month`, as they came."""
        lines = cost_lines(scan_key)
        sums = (lines.c.billed_cost, lines.c.consumed_quantity)
        of_month = (lines.c.charge_period_start == month, lines.c.resource_id.is_not(None))
        columns = (lines.c.resource_id, lines.c.billing_currency, *meter_names(lines), *sums)
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            for row in connection.execute(select(*columns).where(*of_month), bounds, execution_options=STREAMED):
                yield MeterCost(*row)

    def spend(self, scan_key: ScanKey) -> Iterator[SpendLine]:
        """The meters of each subscription in all months, one subscription after the other."""
        lines = cost_lines(scan_key)
        keys = spend_keys(lines)
        sums = (exact_sum(lines.c.billed_cost), exact_sum(lines.c.consumed_quantity))
        statement = select(*keys, *sums).group_by(*keys).order_by(*keys)
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            for row in connection.execute(statement, bounds, execution_options=STREAMED):
                values: list[Any] = ["" if value is None else value for value in row[:-2]]
                yield SpendLine(*[*values, *row[-2:]])


def month_sums(lines: FromClause) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of a MonthCost after its keys."""
    is_compute = lines.c.service_name == COMPUTE_SERVICE
    return (
        exact_sum(lines.c.billed_cost),
        func.count(case((is_compute, 1))),
        exact_sum(case((is_compute, lines.c.consumed_quantity))),
        func.max(lines.c.commitment_discount_type),
    )


def meter_names(lines: FromClause) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of a meter's name; what Azure did not say is empty."""
    names = (lines.c.service_name, lines.c.meter_subcategory, lines.c.meter_name)
    return tuple(func.coalesce(each, "") for each in names)


def spend_keys(lines: FromClause) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of a SpendLine before its sums.

    They are grouped by as they are: SQL Server takes an expression with a parameter for another one each time.
    """
    meter = (lines.c.service_name, lines.c.meter_subcategory, lines.c.meter_name)
    ways = (lines.c.charge_category, lines.c.charge_frequency, lines.c.publisher)
    return (lines.c.sub_account_id, lines.c.charge_period_start, lines.c.billing_currency, *meter, *ways)
