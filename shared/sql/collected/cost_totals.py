"""Sums of the cost rows, computed once when a scan finishes, so that no page adds up rows."""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    delete,
    func,
    insert,
    literal_column,
    select,
)

from shared.core.models import ScanKey
from shared.sql.engine.engine import Database, exact_sum
from shared.sql.engine.retries import whole_transaction
from shared.sql.engine.types import sum_exactly
from shared.sql.scans.row_keys import row_bounds, rows_of_scan
from shared.sql.scans.scans import scan_is_there
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.tables import cost_totals, costs, inventory

TOP_RESOURCES = 100
"""How many resources of each currency keep totals of their own: more than any page shows."""

Total = dict[str, Any]


@dataclass(frozen=True)
class CostTotal:
    """One month of one value of a dimension, in one currency.

    Dimensions: `service`; `subscription`, by id; `resource_group`, as
    "<subscription id>/<group>", since groups of one name in two subscriptions are two;
    `region`; `resource`, for the top resources by cost; `refund`, the negative rows, whose value is None.
    A value of None is what Azure gave none for: costs not attributable to a resource.
    """

    dimension: str
    value: str | None
    billing_currency: str
    charge_period_start: date
    billed_cost: Decimal


@dataclass(frozen=True)
class TopResource:
    """One resource's cost over the whole period, in one currency."""

    resource_id: str
    billing_currency: str
    billed_cost: Decimal


@dataclass(frozen=True)
class ResourceCosts:
    """The costs by resource (at most TOP_RESOURCES of each currency have totals).

    `not_attributable` is, by currency, what no resource caused: purchases, Marketplace, support.
    """

    resources: tuple[TopResource, ...]
    not_attributable: Mapping[str, Decimal]

    def top(self, limit: int) -> list[TopResource]:
        """Return the `limit` most expensive resources of each currency, in descending order."""
        found = sorted(self.resources, key=lambda each: (each.billing_currency, -each.billed_cost, each.resource_id))
        return [resource for _, own in groupby(found, _currency) for resource in islice(own, limit)]


