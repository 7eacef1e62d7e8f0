"""The costs of a scan: by month and group, filtered, compared, down to meters; the address holds the state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shared.core.coverage import Coverage, coverage
from shared.core.errors import BadRequest
from shared.core.formats import subscription
from shared.core.models import Scan, Session
from shared.core.money import sum_exactly
from shared.core.price_basis import at_public_prices, is_open
from shared.sql.collected.cost_answers import PAGE_ROWS, CostAnswer, CostGroup, CostQuestion
from shared.sql.collected.cost_explorer import TAG
from shared.sql.collected.cost_totals import CostTotal
from shared.wiring import Services
from web.customer.scan_pages import finished_scan, scan_page
from web.http.forms import whole_number
from web.http.messages import Request, Response
from web.rendering.commitment_section import commitment_section
from web.rendering.cost_chart import stacked_columns
from web.rendering.cost_explorer import (
    DIMENSION_LABELS,
    EMPTY_VALUE,
    FILTER_PREFIX,
    CostLine,
    CostView,
    question_of,
)
from web.rendering.cost_figures import Series, layers
from web.rendering.cost_gaps import cost_gaps
from web.rendering.report_sections import coverage_by_kind, kinds_read

FROM_TOTALS = ("service", "subscription", "resource_group")
"""Groupings whose totals are stored with the scan: without a filter, no cost row is read for them."""

DIMENSION_PLURALS = {"service": "services", "subscription": "subscriptions", "resource_group": "resource groups"}
SORTS = {"cost": "Cost", "name": "Name", "change": "Change"}
MAX_PAGES = 10_000
MAX_SEARCH_CHARACTERS = 100


@dataclass(frozen=True)
class TableQuery:
    """How the table is shown: sorted, searched by name, and which page of it, counted from 0."""

    sort: str
    search: str
    page: int

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "TableQuery":
        """Parse the query string; raises BadRequest for values that the page has no link to."""
        page, sort = whole_number(query.get("page", "0"), MAX_PAGES - 1), query.get("sort", "cost")
        search = query.get("q", "").strip()
        if page is None or sort not in SORTS or len(search) > MAX_SEARCH_CHARACTERS:
            raise BadRequest("Invalid cost query", "Go back to the costs and choose from the lists there.")
        return cls(sort, search, page)


@dataclass(frozen=True)
class CostTable:
    """The rows that are shown, how many there are in all pages, the total of all groups, and the chart's layers."""

    lines: tuple[CostLine, ...]
    count: int
    whole: CostGroup
    layers: tuple[Series, ...]


