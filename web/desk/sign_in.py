"""Operators sign in to our own tenant and need an app role."""

import logging
from dataclasses import replace

from shared.core.audit import Action, Actor, ActorKind, AuditEvent, Outcome
from shared.core.operators import Role
from shared.identity.flows import ConsentFailed
from shared.identity.operators import OperatorSignedIn, SignInMode, SilentSignInRefused
from shared.identity.sessions import SESSION_HOURS
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services
from web.desk.access import OPERATOR_COOKIE, OPERATOR_FLOW_COOKIE, actor, current_operator
from web.http.access import check_same_origin, cookie_of, count_sign_in_start, delete_cookie, set_cookie, signed_out
from web.http.messages import Request, Response, redirect
from web.http.return_paths import DESK_PAGES
from web.rendering.entra_redirect import KEEPS_FLOW_COOKIE, to_entra
from web.rendering.pages import REVIEW_DESK, no_such_page, problem_page, render

log = logging.getLogger("caleta.web")

SIGN_IN_AGAIN = "You are not signed in. Go back to the sign-in page and try again."


def desk_sign_in_page(request: Request, services: Services) -> Response:
    """GET /desk/sign-in."""
    _check_desk(services)
    if current_operator(request, services) is not None:
        return redirect("/desk")
    return render("desk/sign_in.html", roles=[*Role])


def desk_sign_in(request: Request, services: Services) -> Response:
    """POST /desk/sign-in: redirect to the Microsoft Entra sign-in page. `mode` and `return_to` are optional."""
    _check_desk(services)
    check_same_origin(request, services)
    who = current_operator(request, services)
    if who is None:
        count_sign_in_start(request, services)
    mode, return_to = _mode_of(request.form.get("mode")), DESK_PAGES.checked(request.form.get("return_to"))
    try:
        flow = services.operator_sign_ins.start(mode, return_to, who.username if who else None)
    except ConsentFailed as failed:
        return _refused(failed, services)
    return to_entra(flow, OPERATOR_FLOW_COOKIE, services)


def desk_callback(request: Request, services: Services) -> Response:
    """GET /desk/callback: the redirect back from Microsoft Entra."""
    _check_desk(services)
    try:
        signed_in = services.operator_sign_ins.complete(
            request.query, cookie_of(request, OPERATOR_FLOW_COOKIE, services)
        )
    except SilentSignInRefused as failed:
        return _not_confirmed(request, services, failed)
    except ConsentFailed as failed:
        _record_refusal(failed, services)
        return _refused(failed, services)
    if not signed_in.roles:
        return _without_role(services, signed_in)
    if signed_in.mode is SignInMode.SILENT:
        return _confirmed(request, services, signed_in)
    return _signed_in(request, services, signed_in)


def desk_sign_out(request: Request, services: Services) -> Response:
    """POST /desk/sign-out: end the session of this browser."""
    _check_desk(services)
    check_same_origin(request, services)
    who = current_operator(request, services)
    if who is not None:
        now = services.clock.now()
        services.audit_log.append(AuditEvent(now, None, actor(who), Action.OPERATOR_SIGNED_OUT))
    services.operator_sessions.revoke(cookie_of(request, OPERATOR_COOKIE, services))
    return signed_out(redirect("/desk/sign-in"), OPERATOR_COOKIE, services)


def _mode_of(text: str | None) -> SignInMode:
    return SignInMode(text) if text in tuple(SignInMode) else SignInMode.USUAL


def _check_desk(services: Services) -> None:
    if not services.settings.has_desk:
        raise no_such_page()