class CostTotals:
    """Where a scan's totals are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def compute(self, scan_key: ScanKey) -> None:
        """Sums the scan's rows and replaces its totals: may run again at any time.

        The rows are read without holding up other writers; they do not change any more.
        """
        with self._database.reading(scan_key.tenant_id) as connection:
            found = [*_all_totals(connection, scan_key)]
        with self._database.transaction(scan_key.tenant_id) as connection:
            connection.execute(delete(cost_totals).where(of_scan(cost_totals, scan_key)))
            if found and scan_is_there(connection, scan_key):
                key = {"tenant_id": scan_key.tenant_id, "scan_id": scan_key.scan_id}
                connection.execute(insert(cost_totals), [{**key, **total} for total in found])

    def read(self, scan_key: ScanKey, dimension: str) -> list[CostTotal]:
        """The totals of one dimension by value, currency and month."""
        return self.by_dimension(scan_key, [dimension])[dimension]

    @whole_transaction
    def by_dimension(self, scan_key: ScanKey, dimensions: Sequence[str]) -> dict[str, list[CostTotal]]:
        """The totals of these dimensions by value, currency and month, read at once."""
        totals = cost_totals.c
        statement = (
            select(
                totals.dimension,
                totals.value,
                totals.billing_currency,
                totals.charge_period_start,
                totals.billed_cost,
            )
            .where(of_scan(cost_totals, scan_key), totals.dimension.in_(dimensions))
            .order_by(totals.billing_currency, totals.value, totals.charge_period_start, totals.total_id)
        )
        found: dict[str, list[CostTotal]] = {dimension: [] for dimension in dimensions}
        with self._database.reading(scan_key.tenant_id) as connection:
            for row in connection.execute(statement).mappings():
                found[row["dimension"]].append(CostTotal(**row))
        return found

    @whole_transaction
    def by_resource(self, scan_key: ScanKey) -> ResourceCosts:
        """The costs of the whole period by resource, and those that no resource caused."""
        totals = cost_totals.c
        statement = (
            select(totals.value, totals.billing_currency, exact_sum(totals.billed_cost).label("billed_cost"))
            .where(of_scan(cost_totals, scan_key), totals.dimension == "resource")
            .group_by(totals.value, totals.billing_currency)
        )
        with self._database.reading(scan_key.tenant_id) as connection:
            rows = connection.execute(statement).all()
        resources = tuple(_resource(row) for row in rows if row.value is not None)
        return ResourceCosts(resources, {row.billing_currency: row.billed_cost for row in rows if row.value is None})


def _resource(row: Row[Any]) -> TopResource:
    return TopResource(row.value, row.billing_currency, row.billed_cost)


def _currency(resource: TopResource) -> str:
    return resource.billing_currency


def _all_totals(connection: Connection, scan_key: ScanKey) -> Iterator[Total]:
    rows = rows_of_scan(costs, scan_key)
    group = costs.c.sub_account_id + literal_column("'/'") + costs.c.resource_group
    # Amounts are text on SQLite: there "-" sorts before all digits, as below zero is before zero.
    refunds = and_(rows, costs.c.billed_cost < Decimal(0))
    yield from _totals(connection, scan_key, "service", _grouped(costs.c.service_name, rows))
    yield from _totals(connection, scan_key, "subscription", _grouped(costs.c.sub_account_id, rows))
    yield from _totals(connection, scan_key, "resource_group", _grouped(group, rows))
    yield from _totals(connection, scan_key, "region", _grouped_by_region(scan_key))
    yield from _totals(
        connection, scan_key, "refund", _grouped(literal_column("NULL", costs.c.resource_id.type), refunds)
    )
    yield from _top(_totals(connection, scan_key, "resource", _grouped(costs.c.resource_id, rows)))


def _totals(connection: Connection, scan_key: ScanKey, dimension: str, statement: Select[Any]) -> Iterator[Total]:
    bounds = row_bounds(connection, scan_key)
    for row in connection.execute(statement, bounds, execution_options={"yield_per": 1_000}).mappings():
        yield {"dimension": dimension, **row}


def _grouped(value: ColumnElement[Any], rows: ColumnElement[bool], source: FromClause = costs) -> Select[Any]:
    """The sums by value, currency and month, each currency's months of a value together."""
    chosen = (
        select(value.label("value"), costs.c.billing_currency, costs.c.charge_period_start, costs.c.billed_cost)
        .select_from(source)
        .where(rows)
        .subquery()
    )
    keys = (chosen.c.billing_currency, chosen.c.value, chosen.c.charge_period_start)
    return select(*keys, exact_sum(chosen.c.billed_cost).label("billed_cost")).group_by(*keys).order_by(*keys)


def _grouped_by_region(scan_key: ScanKey) -> Select[Any]:
    """Where the cost row names no location, the inventory may know the resource's."""
    known = (
        select(inventory.c.resource_id, func.max(inventory.c.region_id).label("region_id"))
        .where(rows_of_scan(inventory, scan_key))
        .group_by(inventory.c.resource_id)
        .subquery()
    )
    source = costs.outerjoin(known, known.c.resource_id == costs.c.resource_id)
    region = func.coalesce(costs.c.region_id, known.c.region_id)
    return _grouped(region, rows_of_scan(costs, scan_key), source)


def _top(totals: Iterable[Total]) -> Iterator[Total]:
    """The months of the top resources by cost of each currency, and of costs without a resource."""
    for _, own in groupby(totals, itemgetter("billing_currency")):
        heap: list[tuple[Decimal, str, list[Total]]] = []
        for value, months in groupby(own, itemgetter("value")):
            if value is None:
                yield from months
                continue
            found = [*months]
            ranked = (sum_exactly(month["billed_cost"] for month in found), value, found)
            heapq.heappush(heap, ranked) if len(heap) < TOP_RESOURCES else heapq.heappushpop(heap, ranked)
        for _, _, found in heap:
            yield from found
