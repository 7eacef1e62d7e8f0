"""The cost explorer of a scan: group, drill down and compare two months, page by page."""

from collections.abc import Mapping
from decimal import Decimal

from shared.core.coverage import coverage
from shared.core.errors import BadRequest
from shared.core.models import Scan
from shared.sql.collected.cost_answers import PAGE_ROWS
from shared.sql.scans.steps import Steps
from shared.wiring import Services
from web.desk.access import desk_scan, require_operator
from web.desk.layout import desk_page
from web.http.forms import whole_number
from web.http.messages import Request, Response
from web.rendering.cost_explorer import DIMENSION_LABELS, EMPTY_VALUE, FILTER_PREFIX, CostView, answered, question_of
from web.rendering.cost_gaps import cost_gaps

MAX_PAGES = 10_000


def desk_costs(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/costs."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    explorer, key = services.cost_explorer, scan.key
    currencies, tag_names = explorer.currencies(key), explorer.tag_names(key)
    page = page_of(request.query)
    question, answer = answered(explorer, scan, question_of(request.query, scan, tag_names), page, currencies)
    read = coverage(services.steps.list(scan.key))
    view = CostView(f"/desk/scans/{scan.scan_id}/costs", question, page, read.subscription_names)
    largest = max(
        (abs(group.billed_cost) for group in answer.groups if group.billed_cost is not None), default=Decimal(0)
    )
    return desk_page(
        "desk/costs.html",
        services,
        who,
        scan,
        "/costs",
        view=view,
        answer=answer,
        lines=[view.line(group, answer, largest) for group in answer.groups],
        labels=DIMENSION_LABELS,
        currencies=currencies,
        tag_names=tag_names,
        filter_prefix=FILTER_PREFIX,
        empty_value=EMPTY_VALUE,
        pages=-(-answer.group_count // PAGE_ROWS),
        cost_gaps=cost_gaps(read),
    )


def page_of(query: Mapping[str, str]) -> int:
    """Return the requested page number, counted from 0; raise BadRequest if it is invalid."""
    page = whole_number(query.get("page", "0"), MAX_PAGES - 1)
    if page is None:
        raise BadRequest("Unknown page number", "Go back and choose a page.")
    return page


def subscription_names(steps: Steps, scan: Scan) -> dict[str, str]:
    """Return the names of the scan's subscriptions by id, in lower case."""
    read = coverage(steps.list(scan.key))
    return read.subscription_names
