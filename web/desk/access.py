"""Who may see the review desk. To everybody else its addresses do not exist."""

from collections.abc import Mapping
from datetime import datetime

from shared.core.audit import Action, Actor, AuditEvent, Detail, Outcome, Subject, operator
from shared.core.errors import BadRequest
from shared.core.models import Scan
from shared.core.operators import Operator, Role
from shared.wiring import Services
from web.http.access import check_same_origin, cookie_of
from web.http.messages import Request
from web.rendering.labels import SCAN_ID
from web.rendering.pages import no_such_page

OPERATOR_COOKIE = "operator"
OPERATOR_FLOW_COOKIE = "operator-flow"
MAX_REASON_CHARACTERS = 400
"""What the activity log keeps of a reason: a longer one would be cut, so it is refused."""


def current_operator(request: Request, services: Services) -> Operator | None:
    """The operator of this browser, if there is one and the desk is open."""
    if not services.settings.has_desk:
        return None
    return services.operator_sessions.get(cookie_of(request, OPERATOR_COOKIE, services))


def require_operator(request: Request, services: Services, role: Role = Role.REVIEWER) -> Operator:
    """The operator of this browser; for anybody without the role, the answer of an address that does not exist."""
    found = current_operator(request, services)
    if found is None or not found.may(role):
        raise no_such_page()
    return found


def acting_operator(request: Request, services: Services, role: Role = Role.REVIEWER) -> Operator:
    """The same for a form that does something: it has to come from one of our pages."""
    found = require_operator(request, services, role)
    check_same_origin(request, services)
    return found


def desk_scan(request: Request, services: Services) -> Scan:
    """The scan of the route, whosever it is; raises the NotFound of an address that does not exist."""
    scan_id = request.route.get("scan_id", "")
    scan = services.review_queue.find(scan_id) if SCAN_ID.fullmatch(scan_id) else None
    if scan is None:
        raise no_such_page()
    return scan


def desk_customer(request: Request, services: Services) -> str:
    """The tenant id of the route; raises the NotFound of an address that does not exist for one we know nothing of."""
    tenant_id = request.route.get("tenant_id", "")
    if not (SCAN_ID.fullmatch(tenant_id) and services.customers.is_known(tenant_id)):
        raise no_such_page()
    return tenant_id


def reason_of(request: Request) -> str:
    """Why the operator does it; raises BadRequest when the form says nothing."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise BadRequest(
            "A reason is needed",
            "Nothing was done. Go back and say why: the customer can read it in their activity log.",
        )
    if len(reason) > MAX_REASON_CHARACTERS:
        raise BadRequest(
            "The reason is too long",
            f"Nothing was done. Go back and say it in {MAX_REASON_CHARACTERS} characters: so much is kept.",
        )
    return reason


def actor(who: Operator) -> Actor:
    """The operator as the audit log names them."""
    return operator(who.object_id, who.username)


def customer_event(
    tenant_id: str, who: Operator, action: Action, at: datetime, reason: str, details: Mapping[str, Detail]
) -> AuditEvent:
    """An operator's act on all of one customer, for the audit log."""
    return AuditEvent(at, tenant_id, actor(who), action, reason=reason, details=details)


def scan_event(
    scan: Scan, who: Operator, action: Action, at: datetime, reason: str, outcome: Outcome = Outcome.DONE
) -> AuditEvent:
    """An operator's act on one customer's scan, for the audit log."""
    return AuditEvent(
        occurred_at=at,
        tenant_id=scan.tenant_id,
        actor=actor(who),
        action=action,
        outcome=outcome,
        user_object_id=scan.user_object_id,
        subject=Subject("scan", scan.scan_id),
        reason=reason,
    )