def scan_costs(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/costs."""
    session, scan = finished_scan(request, services)
    read = coverage(services.steps.list(scan.key), scan.left_out_json)
    query = request.query
    by, filters = query.get("by", "service"), [name for name in query if name.startswith(FILTER_PREFIX)]
    stored_by = by if by in FROM_TOTALS and not filters else "service"
    totals = services.cost_totals.by_dimension(scan.key, sorted({"service", stored_by}))
    currencies = by_total(totals["service"])
    if not currencies:
        return _no_costs(session, scan, read)
    is_about_tags = by == TAG or f"{FILTER_PREFIX}{TAG}" in filters
    tag_names = services.cost_explorer.tag_names(scan.key) if is_about_tags else []
    question = question_of(query, scan, tag_names)
    question = question if question.currency in currencies else replace(question, currency=currencies[0])
    shown = TableQuery.of(query)
    view = CostView(f"/scans/{scan.scan_id}/costs", question, shown.page, read.subscription_names)
    is_stored = by == stored_by and not filters
    table = stored_table(view, scan, totals[stored_by], shown) if is_stored else _summed_table(services, view, scan)
    return scan_page(
        "customer/costs.html",
        session,
        scan,
        "/costs",
        view=view,
        table=table,
        shown=shown,
        sorts=SORTS if is_stored else {},
        chart=stacked_columns(table.layers, scan.period.months, question.currency),
        columns=month_links(view, table.layers, scan),
        labels=DIMENSION_LABELS,
        currencies=currencies,
        tag_names=tag_names,
        filter_prefix=FILTER_PREFIX,
        empty_value=EMPTY_VALUE,
        pages=-(-table.count // PAGE_ROWS),
        cost_gaps=cost_gaps(read),
        commitments=None if filters or question.month else commitment_section(services, scan.key, read),
        partner_subscriptions=[] if filters else partner_subscriptions(services, scan, read.subscription_names),
        is_open=is_open(scan.period.months[-1], scan.requested_at.date()),
    )


def _no_costs(session: Session, scan: Scan, read: Coverage) -> Response:
    return scan_page(
        "customer/no_costs.html",
        session,
        scan,
        "/costs",
        coverage_by_kind=coverage_by_kind(read),
        kinds_read=kinds_read(read),
    )


def by_total(services: Sequence[CostTotal]) -> list[str]:
    """Return the currencies of the costs: the one with most rows of totals first, then by code."""
    counts: dict[str, int] = {}
    for total in services:
        counts[total.billing_currency] = counts.get(total.billing_currency, 0) + 1
    return sorted(counts, key=lambda currency: (-counts[currency], currency))


def stored_table(view: CostView, scan: Scan, totals: Sequence[CostTotal], shown: TableQuery) -> CostTable:
    """Return the table from the scan's totals: sorted and searched here, because all groups are known."""
    question = view.question
    own = [total for total in totals if total.billing_currency == question.currency]
    named = [replace(one, value=view.name_of(question.by, one.value)[0]) for one in own]
    groups = [group for group in _groups(own, question) if _is_found(view, group, shown.search)]
    whole = CostGroup(None, _sum(groups, "billed_cost"), _sum(groups, "compared"), 0)
    answer = CostAnswer(tuple(groups), len(groups), whole)
    lines = sorted(_lines(view, answer), key=lambda line: _order(line, shown.sort))
    part = lines[shown.page * PAGE_ROWS : (shown.page + 1) * PAGE_ROWS]
    return CostTable(tuple(part), len(groups), whole, layers(named, scan.period.months, DIMENSION_PLURALS[question.by]))


def _groups(totals: Sequence[CostTotal], question: CostQuestion) -> list[CostGroup]:
    """Return each value's sum in the chosen month, or in all, and in the month compared with."""
    by_value: dict[str | None, tuple[list[Decimal], list[Decimal]]] = {}
    for total in totals:
        chosen, compared = by_value.setdefault(total.value, ([], []))
        if question.month is None or total.charge_period_start == question.month:
            chosen.append(total.billed_cost)
        if question.compared_with == total.charge_period_start:
            compared.append(total.billed_cost)
    return [
        CostGroup(value, sum_exactly(chosen) if chosen else None, sum_exactly(compared) if compared else None, 0)
        for value, (chosen, compared) in by_value.items()
        if chosen or compared
    ]


def _is_found(view: CostView, group: CostGroup, search: str) -> bool:
    name, note = view.name_of(view.question.by, group.value)
    return search.casefold() in f"{name} {note or ''}".casefold()


def _sum(groups: Sequence[CostGroup], field: str) -> Decimal | None:
    amounts = [amount for group in groups if (amount := getattr(group, field)) is not None]
    return sum_exactly(amounts) if amounts else None


def _order(line: CostLine, sort: str) -> tuple[Decimal, str]:
    if sort == "name":
        return Decimal(0), line.name.casefold()
    if sort == "change":
        return -abs(line.change or Decimal(0)), line.name
    return -(line.billed_cost or Decimal(0)), line.name


def _lines(view: CostView, answer: CostAnswer) -> list[CostLine]:
    amounts = [abs(group.billed_cost) for group in answer.groups if group.billed_cost is not None]
    largest = max(amounts, default=Decimal(0))
    return [view.line(group, answer, largest) for group in answer.groups]


def _summed_table(services: Services, view: CostView, scan: Scan) -> CostTable:
    """Return the table from the cost rows, most expensive first, and their months as one layer of the chart."""
    explorer, question = services.cost_explorer, view.question
    answer = explorer.ask(scan.key, question, view.page)
    monthly = explorer.ask(scan.key, replace(question, by="month", month=None, compared_with=None))
    amounts = {group.value: group.billed_cost or Decimal(0) for group in monthly.groups}
    months = tuple(amounts.get(month, Decimal(0)) for month in scan.period.months)
    layer = Series("Costs that match", months, sum_exactly(months))
    return CostTable(tuple(_lines(view, answer)), answer.group_count, answer.whole, (layer,))


@dataclass(frozen=True)
class MonthLink:
    """One month of the chart: its total, and where it leads. `x` is a percentage of the plot."""

    month: date
    amount: Decimal
    link: str
    x: float
    width: float
    anchor: str
    is_chosen: bool


def month_links(view: CostView, shown: Sequence[Series], scan: Scan) -> tuple[MonthLink, ...]:
    """Return the months as links: each shows that month alone, or all months again if it is the chosen one."""
    months, question = scan.period.months, view.question
    width = 100 / len(months)
    return tuple(
        MonthLink(
            month=month,
            amount=sum_exactly(series.amounts[number] for series in shown),
            link=view.at_month(None if month == question.month else month),
            x=round(width * number, 3),
            width=round(width, 3),
            anchor="start" if number < len(months) / 3 else ("end" if number >= len(months) * 2 / 3 else "middle"),
            is_chosen=month in (question.month, question.compared_with),
        )
        for number, month in enumerate(months)
    )


def partner_subscriptions(services: Services, scan: Scan, subscriptions: Mapping[str, str]) -> list[str]:
    """Return the names of the subscriptions whose costs are at public prices because a partner invoices them."""
    found = at_public_prices(services.subscriptions.quota_ids(scan.key))
    return sorted(subscription(each, subscriptions) for each in found)
