"""Sums of the cost rows, computed once when a scan finishes, so that no page adds up rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Row, delete, insert, select

from shared.core.models import ScanKey
from shared.sql.collected.cost_sums import TOP_RESOURCES as TOP_RESOURCES  # noqa: PLC0414  it is imported from here
from shared.sql.collected.cost_sums import cost_sums
from shared.sql.collected.totals_of_sums import totals_of
from shared.sql.engine.engine import Database, exact_sum
from shared.sql.engine.retries import whole_transaction
from shared.sql.scans.scans import scan_is_there
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.tables import cost_totals


@dataclass(frozen=True)
class CostTotal:
    """One month of one value of a dimension, in one currency.

    Dimensions: `service`; `subscription`, by id; `resource_group`, as
    "<subscription id>/<group>", since groups of one name in two subscriptions are two;
    `region`; `resource`, for the top resources by cost; `refund`, the negative rows, whose value is None;
    `charge_type`, `charge_category`, `pricing_category`, `publisher`; `tag`, of which `tag_name` is the name.
    A value of None is what Azure gave none for: costs not attributable to a resource, or without the tag. Of resource
    groups and of a tag's values the largest have totals; the others together have one with a `value_count` above 1
    and no value.
    """

    dimension: str
    value: str | None
    billing_currency: str
    charge_period_start: date
    billed_cost: Decimal
    line_items: int = 0
    value_count: int = 1
    tag_name: str | None = None


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
            found = [*totals_of(cost_sums(connection, scan_key))]
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
            select(*(totals[field.name] for field in fields(CostTotal)))
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
