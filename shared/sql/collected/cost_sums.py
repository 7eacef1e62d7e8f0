"""The sums that a scan's totals are made of, from one pass over its cost rows.

SQLite knows no decimals, so Python adds up what it streams; SQL Server adds up itself, in four grouped queries of
which none answers with a line for each resource. Both give the same sums.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from itertools import compress
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Float,
    FromClause,
    Integer,
    Select,
    String,
    Subquery,
    cast,
    func,
    or_,
    select,
    type_coerce,
)

from shared.core.garbage import collected_at_the_end
from shared.core.models import ScanKey
from shared.core.money import EXACT
from shared.sql.collected.cost_lines import cost_lines, dimension_key
from shared.sql.engine.lists import any_of
from shared.sql.engine.types import exact_sum, month_of
from shared.sql.scans.row_keys import range_of_scan, row_bounds, rows_of_scan
from shared.sql.schema.cost_tables import COST_DIMENSIONS, cost_charges, cost_resources, costs
from shared.sql.schema.tables import inventory

TOP_RESOURCES = 100
"""How many resources of each currency keep totals of their own: more than any page shows."""

ROWS_AT_ONCE = 50_000
IDS_AT_ONCE = 1_000


class Charge(NamedTuple):
    """What a total of charges is by, and its currency."""

    billing_currency: str
    service_name: str
    charge_type: str | None
    charge_category: str | None
    pricing_category: str | None
    publisher: str | None


class Owner(NamedTuple):
    """Where a resource belongs: its region is the cost row's or else the inventory's, its tags are the inventory's."""

    sub_account_id: str
    resource_group: str | None
    region_id: str | None
    tags_json: str | None


class Sum(NamedTuple):
    """An exact sum of so many line items."""

    billed_cost: Decimal
    line_items: int


NOTHING = Sum(Decimal(0), 0)


@dataclass(frozen=True)
class CostSums:
    """By month, and for owners and resources by currency too. Resources are the top ones; None is what has none.

    `refunds` are the negative rows among the charges.
    """

    charges: Mapping[tuple[Charge, date], Sum] = field(default_factory=dict)
    owners: Mapping[tuple[Owner, str, date], Sum] = field(default_factory=dict)
    resources: Mapping[tuple[str | None, str, date], Sum] = field(default_factory=dict)
    refunds: Mapping[tuple[Charge, date], Sum] = field(default_factory=dict)


def cost_sums(connection: Connection, scan_key: ScanKey) -> CostSums:
    """Return the sums of a scan's cost rows."""
    if connection.dialect.name == "sqlite":
        return Pass(connection, scan_key).sums()
    return _grouped(connection, scan_key)


