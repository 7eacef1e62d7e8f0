"""The operations of the API: one table, which the routes, the answers and the description come from."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.core.errors import Conflict, SignInRequired
from shared.core.limits import API_REQUESTS
from shared.core.models import Scan, Session
from shared.observability.work_log import add_to_work
from shared.sql.collected.cost_explorer import DIMENSIONS
from shared.wiring import Services
from web.api import documents, models
from web.customer.scans import own_scan
from web.http.messages import Request, Response

JSON_TYPE = "application/json"


@dataclass(frozen=True)
class Operation:
    """One address. Exactly one of `of_user` and `of_scan` answers; `query` has each parameter's description."""

    path: str
    operation_id: str
    model: type[models.Document]
    of_user: Callable[[Request, Services, Session], models.Document] | None = None
    of_scan: Callable[[Request, Services, Scan], models.Document] | None = None
    query: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """Return the first line of the function that answers."""
        answers = self.of_user or self.of_scan
        return ((answers.__doc__ if answers else None) or "").strip().partition("\n")[0]


COST_QUERY = {
    "by": f"Dimension to group by: {', '.join(DIMENSIONS)}. Default: service.",
    "currency": "Billing currency; default: the first.",
    "month": "Only this month, such as 2026-01.",
    "against": "Another month to compare with.",
    "tag": "Name of the tag, where a dimension is tag; default: the most frequent.",
    "page": "Page number, from 0.",
    **{f"is_{name}": f"Only costs of this {name}; ~ for costs without one." for name in DIMENSIONS},
}
RESOURCE_QUERY = {
    "text": "Text in the id, tags, SKU or properties.",
    "type": "Resource type.",
    "subscription": "Subscription id.",
    "region": "Region.",
    "page": "Page number, from 0.",
}
ACTIVITY_QUERY = {
    "action": "Only this action.",
    "actor": "Only this kind of actor.",
    "from": "First day, UTC.",
    "to": "Last day, UTC.",
    "before": "Entries before this event_id.",
}
SCAN = "/api/v1/scans/{scan_id}"

OPERATIONS = (
    Operation("/api/v1/scans", "listScans", models.Scans, of_user=documents.scans),
    Operation(f"{SCAN}/overview", "getOverview", models.Overview, of_scan=documents.overview),
    Operation(f"{SCAN}/costs", "getCosts", models.Costs, of_scan=documents.costs, query=COST_QUERY),
    Operation(f"{SCAN}/findings", "listFindings", models.Findings, of_scan=documents.findings),
    Operation(
        f"{SCAN}/resources", "listResources", models.Resources, of_scan=documents.resources, query=RESOURCE_QUERY
    ),
    Operation(f"{SCAN}/coverage", "getCoverage", models.CoverageDocument, of_scan=documents.coverage_document),
    Operation("/api/v1/activity", "listActivity", models.Activity, of_user=documents.activity, query=ACTIVITY_QUERY),
)


def answer(operation_id: str) -> Callable[[Request, Services], Response]:
    """Return the handler of an operation: the token's user, the limit, then the document."""
    operation = next(one for one in OPERATIONS if one.operation_id == operation_id)

    def api_operation(request: Request, services: Services) -> Response:
        session = token_session(request, services)
        services.rate_limits.take(API_REQUESTS, session.user_object_id)
        document = _document(operation, request, services, session)
        return Response(body=document.model_dump_json().encode(), content_type=JSON_TYPE)

    return api_operation


def _document(operation: Operation, request: Request, services: Services, session: Session) -> models.Document:
    if operation.of_user:
        return operation.of_user(request, services, session)
    assert operation.of_scan is not None  # noqa: S101 - the table has one of both
    scan = own_scan(request, services, session)
    if not scan.status.is_final:
        raise Conflict("This scan is still running", "Its data can be read when all of it is there.")
    return operation.of_scan(request, services, scan)


def token_session(request: Request, services: Services) -> Session:
    """Return whom the request's token reads for; raises SignInRequired. A browser's session is not enough."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    session = services.api_tokens.session(token.strip()) if scheme.lower() == "bearer" else None
    if session is None:
        raise SignInRequired("A valid API token is required", "Send it as “Authorization: Bearer …”.")
    add_to_work(user=session.user_object_id)
    return session
