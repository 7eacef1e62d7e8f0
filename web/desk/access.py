"""Access to the review desk. Without a role, its addresses answer 404 like unknown addresses."""

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
"""The length of a reason in the activity log; a longer one is refused rather than cut."""


def current_operator(request: Request, services: Services) -> Operator | None:
    """Return the signed-in operator; None if there is none or the desk is not configured."""
    if not services.settings.has_desk:
        return None
    return services.operator_sessions.get(cookie_of(request, OPERATOR_COOKIE, services))


def require_operator(request: Request, services: Services, role: Role = Role.REVIEWER) -> Operator:
    """Return the signed-in operator; without the role, raise the NotFound of an unknown address."""
    found = current_operator(request, services)
    if found is None or not found.may(role):
        raise no_such_page()
    return found


def acting_operator(request: Request, services: Services, role: Role = Role.REVIEWER) -> Operator:
    """Return the signed-in operator for a form, which must be sent from one of our own pages."""
    found = require_operator(request, services, role)
    check_same_origin(request, services)
    return found


def desk_scan(request: Request, services: Services) -> Scan:
    """Return the scan of the route, of any customer; raise the NotFound of an unknown address."""
    scan_id = request.route.get("scan_id", "")
    scan = services.review_queue.find(scan_id) if SCAN_ID.fullmatch(scan_id) else None
    if scan is None:
        raise no_such_page()
    return scan


def desk_customer(request: Request, services: Services) -> str:
    """Return the tenant id of the route; for an unknown customer, raise the NotFound of an unknown address."""
    tenant_id = request.route.get("tenant_id", "")
    if not (SCAN_ID.fullmatch(tenant_id) and services.customers.is_known(tenant_id)):
        raise no_such_page()
    return tenant_id


def reason_of(form: Mapping[str, str]) -> str:
    """Return the reason entered in the form; raise BadRequest if it is empty or too long."""
    reason = form.get("reason", "").strip()
    if not reason:
        raise BadRequest(
            "Enter a reason",
            "Nothing was changed. Go back and enter a reason. The customer can read it in their activity log.",
        )
    if len(reason) > MAX_REASON_CHARACTERS:
        raise BadRequest(
            "The reason is too long",
            f"Nothing was changed. Go back and shorten it to {MAX_REASON_CHARACTERS} characters.",
        )
    return reason


def actor(who: Operator) -> Actor:
    """Return the operator as an actor of the audit log."""
    return operator(who.object_id, who.username)


def customer_event(
    tenant_id: str, who: Operator, action: Action, at: datetime, reason: str, details: Mapping[str, Detail]
) -> AuditEvent:
    """Return the audit event of an operator's action on a whole customer."""
    return AuditEvent(at, tenant_id, actor(who), action, reason=reason, details=details)


def scan_event(
    scan: Scan, who: Operator, action: Action, at: datetime, reason: str, outcome: Outcome = Outcome.DONE
) -> AuditEvent:
    """Return the audit event of an operator's action on a scan."""
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