class Pass:
    """Adds up streamed rows, some thousand at a time: first whatever is of one key, then each key once."""

    def __init__(self, connection: Connection, scan_key: ScanKey) -> None:
        self._connection, self._scan_key = connection, scan_key
        self._bounds = row_bounds(connection, scan_key)
        self._charges = {row[0]: Charge(*row[1:]) for row in self._rows(_of_charges(scan_key))}
        self._currencies = {key: charge.billing_currency for key, charge in self._charges.items()}
        located = {row[0]: row[1:] for row in self._rows(_located(scan_key))}
        self._resource_ids: dict[int, str | None] = {}
        self._owners: dict[Owner, int] = {}
        self._owner_of: dict[int, int] = {}
        for row_id, resource_id, subscription, group, region in self._rows(_of_resources(scan_key)):
            own_region, tags = located.get(resource_id, (None, None))
            owner = Owner(subscription, group, region or own_region, tags)
            self._resource_ids[row_id] = resource_id
            self._owner_of[row_id] = self._owners.setdefault(owner, len(self._owners))

    def sums(self) -> CostSums:
        """Return all sums."""
        charges, refunds, owners, resources = _Adder(), _Adder(), _Adder(), _Adder()
        with localcontext(EXACT), collected_at_the_end():
            for page in self._pages():
                charges.add(zip(page.charge_keys, page.months, strict=True), page.amounts)
                refunds.add(compress(zip(page.charge_keys, page.months, strict=True), page.negative), page.refunds())
                owner_keys = map(self._owner_of.__getitem__, page.resource_keys)
                owners.add(zip(owner_keys, page.currencies, page.months, strict=True), page.amounts)
                resource_ids = map(self._resource_ids.__getitem__, page.resource_keys)
                resources.add(zip(resource_ids, page.currencies, strict=True), page.amounts)
            by_place = list(self._owners)
            return CostSums(
                _merged(((self._charges[key], month_of(month)), found) for (key, month), found in charges.sums.items()),
                {(by_place[at], code, month_of(month)): found for (at, code, month), found in owners.sums.items()},
                self._by_month(_most_expensive({key: found.billed_cost for key, found in resources.sums.items()})),
                _merged(((self._charges[key], month_of(month)), found) for (key, month), found in refunds.sums.items()),
            )

    def _rows(self, statement: Select[Any]) -> Iterator[Any]:
        return iter(self._connection.execute(statement, self._bounds, execution_options={"yield_per": 1_000}))

    def _pages(self, *where: Any) -> Iterator["_Page"]:  # noqa: ANN401 - SQLAlchemy's conditions
        """Yield the scan's rows. Rows between them that are another scan's have charges that are not ours."""
        keys = [dimension_key(costs, number) for number in COST_DIMENSIONS]
        month, amount = costs.c.charge_period_start, costs.c.billed_cost
        columns: tuple[Any, ...] = (type_coerce(month, Integer), type_coerce(amount, String), *keys)
        statement = select(*columns).where(range_of_scan(costs, self._scan_key), *where)
        # The driver's own rows: SQLAlchemy's would take as long as the sums.
        cursor: Any = self._connection.execute(statement, self._bounds).cursor
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            if not self._charges.keys() >= {row[3] for row in rows}:
                rows = [row for row in rows if row[3] in self._charges]
            if rows:
                yield _Page.of(rows, self._currencies)

    def _by_month(self, top: set[tuple[str | None, str]]) -> Mapping[tuple[str | None, str, date], Sum]:
        """The months of the top resources and of what has no resource: a second look at their rows alone."""
        wanted = {resource_id for resource_id, _ in top} | {None}
        row_ids = [row_id for row_id, resource_id in self._resource_ids.items() if resource_id in wanted]
        found = _Adder()
        for some in (row_ids[start : start + IDS_AT_ONCE] for start in range(0, len(row_ids), IDS_AT_ONCE)):
            for page in self._pages(any_of(dimension_key(costs, "resource_number"), some)):
                ids = map(self._resource_ids.__getitem__, page.resource_keys)
                found.add(zip(ids, page.currencies, page.months, strict=True), page.amounts)
        return {
            (resource_id, currency, month_of(month)): total
            for (resource_id, currency, month), total in found.sums.items()
            if resource_id is None or (resource_id, currency) in top
        }


@dataclass(frozen=True)
class _Page:
    """Streamed rows by column; months are numbers, keys are the row ids of the dimension tables."""

    months: Sequence[int]
    amounts: Sequence[Decimal]
    negative: Sequence[bool]
    resource_keys: Sequence[int]
    charge_keys: Sequence[int]
    currencies: Sequence[str]

    @classmethod
    def of(cls, rows: Sequence[Any], currencies: Mapping[int, str]) -> "_Page":
        months, texts, resource_keys, charge_keys = zip(*rows, strict=True)
        negative = [text[0] == "-" for text in texts]
        of_rows = [currencies[key] for key in charge_keys]
        return cls(months, list(map(Decimal, texts)), negative, resource_keys, charge_keys, of_rows)

    def refunds(self) -> list[Decimal]:
        return list(compress(self.amounts, self.negative))


class _Adder:
    """Sums by key, in the exact context of the pass. Within a page amounts are listed first and then added up."""

    def __init__(self) -> None:
        self.sums: dict[Any, Sum] = {}

    def add(self, keys: Iterable[Any], amounts: Sequence[Decimal]) -> None:
        listed: defaultdict[Any, list[Decimal]] = defaultdict(list)
        for key, amount in zip(keys, amounts, strict=True):
            listed[key].append(amount)
        for key, own in listed.items():
            cost, items = self.sums.get(key, NOTHING)
            self.sums[key] = Sum(sum(own, cost), items + len(own))


def _merged(found: Iterable[tuple[Any, Sum]]) -> dict[Any, Sum]:
    """Two steps have the same charges under two keys."""
    merged: dict[Any, Sum] = {}
    for key, total in found:
        known = merged.get(key, NOTHING)
        merged[key] = Sum(known.billed_cost + total.billed_cost, known.line_items + total.line_items)
    return merged


