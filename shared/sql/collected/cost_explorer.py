"""A scan's cost rows added up by whatever a reviewer asks for, a page of groups at a time."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Subquery,
    Unicode,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
    type_coerce,
)

from shared.core.models import ScanKey
from shared.sql.engine.engine import Database, exact_sum
from shared.sql.engine.retries import whole_transaction
from shared.sql.engine.text import json_member, member_path
from shared.sql.engine.types import Money
from shared.sql.scans.row_keys import row_bounds, rows_of_scan
from shared.sql.schema.tables import costs, inventory

PAGE_ROWS = 50
MAX_TAG_NAMES = 200
TAG = "tag"

COLUMNS: dict[str, ColumnElement[Any]] = {
    "service": costs.c.service_name,
    "subscription": costs.c.sub_account_id,
    "resource_group": type_coerce(costs.c.sub_account_id, Unicode(36)) + literal_column("'/'") + costs.c.resource_group,
    "resource": costs.c.resource_id,
    "region": costs.c.region_id,
    "meter": costs.c.meter_name,
    "meter_subcategory": costs.c.meter_subcategory,
    "charge_type": costs.c.charge_type,
    "charge_category": costs.c.charge_category,
    "pricing_category": costs.c.pricing_category,
    "publisher": costs.c.publisher,
    "month": costs.c.charge_period_start,
}
"""What the cost rows themselves tell."""

DIMENSIONS = (*COLUMNS, TAG)
"""What costs can be grouped by: a tag's value is the inventory's."""


@dataclass(frozen=True)
class CostQuestion:
    """What is asked: `by` and the keys of `only` are of DIMENSIONS; a value None is what Azure gave none for.

    `month` adds up that month alone, `compared_with` another beside it; without a month it
    is the whole period. `tag_name` is needed wherever `tag` is named.
    """

    currency: str
    by: str = "service"
    only: Mapping[str, str | None] = field(default_factory=dict)
    month: date | None = None
    compared_with: date | None = None
    tag_name: str = ""


@dataclass(frozen=True)
class CostGroup:
    """One line of the answer. A sum of None: no charge was recorded, which is not a zero."""

    value: str | date | None
    billed_cost: Decimal | None
    compared: Decimal | None
    rows: int


@dataclass(frozen=True)
class CostAnswer:
    """A page of groups, most expensive first, months in their order, and the total of all groups."""

    groups: tuple[CostGroup, ...]
    group_count: int
    whole: CostGroup


class CostExplorer:
    """Adds up cost rows. Every sum is exact, and of one currency."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def ask(self, scan_key: ScanKey, question: CostQuestion, page: int = 0) -> CostAnswer:
        """The page of this number, from 0, of PAGE_ROWS groups."""
        chosen = _chosen(scan_key, question)
        sums = (_sum_of(chosen, question.month), _compared(chosen, question))
        by_cost = cast(func.coalesce(*sums), Float) if question.compared_with else cast(sums[0], Float)
        grouped = select(chosen.c.value, *sums, func.count()).group_by(chosen.c.value)
        order = (chosen.c.value,) if question.by == "month" else (by_cost.desc(), chosen.c.value)
        listing = grouped.order_by(*order).limit(PAGE_ROWS).offset(page * PAGE_ROWS)
        values = select(chosen.c.value).distinct().subquery()
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            groups = tuple(CostGroup(*row) for row in connection.execute(listing, bounds))
            group_count = connection.execute(select(func.count()).select_from(values), bounds).scalar_one()
            whole = connection.execute(select(*sums, func.count()), bounds).one()
        return CostAnswer(groups, group_count, CostGroup(None, *whole))

    @whole_transaction
    def currencies(self, scan_key: ScanKey) -> list[str]:
        """The currencies of the scan's costs."""
        statement = select(costs.c.billing_currency).where(rows_of_scan(costs, scan_key)).distinct()
        with self._database.reading(scan_key.tenant_id) as connection:
            return sorted(connection.execute(statement, row_bounds(connection, scan_key)).scalars())

    @whole_transaction
    def tag_names(self, scan_key: ScanKey) -> list[str]:
        """The names of tags that the scan's resources carry, the most frequent first.

        A name with a quotation mark cannot be asked for: the databases write its path in different ways.
        """
        statement = select(inventory.c.tags_json).where(
            rows_of_scan(inventory, scan_key), inventory.c.tags_json.is_not(None)
        )
        found: Counter[str] = Counter()
        with self._database.reading(scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, scan_key)
            for text in connection.execute(statement, bounds, execution_options={"yield_per": 1_000}).scalars():
                tags = json.loads(text)
                found.update(list(tags) if isinstance(tags, dict) else ())
        usual = [name for name, _ in found.most_common() if not set(name) & set('"\\')]
        return usual[:MAX_TAG_NAMES]


def _chosen(scan_key: ScanKey, question: CostQuestion) -> Subquery:
    """The rows that count, each with its value of the dimension asked for.

    SQL Server takes an expression with parameters in GROUP BY for another than the same in
    SELECT, so the grouping is one level further out.
    """
    columns: dict[str, ColumnElement[Any]] = dict(COLUMNS)
    source: Any = costs
    if TAG in (question.by, *question.only):
        tags = _tags(scan_key, question.tag_name)
        columns[TAG] = tags.c.tag
        source = costs.outerjoin(tags, tags.c.resource_id == costs.c.resource_id)
    where = [rows_of_scan(costs, scan_key), costs.c.billing_currency == question.currency]
    where += [columns[name].is_not_distinct_from(_typed(name, value)) for name, value in question.only.items()]
    months = [month for month in (question.month, question.compared_with) if month]
    if months:
        where.append(costs.c.charge_period_start.in_(months))
    statement: Select[Any] = select(
        columns[question.by].label("value"), costs.c.charge_period_start, costs.c.billed_cost
    )
    return statement.select_from(source).where(and_(*where)).subquery()


def _typed(name: str, value: str | None) -> str | date | None:
    return date.fromisoformat(value) if name == "month" and value else value


def _tags(scan_key: ScanKey, tag_name: str) -> Subquery:
    """Each resource's value of the tag; of an id that is listed twice, one."""
    value = json_member(inventory.c.tags_json, member_path(tag_name))
    own = (
        select(inventory.c.resource_id, value.label("tag"))
        .where(rows_of_scan(inventory, scan_key), inventory.c.tags_json.is_not(None))
        .subquery()
    )
    return select(own.c.resource_id, func.max(own.c.tag).label("tag")).group_by(own.c.resource_id).subquery()


def _sum_of(chosen: Subquery, month: date | None) -> ColumnElement[Any]:
    cost = chosen.c.billed_cost
    return exact_sum(cost if month is None else case((chosen.c.charge_period_start == month, cost)))


def _compared(chosen: Subquery, question: CostQuestion) -> ColumnElement[Any]:
    return _sum_of(chosen, question.compared_with) if question.compared_with else cast(null(), Money())
