"""What a question about costs asks, and its answer from the totals, where they tell it without reading a row."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from shared.core.money import sum_exactly
from shared.sql.collected.cost_totals import CostTotal

PAGE_ROWS = 50

TOLD_BY_TOTALS = {
    "service": "service",
    "subscription": "subscription",
    "charge_type": "charge_type",
    "month": "service",
}
"""What costs can be grouped by without reading a row, and the dimension of the totals that tells it."""


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

    @property
    def months(self) -> tuple[date, ...]:
        """Return the months that count; none: all."""
        return tuple(month for month in (self.month, self.compared_with) if month)


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


def dimension_asked(question: CostQuestion) -> str | None:
    """Return the dimension whose totals answer the question; None if only the rows do."""
    return None if question.only else TOLD_BY_TOTALS.get(question.by)


def answer_of(totals: Sequence[CostTotal], question: CostQuestion, page: int) -> CostAnswer:
    """Return the page of this number, from 0, of PAGE_ROWS groups."""
    own = [total for total in totals if total.billing_currency == question.currency]
    chosen = [total for total in own if not question.months or total.charge_period_start in question.months]
    by_value: defaultdict[str | date | None, list[CostTotal]] = defaultdict(list)
    for total in chosen:
        by_value[total.charge_period_start if question.by == "month" else total.value].append(total)
    groups = sorted((_group(value, rows, question) for value, rows in by_value.items()), key=_order(question))
    start = page * PAGE_ROWS
    return CostAnswer(tuple(groups[start : start + PAGE_ROWS]), len(groups), _group(None, chosen, question))


def _group(value: str | date | None, totals: Sequence[CostTotal], question: CostQuestion) -> CostGroup:
    asked = totals if question.month is None else _of_month(totals, question.month)
    compared = _of_month(totals, question.compared_with) if question.compared_with else ()
    return CostGroup(value, _sum(asked), _sum(compared), sum(total.line_items for total in totals))


def _of_month(totals: Iterable[CostTotal], month: date) -> list[CostTotal]:
    return [total for total in totals if total.charge_period_start == month]


def _sum(totals: Sequence[CostTotal]) -> Decimal | None:
    return sum_exactly(total.billed_cost for total in totals) if totals else None


def _order(question: CostQuestion) -> Callable[[CostGroup], tuple[Any, ...]]:
    if question.by == "month":
        return lambda group: (group.value,)
    return lambda group: (-_rank(group), str(group.value or ""))


def _rank(group: CostGroup) -> Decimal:
    """By the month asked for; what has no cost in it by the other."""
    return next((each for each in (group.billed_cost, group.compared) if each is not None), Decimal(0))
