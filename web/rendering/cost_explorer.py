"""The cost explorer's questions as addresses and labels: the customer's page and the desk's share their words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from shared.core import azure_names
from shared.core.errors import BadRequest
from shared.core.formats import month as month_label
from shared.core.models import Scan
from shared.core.money import sum_exactly
from shared.sql.collected.cost_answers import CostAnswer, CostGroup, CostQuestion
from shared.sql.collected.cost_explorer import DIMENSIONS, TAG, CostExplorer
from web.rendering.bar_lists import resource_group_naming, resource_name, subscription_naming, width
from web.rendering.cost_figures import share_of

DIMENSION_LABELS = {
    "service": "Service",
    "subscription": "Subscription",
    "resource_group": "Resource group",
    "resource": "Resource",
    "region": "Location",
    "meter_subcategory": "Meter subcategory",
    "meter": "Meter",
    "charge_type": "Charge type",
    "charge_category": "Charge category",
    "pricing_category": "Pricing category",
    "publisher": "Publisher",
    "month": "Month",
    TAG: "Tag",
}
DRILL_DOWN = {
    "service": "resource",
    "subscription": "service",
    "resource_group": "resource",
    "region": "service",
    "meter_subcategory": "meter",
    "meter": "resource",
    "charge_type": "service",
    "charge_category": "service",
    "pricing_category": "service",
    "publisher": "service",
    "month": "service",
    TAG: "service",
    "resource": "meter",
}
"""The grouping that opens below a group."""

FILTER_PREFIX = "is_"
EMPTY_VALUE = "~"
"""In a query string: the empty value of a dimension."""


@dataclass(frozen=True)
class CostLine:
    """A row of the table. `change` is relative to the compared month; `link` drills down."""

    name: str
    note: str | None
    link: str | None
    billed_cost: Decimal | None
    compared: Decimal | None
    change: Decimal | None
    share: Decimal | None
    width: str


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force; `remove_link` is the address without it."""

    dimension: str
    value: str
    remove_link: str


@dataclass(frozen=True)
class CostView:
    """The current query of the explorer, its links and its labels."""

    base: str
    question: CostQuestion
    page: int
    subscriptions: Mapping[str, str]

    def link(self, *, by: str | None = None, only: Mapping[str, str | None] | None = None, page: int = 0) -> str:
        """Return the address of this query with another grouping, other filters or another page."""
        asked = self.question
        chosen = asked.only if only is None else only
        fields = {
            "currency": asked.currency,
            "by": by or asked.by,
            "month": f"{asked.month:%Y-%m}" if asked.month else "",
            "against": f"{asked.compared_with:%Y-%m}" if asked.compared_with else "",
            "tag": asked.tag_name,
            "page": str(page) if page else "",
            **{f"{FILTER_PREFIX}{name}": EMPTY_VALUE if value is None else value for name, value in chosen.items()},
        }
        return f"{self.base}?{urlencode({name: value for name, value in fields.items() if value})}"

    def name_of(self, dimension: str, value: str | date | None) -> tuple[str, str | None]:
        """Return the label of a group and a note below it."""
        if isinstance(value, date):
            return month_label(value), None
        if value is None:
            return ("Untagged" if dimension == TAG else f"No {DIMENSION_LABELS[dimension].lower()}"), None
        return self._named(dimension, value)

    def _named(self, dimension: str, value: str) -> tuple[str, str | None]:
        match dimension:
            case "subscription":
                return subscription_naming(self.subscriptions)(value)
            case "resource_group":
                return resource_group_naming(self.subscriptions)(value)
            case "resource":
                return resource_name(value, self.subscriptions)
            case "month":
                return month_label(date.fromisoformat(value)), None
            case _:
                return (azure_names.region_name(value) if dimension == "region" else value), None

    def at_month(self, month: date | None) -> str:
        """Return the address of this query for one month alone; None: for the whole period."""
        return replace(self, question=replace(self.question, month=month, compared_with=None)).link()

    def filters(self) -> list[ActiveFilter]:
        return [self._filter(name) for name in self.question.only]

    def _filter(self, name: str) -> ActiveFilter:
        others = {other: value for other, value in self.question.only.items() if other != name}
        title = f"{DIMENSION_LABELS[name]} {self.question.tag_name}" if name == TAG else DIMENSION_LABELS[name]
        return ActiveFilter(title, self.name_of(name, self.question.only[name])[0], self.link(only=others))

    def line(self, group: CostGroup, answer: CostAnswer, largest: Decimal) -> CostLine:
        """Return the row of a group."""
        by, asked = self.question.by, self.question
        value = group.value.isoformat() if isinstance(group.value, date) else group.value
        narrower = {**asked.only, by: value}
        cost, compared = group.billed_cost, group.compared
        change = sum_exactly((cost or Decimal(0), -(compared or Decimal(0)))) if asked.compared_with else None
        total = answer.whole.billed_cost
        return CostLine(
            *self.name_of(by, group.value),
            link=self.link(by=DRILL_DOWN[by], only=narrower) if DRILL_DOWN[by] not in narrower else None,
            billed_cost=cost,
            compared=compared,
            change=change,
            share=share_of(cost, total) if cost is not None and total is not None else None,
            width=width(cost or Decimal(0), largest),
        )


def answered(
    explorer: CostExplorer, scan: Scan, question: CostQuestion, page: int, currencies: list[str]
) -> tuple[CostQuestion, CostAnswer]:
    """Run the query. Without a currency, use the first one that has matching costs."""
    named = [question.currency] if question.currency else currencies or [""]
    *others, last = [replace(question, currency=each) for each in named]
    for asked in others:
        answer = explorer.ask(scan.key, asked, page)
        if answer.whole.rows:
            return asked, answer
    return last, explorer.ask(scan.key, last, page)


def question_of(query: Mapping[str, str], scan: Scan, tag_names: list[str]) -> CostQuestion:
    """Parse the query string; raise BadRequest if it is invalid.

    If only the month to compare with is given, it is compared with the newest other month.
    """
    only = {
        name.removeprefix(FILTER_PREFIX): None if value == EMPTY_VALUE else value
        for name, value in query.items()
        if name.startswith(FILTER_PREFIX)
    }
    tag_name = query.get("tag") or (tag_names[0] if tag_names else "")
    by = query.get("by", "service")
    month, against = _month(query.get("month"), scan), _month(query.get("against"), scan)
    if by not in DIMENSIONS or not set(only) <= set(DIMENSIONS):
        raise _invalid()
    if against and not month:
        month = next(each for each in reversed(scan.period.months) if each != against)
    if "month" in only:
        only["month"] = _iso_month(only["month"], scan)
    return CostQuestion(query.get("currency", ""), by, only, month, against, tag_name)


def _month(text: str | None, scan: Scan) -> date | None:
    if text is None:
        return None
    found = next((month for month in scan.period.months if f"{month:%Y-%m}" == text), None)
    if found is None:
        raise _invalid()
    return found


def _iso_month(text: str | None, scan: Scan) -> str:
    found = next((month for month in scan.period.months if month.isoformat() == text), None)
    if found is None:
        raise _invalid()
    return found.isoformat()


def _invalid() -> BadRequest:
    return BadRequest("Invalid cost query", "Go back to the costs and choose from the lists there.")
