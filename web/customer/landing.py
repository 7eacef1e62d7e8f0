"""The start page, and signing out, which leads back to it."""

from shared.arm.catalogue import COLLECTED
from shared.arm.endpoints import ENDPOINTS
from shared.core.audit import Action
from shared.core.periods import COST_MONTHS, RETENTION_MONTHS
from shared.wiring import Services
from web.http.access import SESSION_COOKIE, check_same_origin, cookie_of, current_session, signed_out
from web.http.audit import record_action
from web.http.messages import Request, Response, redirect
from web.privacy.permissions_text import NEVER_READ
from web.rendering.pages import render


def landing(request: Request, services: Services) -> Response:
    """GET /."""
    return render(
        "customer/landing.html",
        session=current_session(request, services),
        endpoints=ENDPOINTS,
        collected=COLLECTED,
        never_read=NEVER_READ,
        cost_months=COST_MONTHS,
        retention_months=RETENTION_MONTHS,
    )


def signout(request: Request, services: Services) -> Response:
    """POST /signout: end this browser's session; the consent stays."""
    check_same_origin(request, services)
    session = current_session(request, services)
    if session is not None:
        record_action(services, session, Action.SIGNED_OUT)
    services.sessions.revoke(cookie_of(request, SESSION_COOKIE, services))
    return signed_out(redirect("/"), SESSION_COOKIE, services)
