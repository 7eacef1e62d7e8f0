"""A scan's cost rows added up by whatever a reviewer asks for, a page of groups at a time."""

import json
from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    null,
    select,
)

from shared.core.models import ScanKey
from shared.sql.collected.cost_answers import PAGE_ROWS as PAGE_ROWS  # noqa: PLC0414  they are imported from here
from shared.sql.collected.cost_answers import CostAnswer as CostAnswer  # noqa: PLC0414
from shared.sql.collected.cost_answers import CostGroup as CostGroup  # noqa: PLC0414
from shared.sql.collected.cost_answers import CostQuestion as CostQuestion  # noqa: PLC0414
from shared.sql.collected.cost_answers import answer_of, dimension_asked
from shared.sql.collected.cost_lines import cost_lines, group_name
from shared.sql.collected.cost_totals import CostTotals
from shared.sql.engine.engine import Database, exact_sum
from shared.sql.engine.retries import whole_transaction
from shared.sql.engine.text import json_member, member_path
from shared.sql.engine.types import Money
from shared.sql.scans.row_keys import row_bounds, rows_of_scan
from shared.sql.schema.cost_tables import cost_charges
from shared.sql.schema.tables import inventory

MAX_TAG_NAMES = 200
TAG = "tag"

COLUMNS = {
    "service": "service_name",
    "subscription": "sub_account_id",
    "resource_group": "resource_group",
    "resource": "resource_id",
    "region": "region_id",
    "meter": "meter_name",
    "meter_subcategory": "meter_subcategory",
    "charge_type": "charge_type",
    "charge_category": "charge_category",
    "pricing_category": "pricing_category",
    "publisher": "publisher",
    "month": "charge_period_start",
}
"""What the cost rows themselves tell, by the column that has it."""

DIMENSIONS = (*COLUMNS, TAG)
"""What costs can be grouped by: a tag's value is the inventory's."""


class CostExplorer:
    """Adds up cost rows. Every sum is exact, and of one currency."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, scan_key: ScanKey, question: CostQuestion, page: int = 0) -> CostAnswer:
        """The page of this number, from 0, of PAGE_ROWS groups; from the totals, where they tell it."""
        dimension = dimension_asked(question)
        totals = CostTotals(self._database).read(scan_key, dimension) if dimension else []
        if any(total.line_items for total in totals):  # Totals of an earlier version do not count.
            return answer_of(totals, question, page)
        return self._ask(scan_key, question, page)

    @whole_transaction
    def _ask(self, scan_key: ScanKey, question: CostQuestion, page: int) -> CostAnswer:
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
        statement = select(cost_charges.c.billing_currency).where(rows_of_scan(cost_charges, scan_key)).distinct()
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
    lines = cost_lines(scan_key)
    columns: dict[str, ColumnElement[Any]] = {name: lines.c[column] for name, column in COLUMNS.items()}
    columns["resource_group"] = group_name(lines)
    source: Any = lines
    if TAG in (question.by, *question.only):
        tags = _tags(scan_key, question.tag_name)
        columns[TAG] = tags.c.tag
        source = lines.outerjoin(tags, tags.c.resource_id == lines.c.resource_id)
    where = [lines.c.billing_currency == question.currency]
    where += [columns[name].is_not_distinct_from(_typed(name, value)) for name, value in question.only.items()]
    if question.months:
        where.append(lines.c.charge_period_start.in_(question.months))
    statement: Select[Any] = select(
        columns[question.by].label("value"), lines.c.charge_period_start, lines.c.billed_cost
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