def _most_expensive(totals: Mapping[tuple[str | None, str], Decimal]) -> set[tuple[str | None, str]]:
    by_currency: defaultdict[str, list[tuple[Decimal, str]]] = defaultdict(list)
    for (resource_id, currency), total in totals.items():
        if resource_id is not None:
            by_currency[currency].append((-total, resource_id))
    return {
        (resource_id, currency)
        for currency, found in by_currency.items()
        for _, resource_id in sorted(found)[:TOP_RESOURCES]
    }


def _of_charges(scan_key: ScanKey) -> Select[Any]:
    columns = [cost_charges.c[name] for name in Charge._fields]
    return select(cost_charges.c.row_id, *columns).where(rows_of_scan(cost_charges, scan_key))


def _of_resources(scan_key: ScanKey) -> Select[Any]:
    names = ("row_id", "resource_id", "sub_account_id", "resource_group", "region_id")
    return select(*(cost_resources.c[name] for name in names)).where(rows_of_scan(cost_resources, scan_key))


def _located(scan_key: ScanKey) -> Select[Any]:
    """Where the inventory says that a resource is, and its tags; of an id that is listed twice, one."""
    known = (func.max(inventory.c.region_id).label("region_id"), func.max(inventory.c.tags_json).label("tags_json"))
    grouped = select(inventory.c.resource_id, *known).where(rows_of_scan(inventory, scan_key))
    return grouped.group_by(inventory.c.resource_id)


def _grouped(connection: Connection, scan_key: ScanKey) -> CostSums:
    lines, located = cost_lines(scan_key), _located(scan_key).subquery("located")
    bounds = row_bounds(connection, scan_key)

    def rows(statement: Select[Any]) -> Iterator[Any]:
        return iter(connection.execute(statement, bounds, execution_options={"yield_per": 1_000}))

    months = lines.c.charge_period_start
    charges: list[Any] = [lines.c[name] for name in Charge._fields]
    region = func.coalesce(lines.c.region_id, located.c.region_id).label("region_id")
    placed = select(
        lines.c.sub_account_id, lines.c.resource_group, region, located.c.tags_json, lines.c.billing_currency, months,
        lines.c.billed_cost,
    ).select_from(lines.outerjoin(located, located.c.resource_id == lines.c.resource_id)).subquery()  # fmt: skip
    owners = [placed.c[name] for name in (*Owner._fields, "billing_currency", "charge_period_start")]
    return CostSums(
        {(Charge(*row[:6]), row[6]): Sum(*row[7:]) for row in rows(_summed(lines, (*charges, months)))},
        {(Owner(*row[:4]), row[4], row[5]): Sum(*row[6:]) for row in rows(_summed(placed, owners))},
        {(row[0], row[1], row[2]): Sum(*row[3:]) for row in rows(_of_top_resources(lines))},
        {(Charge(*row[:6]), row[6]): Sum(*row[7:]) for row in rows(_refunds(lines, (*charges, months)))},
    )


def _summed(lines: FromClause, keys: Sequence[Any]) -> Select[Any]:
    return select(*keys, exact_sum(lines.c.billed_cost), func.count()).group_by(*keys)


def _refunds(lines: FromClause, keys: Sequence[Any]) -> Select[Any]:
    """Amounts are text on SQLite: there "-" sorts before all digits, as below zero is before zero."""
    return _summed(lines, keys).where(lines.c.billed_cost < Decimal(0))


def _of_top_resources(lines: Subquery) -> Select[Any]:
    """The months of the resources whose sums are the first TOP_RESOURCES of their currency, and of no resource."""
    keys = (lines.c.resource_id, lines.c.billing_currency)
    total = cast(exact_sum(lines.c.billed_cost), Float)
    place = func.row_number().over(partition_by=lines.c.billing_currency, order_by=(total.desc(), lines.c.resource_id))
    ranked = select(*keys, place.label("place")).where(lines.c.resource_id.is_not(None)).group_by(*keys).subquery()
    is_top = (ranked.c.resource_id == lines.c.resource_id) & (ranked.c.billing_currency == lines.c.billing_currency)
    source = lines.outerjoin(ranked, is_top & (ranked.c.place <= TOP_RESOURCES))
    wanted = or_(lines.c.resource_id.is_(None), ranked.c.place.is_not(None))
    return _summed(lines, (*keys, lines.c.charge_period_start)).select_from(source).where(wanted)
