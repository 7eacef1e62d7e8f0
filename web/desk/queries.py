"""Ad-hoc queries over the subscriptions of a scan: Resource Graph by KQL, Cost Management by form."""

import re
from collections.abc import Mapping, Sequence

from shared.arm.kql.query import rejection_reason
from shared.arm.kql.readable import TABLES
from shared.core.audit import Action
from shared.core.cost_query import (
    COST_TYPES,
    DIMENSIONS,
    GRANULARITIES,
    MAX_DAILY_MONTHS,
    MAX_ROWS,
    MAX_VALUES,
    CostQuery,
)
from shared.core.errors import BadRequest, Conflict, RequestError
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind
from shared.core.operators import Operator
from shared.wiring import Services
from web.desk.access import acting_operator, desk_scan, reason_of, require_operator
from web.desk.costs import subscription_names
from web.desk.job_requests import JobRequest, request_job
from web.desk.layout import desk_page, read_refusal
from web.http.forms import whole_number
from web.http.messages import Request, Response

ALL = "all"
CAPS = ("100", "500", "1000")
LARGEST_CAP = 1_000
MAX_SUBSCRIPTIONS = 1000
"""The limit of Resource Graph for one query."""

NAMED_SUBSCRIPTION = re.compile(r"(?i)/subscriptions/([^/]*)")

EXAMPLE = """resources
| where type =~ 'microsoft.compute/disks'
| project id, name, location, state = properties.diskState"""


def desk_query(request: Request, services: Services) -> Response:
    """GET /desk/scans/{scan_id}/query: the forms; `query` prefills the Resource Graph query."""
    who = require_operator(request, services)
    scan = desk_scan(request, services)
    return _page(services, who, scan, {"query": request.query.get("query", EXAMPLE)})


def desk_query_resources(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/query/resources. A rejected query is shown again with the reason."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    form = request.form
    query = form.get("query", "").replace("\r\n", "\n").strip()
    try:
        job_request = _resource_query(query, form, subscription_names(services.steps, scan))
        return request_job(services, scan, who, job_request, reason_of(request.form))
    except (BadRequest, Conflict) as error:
        return _page(services, who, scan, {**form, "query": query}, error)


def _resource_query(query: str, form: Mapping[str, str], known: Mapping[str, str]) -> JobRequest:
    """Validate the Resource Graph query; raise BadRequest if it is not allowed."""
    rejection = rejection_reason(query)
    if rejection is not None:
        raise BadRequest("The query was not sent", rejection)
    cap = whole_number(form.get("cap", CAPS[0]), LARGEST_CAP)
    if str(cap) not in CAPS or cap is None:
        raise BadRequest("Unknown row limit", "Choose a limit from the list.")
    subscriptions = _subscriptions(form, known)
    parameters = {"query": query, "subscriptions": subscriptions, "cap": cap}
    details = {"query": query, "subscriptions": ", ".join(subscriptions)}
    title = f"Resource Graph: {' '.join(query.split())}"
    return JobRequest(JobKind.RESOURCE_QUERY, Action.QUERY, title, parameters, 1, details)


def desk_query_costs(request: Request, services: Services) -> Response:
    """POST /desk/scans/{scan_id}/query/costs."""
    who = acting_operator(request, services)
    scan = desk_scan(request, services)
    try:
        job_request = _cost_query(request.form, scan, subscription_names(services.steps, scan))
        return request_job(services, scan, who, job_request, reason_of(request.form))
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
        refusal=read_refusal(services, scan),
        subscriptions=subscription_names(services.steps, scan),
        dimensions=DIMENSIONS,
        cost_types=COST_TYPES,
        granularities=GRANULARITIES,
        most_daily_months=MAX_DAILY_MONTHS,
        most_cost_rows=MAX_ROWS,
        most_values=MAX_VALUES,
        caps=CAPS,
        all_subscriptions=ALL,
        tables=tuple(TABLES),
    )


def _subscriptions(form: Mapping[str, str], known: Mapping[str, str]) -> list[str]:
    """Return the selected subscription, or all of the scan; raise BadRequest for any other."""
    named = form.get("subscription", ALL)
    chosen = sorted(known) if named == ALL else [named]
    if not chosen or not set(chosen) <= set(known) or len(chosen) > MAX_SUBSCRIPTIONS:
        raise BadRequest("The subscription is not in this scan", "Choose a subscription from the list.")
    return chosen


def _cost_query(form: Mapping[str, str], scan: Scan, known: Mapping[str, str]) -> JobRequest:
    """Validate the cost query; raise BadRequest for values outside the form or that Azure would reject."""
    question = _cost_question(form, scan)
    rejection = question.validation_error() or _outside_scan(question.values, known)
    if rejection is not None:
        raise BadRequest("The cost query was not sent", rejection)
    subscriptions = _subscriptions(form, known)
    details = {
        "subscriptions": ", ".join(subscriptions),
        "type": question.cost_type,
        "granularity": question.granularity,
        **({"only": f"{question.only}: {', '.join(question.values)}"} if question.only else {}),
    }
    parameters = {**question.to_parameters(), "subscriptions": subscriptions}
    return JobRequest(JobKind.COST_QUERY, Action.QUERY, question.title, parameters, len(subscriptions), details)


def _cost_question(form: Mapping[str, str], scan: Scan) -> CostQuery:
    months = {f"{month:%Y-%m}": month for month in scan.period.months}
    first, last = months.get(form.get("from", "")), months.get(form.get("to", ""))
    if first is None or last is None:
        raise BadRequest("The months are not in this scan", "Choose a first month and a last month from the lists.")
    return CostQuery(
        form.get("cost_type", "ActualCost"),
        form.get("granularity", "Monthly"),
        first,
        last,
        tuple(name for name in (form.get("first_by"), form.get("second_by")) if name),
        form.get("only") or None,
        tuple(dict.fromkeys(line.strip() for line in form.get("values", "").splitlines() if line.strip())),
    )


def _outside_scan(values: Sequence[str], known: Mapping[str, str]) -> str | None:
    """Return a message if a value is a resource of a subscription outside this scan."""
    own = {subscription_id.lower() for subscription_id in known}
    for value in values:
        named = NAMED_SUBSCRIPTION.search(value)
        if named and named.group(1).lower() not in own:
            return f"“{value[:80]}” belongs to a subscription that is not in this scan."
    return None
