"""Ad-hoc queries: Resource Graph by KQL, costs by form; both over this customer's subscriptions of this scan."""

from collections.abc import Mapping
from typing import Any

from shared.arm.kql import complaint_about
from shared.arm.kql_reach import TABLES
from shared.audit import Action
from shared.core.cost_query import GRANULARITIES, GROUPINGS, MOST_GROUPINGS
from shared.core.errors import BadRequest, Conflict, RequestError
from shared.core.models import Scan
from shared.core.operator_jobs import JobKind
from shared.core.operators import Operator
from shared.sql.reviews import Reviews
from shared.wiring import Services
from web.desk_access import acting_operator, desk_scan, reason_of, require_operator
from web.desk_asking import Wish, ask
from web.desk_costs import subscription_names
from web.desk_pages import desk_page, refusal_now
from web.http import Request, Response

ALL = "all"
CAPS = ("100", "500", "1000")
MOST_SUBSCRIPTIONS = 1000
"""Resource Graph's own limit for one query."""

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
    complaint = complaint_about(query)
    if complaint is not None:
        raise BadRequest("This query was not sent", complaint)
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
        parameters = _cost_parameters(request.form, scan, subscription_names(services, scan))
        by = ", ".join(GROUPINGS[name].lower() for name in parameters["group_by"]) or "nothing"
        title = f"Costs by {by}, {parameters['first'][:7]} to {parameters['last'][:7]}"
        details = {"subscriptions": ", ".join(parameters["subscriptions"]), "granularity": parameters["granularity"]}
        parts = len(parameters["subscriptions"])
        wish = Wish(JobKind.COST_QUERY, Action.QUERY, title, parameters, parts, details)
        return ask(services, scan, who, wish, reason_of(request))
    except (BadRequest, Conflict) as error:
        return _page(services, who, scan, request.form, error)


def _page(
    services: Services, who: Operator, scan: Scan, filled: Mapping[str, str], error: RequestError | None = None
) -> Response:
    return desk_page(
        "desk_query.html",
        services,
        who,
        scan,
        "/query",
        status=error.status if error else 200,
        error=error,
        filled=filled,
        refusal=refusal_now(scan, Reviews(services.database).get(scan.tenant_id, scan.scan_id), services),
        subscriptions=subscription_names(services, scan),
        groupings=GROUPINGS,
        granularities=GRANULARITIES,
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


def _cost_parameters(form: Mapping[str, str], scan: Scan, known: Mapping[str, str]) -> dict[str, Any]:
    """Raises BadRequest for what the form does not offer."""
    group_by = [name for name in dict.fromkeys((form.get("first_by"), form.get("second_by"))) if name]
    months = {f"{month:%Y-%m}": month for month in scan.period.months}
    first, last = months.get(form.get("from", "")), months.get(form.get("to", ""))
    granularity = form.get("granularity", "Monthly")
    if not set(group_by) <= set(GROUPINGS) or len(group_by) > MOST_GROUPINGS or granularity not in GRANULARITIES:
        raise BadRequest("Costs cannot be grouped like this", "Choose from the lists.")
    if first is None or last is None or last < first:
        raise BadRequest("These are no months of this scan", "Choose a first month, and a last one that is not before.")
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "granularity": granularity,
        "group_by": group_by,
        "subscriptions": _subscriptions(form, known),
    }