def _signed_in(request: Request, services: Services, signed_in: OperatorSignedIn) -> Response:
    """Start a session, which replaces any other session of this browser."""
    identity = signed_in.identity
    who = Actor(ActorKind.OPERATOR, identity.user_object_id, identity.username)
    details = {"roles": sorted(signed_in.roles)}
    event = AuditEvent(services.clock.now(), None, who, Action.OPERATOR_SIGNED_IN, details=details)
    services.audit_log.append(event)
    services.operator_sessions.revoke(cookie_of(request, OPERATOR_COOKIE, services))
    value = services.operator_sessions.create(identity, signed_in.roles, signed_in.signed_in_at)
    roles = ",".join(sorted(signed_in.roles))
    log_event(log, Event.OPERATOR_SIGNED_IN, user=identity.user_object_id, roles=roles)
    session_cookie = set_cookie(OPERATOR_COOKIE, value, SESSION_HOURS * 3600, services)
    return redirect(signed_in.return_to, session_cookie, delete_cookie(OPERATOR_FLOW_COOKIE, services))


def _confirmed(request: Request, services: Services, signed_in: OperatorSignedIn) -> Response:
    """Keep the roles that Entra confirmed; the session ends when it would have. Another user has to sign in."""
    cookie, identity = cookie_of(request, OPERATOR_COOKIE, services), signed_in.identity
    ended = delete_cookie(OPERATOR_FLOW_COOKIE, services)
    if not services.operator_sessions.confirm(cookie, identity, signed_in.roles, signed_in.signed_in_at):
        services.operator_sessions.revoke(cookie)
        return redirect("/desk/sign-in", ended, delete_cookie(OPERATOR_COOKIE, services))
    log_event(log, Event.OPERATOR_CONFIRMED, user=identity.user_object_id, roles=",".join(sorted(signed_in.roles)))
    return redirect(signed_in.return_to, ended)


def _not_confirmed(request: Request, services: Services, failed: ConsentFailed) -> Response:
    """End the session: Entra no longer confirms the user without asking."""
    log_event(log, Event.OPERATOR_SIGN_IN_FAILED, about={"problem": failed.problem, "code": failed.code})
    services.operator_sessions.revoke(cookie_of(request, OPERATOR_COOKIE, services))
    cookies = (delete_cookie(name, services) for name in (OPERATOR_FLOW_COOKIE, OPERATOR_COOKIE))
    return redirect("/desk/sign-in", *cookies)


def _without_role(services: Services, signed_in: OperatorSignedIn) -> Response:
    """Refuse a user of our tenant who has no role, and end the sessions from when there was one."""
    identity = signed_in.identity
    services.operator_sessions.revoke_all(identity.user_object_id)
    who = Actor(ActorKind.OPERATOR, identity.user_object_id, identity.username)
    event = AuditEvent(
        services.clock.now(),
        None,
        who,
        Action.OPERATOR_REFUSED,
        Outcome.REFUSED,
        reason="No app role for the review desk.",
    )
    services.audit_log.append(event)
    log_event(log, Event.OPERATOR_REFUSED, level=logging.WARNING, user=identity.user_object_id)
    page = problem_page(
        403,
        "You have no role at the review desk",
        f"Ask your administrator for one of these app roles: {', '.join(Role)}. Then sign in again.",
        home=REVIEW_DESK,
    )
    return replace(page, cookies=(delete_cookie(OPERATOR_FLOW_COOKIE, services),))


def _record_refusal(failed: ConsentFailed, services: Services) -> None:
    """Record a refused sign-in of an account; one without tokens from Entra is only counted in the app's log."""
    if failed.is_authenticated:
        reason = f"{failed.problem} {failed.code}".strip()
        unknown = Actor(ActorKind.OPERATOR)
        now = services.clock.now()
        event = AuditEvent(now, None, unknown, Action.OPERATOR_REFUSED, Outcome.REFUSED, reason=reason)
        services.audit_log.append(event)


def _refused(failed: ConsentFailed, services: Services) -> Response:
    names = {"problem": failed.problem, "code": failed.code}
    log_event(log, Event.OPERATOR_SIGN_IN_FAILED, level=logging.WARNING, about=names)
    page = problem_page(403, "Sign-in failed", SIGN_IN_AGAIN, home=REVIEW_DESK)
    if failed.problem in KEEPS_FLOW_COOKIE:
        return page
    return replace(page, cookies=(delete_cookie(OPERATOR_FLOW_COOKIE, services),))
