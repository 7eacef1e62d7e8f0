"""Ad-hoc queries: Resource Graph by KQL, costs by form; both over this customer's subscriptions of this scan."""

import re
from collections.abc import Mapping, Sequence

from shared.arm.kql.query import rejection_reason
from shared.arm.kql.readable import TABLES
from shared.core.audit import Action
from shared.core.cost_query import (
    COST_TYPES,
    DIMENSIONS,
    GRANULARITIES,
    MOST_DAILY_MONTHS,
    MOST_ROWS,
    MOST_VALUES,
    CostQuestion,
)
from shared.core.errors import BadRequest, Conflict, RequestError
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind
from shared.core.operators import Operator
from shared.wiring import Services
from web.desk.access import acting_operator, desk_scan, reason_of, require_operator
from web.desk.costs import subscription_names
from web.desk.job_requests import Wish, ask
from web.desk.layout import desk_page, refusal_now
from web.http.messages import Request, Response

ALL = "all"
CAPS = ("100", "500", "1000")
MOST_SUBSCRIPTIONS = 1000
"""Resource Graph's own limit for one query."""

NAMED_SUBSCRIPTION = re.compile(r"(?i)/subscriptions/([^/]*)")

EXAMPLE = """resources
| where type =~ 'microsoft.compute/disks'
| project id, name, location, state = properties.diskState"""


def desk_query(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/query; `query` fills the form in, for another try."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    return _page(services, who, scan, {"query": request.query.get("query", EXAMPLE)})


def desk_query_resources(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/query/resources. What cannot be sent is said beside what was written."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    form = request.form
    query = form.get("query", "").replace("\r\n", "\n").strip()
    try:
        wish = _resource_wish(query, form, subscription_names(services, scan))
        return ask(services, scan, who, wish, reason_of(request))
    except (BadRequest, Conflict) as error:
        return _page(services, who, scan, {**form, "query": query}, error)


def _resource_wish(query: str, form: Mapping[str, str], known: Mapping[str, str]) -> Wish:
    """Raises BadRequest for a query that may not be sent."""
    reason = rejection_reason(query)
    if reason is not None:
        raise BadRequest("This query was not sent", reason)
    cap = form.get("cap", CAPS[0])
    if cap not in CAPS:
        raise BadRequest("There is no such limit of rows", "Choose one of the list.")
    subscriptions = _subscriptions(form, known)
    parameters = {"query": query, "subscriptions": subscriptions, "cap": int(cap)}
    details = {"query": query, "subscriptions": ", ".join(subscriptions)}
    title = f"Resource Graph: {' '.join(query.split())}"
    return Wish(JobKind.RESOURCE_QUERY, Action.QUERY, title, parameters, 1, details)


def desk_query_costs(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/query/costs."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    try:
        wish = _cost_wish(request.form, scan, subscription_names(services, scan))
        return ask(services, scan, who, wish, reason_of(request))
    except (BadRequest, Conflict) as error:
        return _page(services, who, scan, request.form, error)


def _page(
    services: Services, who: Operator, scan: Scan, filled: Mapping[str, str], error: RequestError | None = None
) -> Response:
    return desk_page(
        "desk/query.html",
        services,
        who,
        scan,
        "/query",
        status=error.status if error else 200,
        error=error,
        filled=filled,
        refusal=refusal_now(scan, services.reviews.get(scan.tenant_id, scan.scan_id), services),
        subscriptions=subscription_names(services, scan),
        dimensions=DIMENSIONS,
        cost_types=COST_TYPES,
        granularities=GRANULARITIES,
        most_daily_months=MOST_DAILY_MONTHS,
        most_cost_rows=MOST_ROWS,
        most_values=MOST_VALUES,
        caps=CAPS,
        all_subscriptions=ALL,
        tables=tuple(TABLES),
    )


def _subscriptions(form: Mapping[str, str], known: Mapping[str, str]) -> list[str]:
    """One of the scan's, or all of them; raises BadRequest for any other."""
    named = form.get("subscription", ALL)
    chosen = sorted(known) if named == ALL else [named]
    if not chosen or not set(chosen) <= set(known) or len(chosen) > MOST_SUBSCRIPTIONS:
        raise BadRequest("There is no such subscription in this scan", "Choose one of the list.")
    return chosen


def _cost_wish(form: Mapping[str, str], scan: Scan, known: Mapping[str, str]) -> Wish:
    """Raises BadRequest for what the form does not offer, and for what Azure would refuse."""
    question = _cost_question(form, scan)
    complaint = question.complaint() or _stranger_among(question.values, known)
    if complaint is not None:
        raise BadRequest("These costs were not asked for", complaint)
    subscriptions = _subscriptions(form, known)
    details = {
        "subscriptions": ", ".join(subscriptions),
        "type": question.cost_type,
        "granularity": question.granularity,
        **({"only": f"{question.only}: {', '.join(question.values)}"} if question.only else {}),
    }
    parameters = {**question.to_parameters(), "subscriptions": subscriptions}
    return Wish(JobKind.COST_QUERY, Action.QUERY, question.title, parameters, len(subscriptions), details)


def _cost_question(form: Mapping[str, str], scan: Scan) -> CostQuestion:
    months = {f"{month:%Y-%m}": month for month in scan.period.months}
    first, last = months.get(form.get("from", "")), months.get(form.get("to", ""))
    if first is None or last is None:
        raise BadRequest("These are no months of this scan", "Choose a first month, and a last one that is not before.")
    return CostQuestion(
        form.get("cost_type", "ActualCost"),
        form.get("granularity", "Monthly"),
        first,
        last,
        tuple(name for name in (form.get("first_by"), form.get("second_by")) if name),
        form.get("only") or None,
        tuple(dict.fromkeys(line.strip() for line in form.get("values", "").splitlines() if line.strip())),
    )


def _stranger_among(values: Sequence[str], known: Mapping[str, str]) -> str | None:
    """A resource of a subscription that is not of this scan, in a sentence."""
    own = {subscription_id.lower() for subscription_id in known}
    for value in values:
        named = NAMED_SUBSCRIPTION.search(value)
        if named and named.group(1).lower() not in own:
            return f"“{value[:80]}” is of a subscription that is not in this scan."
    return None
