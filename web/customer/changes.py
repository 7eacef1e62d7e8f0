"""What moved between two months of a scan, what is out of line, and a forecast of the next three."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from shared.core.coverage import coverage
from shared.core.errors import BadRequest
from shared.core.forecast import HORIZON, LARGEST_ERROR, forecast
from shared.core.models import Scan
from shared.core.money import sum_exactly
from shared.core.periods import add_months
from shared.core.price_basis import is_open
from shared.sql.collected.cost_explorer import CostQuestion
from shared.wiring import Services
from web.customer.scan_pages import finished_scan, scan_page
from web.http.messages import Request, Response
from web.rendering.cost_changes import anomalies, by_value, changes
from web.rendering.cost_explorer import DIMENSION_LABELS, CostView
from web.rendering.cost_gaps import cost_gaps

GROUPINGS = ("service", "subscription", "resource_group", "resource")
SHOWN = 20


def scan_changes(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/changes."""
    session, scan = finished_scan(request, services)
    by = request.query.get("by", "service")
    if by not in GROUPINGS:
        raise _invalid()
    read = coverage(services.steps.list(scan.key), scan.left_out_json)
    totals = services.cost_totals.by_dimension(scan.key, sorted({"service", by}))
    currencies = sorted({total.billing_currency for total in totals["service"]})
    currency = request.query.get("currency") or (currencies[0] if currencies else "")
    if currencies and currency not in currencies:
        raise _invalid()
    before, after = _months(request.query, scan)
    series, whole = by_value(totals[by], currency), by_value(totals["service"], currency)
    months = scan.period.months
    monthly = {month: sum_exactly(own[month] for own in whole.values() if month in own) for month in months}
    question = CostQuestion(currency, by, {}, after, before)
    return scan_page(
        "customer/changes.html",
        session,
        scan,
        "/changes",
        view=CostView(f"/scans/{scan.scan_id}/costs", question, 0, read.subscription_names),
        by=by,
        groupings={each: DIMENSION_LABELS[each] for each in GROUPINGS},
        currency=currency,
        currencies=currencies,
        before=before,
        after=after,
        whole_before=monthly[before],
        whole_after=monthly[after],
        changes=changes(series, before, after),
        anomalies=anomalies(series, _closed(scan)),
        forecast=forecast([monthly[month] for month in months]) if _closed(scan) == months else None,
        next_months=[add_months(months[-1], step + 1) for step in range(HORIZON)],
        largest_error=LARGEST_ERROR,
        shown=SHOWN,
        cost_gaps=cost_gaps(read),
        resources_link=lambda value: _resources(scan, question, value, read.subscription_names),
    )


def _resources(scan: Scan, question: CostQuestion, value: str | None, names: Mapping[str, str]) -> str:
    """Return the address of the costs that are behind a change: the two months compared, one level down."""
    below = {"service": "resource", "resource": "meter"}.get(question.by, "service")
    narrower = replace(question, by=below, only={question.by: value})
    return CostView(f"/scans/{scan.scan_id}/costs", narrower, 0, names).link()


def _closed(scan: Scan) -> tuple[date, ...]:
    """Return the months that Azure has closed: the last one can still change for some days."""
    months = scan.period.months
    return months[:-1] if is_open(months[-1], scan.requested_at.date()) else months


def _months(query: Mapping[str, str], scan: Scan) -> tuple[date, date]:
    """Return the two months to compare: those of the query, or the last closed one and the one before."""
    by_name = {f"{month:%Y-%m}": month for month in scan.period.months}
    named = [query.get("against") or "", query.get("month") or ""]
    if not any(named):
        closed = _closed(scan)
        return closed[-2], closed[-1]
    if not all(name in by_name for name in named) or named[0] == named[1]:
        raise _invalid()
    return by_name[named[0]], by_name[named[1]]


def _invalid() -> BadRequest:
    return BadRequest("Invalid comparison", "Go back to the changes and choose two months from the lists.")
