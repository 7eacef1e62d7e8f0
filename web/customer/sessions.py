"""The sessions of the signed-in user, and how to end them."""

from dataclasses import replace

from shared.core.audit import Action
from shared.identity.sessions import IDLE_MINUTES, SESSION_HOURS, key_of
from shared.wiring import Services
from web.http.access import SESSION_COOKIE, check_same_origin, cookie_of, delete_cookie, require_session
from web.http.audit import record_action
from web.http.messages import Request, Response, redirect
from web.rendering.pages import render


def session_list(request: Request, services: Services) -> Response:
    """GET /sessions: the open sessions, the latest use first."""
    session = require_session(request, services)
    return render(
        "privacy/sessions.html",
        session=session,
        sessions=services.sessions.of_user(session.tenant_id, session.user_object_id),
        this=key_of(cookie_of(request, SESSION_COOKIE, services) or ""),
        idle_minutes=IDLE_MINUTES,
        session_hours=SESSION_HOURS,
    )


def session_end(request: Request, services: Services) -> Response:
    """POST /sessions: end one session, or all of them without its key, and record it."""
    session = require_session(request, services)
    check_same_origin(request, services)
    key = request.form.get("session")
    record_action(services, session, Action.SIGNED_OUT, details={"sessions": "one" if key else "all"})
    if key:
        services.sessions.end(session.tenant_id, session.user_object_id, key)
        return redirect("/sessions")
    services.sessions.revoke_all(session.tenant_id, session.user_object_id)
    return replace(redirect("/"), cookies=(delete_cookie(SESSION_COOKIE, services),))
