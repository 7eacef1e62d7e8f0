"""Access to the review desk. Without a role, its addresses answer 404 like unknown addresses."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from shared.core.audit import Action, Actor, AuditEvent, Detail, Outcome, Subject, operator
from shared.core.errors import BadRequest, SignInAgain
from shared.core.models import Scan
from shared.core.operators import Operator, Role
from shared.identity.operator_sessions import OPERATOR_IDLE_MINUTES, ROLES_READ_AGAIN_MINUTES
from shared.identity.operators import SignInMode
from shared.observability.events import Event
from shared.observability.work_log import add_to_work, log_event
from shared.wiring import Services
from web.http.access import check_same_origin, cookie_of, is_use
from web.http.messages import Request
from web.rendering.labels import SCAN_ID
from web.rendering.pages import no_such_page

log = logging.getLogger("caleta.web")

OPERATOR_COOKIE = "operator"
OPERATOR_FLOW_COOKIE = "operator-flow"
FRESH_SIGN_IN_MINUTES = 10

ROLES_MAX_AGE = timedelta(minutes=ROLES_READ_AGAIN_MINUTES)
ROLES_MAX_AGE_OF_FORMS = timedelta(minutes=ROLES_READ_AGAIN_MINUTES + OPERATOR_IDLE_MINUTES)

MAX_REASON_CHARACTERS = 400
"""The length of a reason in the activity log; a longer one is refused rather than cut."""


def current_operator(request: Request, services: Services) -> Operator | None:
    """Return the signed-in operator; None if there is none or the desk is not configured."""
    if not services.settings.has_desk:
        return None
    return services.operator_sessions.get(cookie_of(request, OPERATOR_COOKIE, services), is_use=is_use(request))


def require_operator(request: Request, services: Services, role: Role = Role.REVIEWER) -> Operator:
    """Return the signed-in operator; without the role, raise the NotFound of an unknown address.

    Raises SignInAgain if Entra has to confirm the roles first.
    """
    found = current_operator(request, services)
    if found is None:
        raise no_such_page()
    add_to_work(user=found.object_id)
    if not found.may(role):
        log_event(log, Event.ROLE_MISSING, role=role)
        raise no_such_page()
    _check_roles_are_recent(found, request, services)
    return found


def _check_roles_are_recent(who: Operator, request: Request, services: Services) -> None:
    """Raise SignInAgain if the roles were last confirmed too long ago.

    A form may come from a page that was shown with fresh roles and left open for as long as the
    session may be idle: refusing it earlier would lose what was typed.
    """
    is_page = request.method in ("GET", "HEAD")
    age = services.clock.now() - who.roles_read_at
    if age >= (ROLES_MAX_AGE if is_page else ROLES_MAX_AGE_OF_FORMS):
        raise SignInAgain(
            "Confirming your role",
            "We ask Microsoft Entra whether you still have your role. Nothing was changed.",
            SignInMode.SILENT,
            address_of(request) if is_page else "/desk",
        )


def fresh_operator(request: Request, services: Services, return_to: str) -> Operator:
    """Return the signed-in administrator, whose credentials Entra checked a few minutes ago; raises SignInAgain.

    For what cannot be undone or takes a customer's data away: an unattended browser is not enough.
    """
    found = require_operator(request, services, Role.ADMIN)
    signed_in_at = found.signed_in_at
    if signed_in_at is None or services.clock.now() - signed_in_at >= timedelta(minutes=FRESH_SIGN_IN_MINUTES):
        raise SignInAgain(
            "Sign in again to continue",
            "Deleting or exporting a customer's data needs a sign-in of the last "
            f"{FRESH_SIGN_IN_MINUTES} minutes. Nothing was changed.",
            SignInMode.FRESH,
            return_to,
        )
    return found


def address_of(request: Request) -> str:
    """Return path and query of the page, to come back to after a sign-in."""
    return f"{request.path}?{urlencode(request.query)}" if request.query else request.path


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
