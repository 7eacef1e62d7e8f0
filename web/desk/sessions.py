"""The operator's own sessions, and how to end them."""

from shared.core.audit import Action, AuditEvent
from shared.core.periods import SESSION_HOURS
from shared.identity.operator_sessions import OPERATOR_IDLE_MINUTES, ROLES_READ_AGAIN_MINUTES
from shared.identity.session_records import key_of
from shared.wiring import Services
from web.desk.access import OPERATOR_COOKIE, acting_operator, actor, require_operator
from web.http.access import cookie_of, delete_cookie
from web.http.messages import Request, Response, redirect
from web.rendering.pages import render


def desk_sessions(request: Request, services: Services) -> Response:
    """GET /desk/sessions: the open sessions, the latest use first."""
    who = require_operator(request, services)
    return render(
        "desk/sessions.html",
        operator=who,
        sessions=services.operator_sessions.of_operator(who.object_id),
        this=key_of(cookie_of(request, OPERATOR_COOKIE, services) or ""),
        idle_minutes=OPERATOR_IDLE_MINUTES,
        roles_minutes=ROLES_READ_AGAIN_MINUTES,
        session_hours=SESSION_HOURS,
    )


def desk_session_end(request: Request, services: Services) -> Response:
    """POST /desk/sessions: end one session, or all of them without its key, and record it."""
    who = acting_operator(request, services)
    key = request.form.get("session")
    details = {"sessions": "one" if key else "all"}
    now = services.clock.now()
    services.audit_log.append(AuditEvent(now, None, actor(who), Action.OPERATOR_SIGNED_OUT, details=details))
    if key:
        services.operator_sessions.end(who.object_id, key)
        return redirect("/desk/sessions")
    services.operator_sessions.revoke_all(who.object_id)
    return redirect("/desk/sign-in", delete_cookie(OPERATOR_COOKIE, services))
