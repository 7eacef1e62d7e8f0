"""Signing in and out, an administrator's approval, and disconnecting."""

import logging
from dataclasses import replace

from shared.arm.endpoints import ARM_SCOPE
from shared.core.audit import Action, Actor, ActorKind, AuditEvent, Outcome
from shared.core.errors import TooManyRequests
from shared.core.models import Session
from shared.core.periods import RETENTION_MONTHS
from shared.identity.consent import ConsentFailed, FlowStarted, SignedIn, tenant_of
from shared.identity.entra import SIGN_IN_SCOPES
from shared.observability.events import Event
from shared.observability.telemetry import span
from shared.observability.work_log import log_event
from shared.wiring import Services
from web.customer.scans import scan_after_sign_in
from web.customer.sign_in_errors import failure_page
from web.http.access import (
    ADMIN_FLOW_COOKIE,
    FLOW_COOKIE,
    READING_FLOW_COOKIE,
    SESSION_COOKIE,
    begin_session,
    check_same_origin,
    cookie_of,
    count_sign_in_start,
    current_session,
    delete_cookie,
    require_session,
    signed_out,
)
from web.http.audit import customer_actor
from web.http.messages import Request, Response, redirect
from web.rendering.entra_redirect import KEEPS_FLOW_COOKIE, to_entra
from web.rendering.pages import HomeLink, error_page, render

YOUR_SCANS = HomeLink("/scans", "Go to your scans")
DISCONNECTED = "You disconnected while the scan was running."


log = logging.getLogger("caleta.web")


def consent_start(request: Request, services: Services) -> Response:
    """POST /consent/start: redirect to Microsoft Entra. `tenant` is optional; guests need it."""
    check_same_origin(request, services)
    count_sign_in_start(request, services)
    tenant = request.form.get("tenant")
    session = current_session(request, services)
    try:
        flow = services.consent.start(tenant) if session is None else sign_in_again(services, session, tenant)
    except ConsentFailed as failed:
        return refused(failed, FLOW_COOKIE, services)
    return to_entra(flow, FLOW_COOKIE, services)


def sign_in_again(services: Services, session: Session, tenant: str | None) -> FlowStarted:
    """Start a sign-in for the same user and tenant (unless another was given), with the claims that Azure requires."""
    known = services.connections.get(session.tenant_id, session.user_object_id)
    claims = known.claims_challenge if known else None
    return services.consent.start(tenant or session.tenant_id, claims, session.username)


def consent_callback(request: Request, services: Services) -> Response:
    """GET /consent/callback: the only place where a customer is created."""
    try:
        signed_in = services.consent.complete(request.query, cookie_of(request, FLOW_COOKIE, services))
        challenge = unmet_challenge(signed_in, services)
        if challenge is not None:
            identity = signed_in.identity
            flow = services.consent.start(identity.tenant_id, challenge, identity.username)
            return to_entra(flow, FLOW_COOKIE, services)
    except ConsentFailed as failed:
        return refused_on_record(failed, FLOW_COOKIE, services)
    with span("consent", signed_in.traceparent):
        return welcome(request, services, signed_in)


def unmet_challenge(signed_in: SignedIn, services: Services) -> str | None:
    """Return the claims that Azure required of this user in an earlier scan, if this sign-in lacks them."""
    identity = signed_in.identity
    known = services.connections.get(identity.tenant_id, identity.user_object_id)
    if known is None or known.claims_challenge in (None, signed_in.claims):
        return None
    return known.claims_challenge


def welcome(request: Request, services: Services, signed_in: SignedIn) -> Response:
    """Save the consent, replace any session by a new one, and redirect to the scan."""
    identity = signed_in.identity
    services.connections.save(
        identity.tenant_id,
        identity.user_object_id,
        identity.username,
        services.vault.encrypt(signed_in.refresh_token),
        services.clock.now(),
    )
    session_cookie = begin_session(identity, request, services)
    cookies = (session_cookie, delete_cookie(FLOW_COOKIE, services))
    names = {"tenant": identity.tenant_id, "user": identity.user_object_id}
    try:
        scan = scan_after_sign_in(services, identity.tenant_id, identity.user_object_id)
    except TooManyRequests as used_up:  # The sign-in holds all the same.
        log_event(log, Event.CONSENT_GIVEN, about=names)
        return replace(error_page(used_up, YOUR_SCANS), cookies=cookies)
    log_event(log, Event.CONSENT_GIVEN, about={**names, "scan": scan.scan_id})
    return redirect(f"/scans/{scan.scan_id}", *cookies)


def consent_admin(request: Request, services: Services) -> Response:
    """GET /consent/admin: explain the approval. `tenant` is optional."""
    try:
        tenant = tenant_of(request.query.get("tenant"))
    except ConsentFailed as failed:
        return refused(failed, ADMIN_FLOW_COOKIE, services)
    return render("customer/admin_approval.html", tenant=tenant, arm_scope=ARM_SCOPE, sign_in_scopes=SIGN_IN_SCOPES)


def consent_admin_start(request: Request, services: Services) -> Response:
    """POST /consent/admin: redirect to Microsoft Entra. `tenant` is optional."""
    check_same_origin(request, services)
    count_sign_in_start(request, services)
    try:
        flow = services.consent.start_admin_approval(request.form.get("tenant"))
    except ConsentFailed as failed:
        return refused(failed, ADMIN_FLOW_COOKIE, services)
    return to_entra(flow, ADMIN_FLOW_COOKIE, services)


def consent_admin_callback(request: Request, services: Services) -> Response:
    """GET /consent/admin/callback: show a page only. A customer is created by signing in."""
    try:
        services.consent.complete_admin_approval(request.query, cookie_of(request, ADMIN_FLOW_COOKIE, services))
    except ConsentFailed as failed:
        return refused_on_record(failed, ADMIN_FLOW_COOKIE, services)
    log_event(log, Event.ADMIN_APPROVAL_REPORTED)
    return replace(render("customer/admin_approved.html"), cookies=(delete_cookie(ADMIN_FLOW_COOKIE, services),))


def disconnect_confirm(request: Request, services: Services) -> Response:
    """GET /disconnect: explain what disconnecting does."""
    session = require_session(request, services)
    latest = services.scans.latest(session.tenant_id, session.user_object_id)
    return render(
        "customer/disconnect.html",
        session=session,
        is_scanning=latest is not None and not latest.status.is_final,
        retention_months=RETENTION_MONTHS,
    )


def disconnect(request: Request, services: Services) -> Response:
    """POST /disconnect: delete the token, cancel the running scan, and end every session."""
    check_same_origin(request, services)
    session = require_session(request, services)
    tenant_id, user_object_id = session.tenant_id, session.user_object_id
    scans = services.scans
    now = services.clock.now()
    services.connections.disconnect(tenant_id, user_object_id, by=customer_actor(session), at=now)
    services.tokens.forget(tenant_id, user_object_id)
    cancelled = scans.cancel_running(tenant_id, user_object_id, DISCONNECTED, now)
    services.sessions.revoke_all(tenant_id, user_object_id)
    services.api_tokens.revoke_all(tenant_id, user_object_id)
    names = {"tenant": tenant_id, "user": user_object_id, "scans_cancelled": cancelled}
    log_event(log, Event.USER_DISCONNECTED, about=names)
    page = render(
        "customer/disconnected.html",
        cancelled=cancelled,
        kept_until=services.retention_due.of(tenant_id),
        retention_months=RETENTION_MONTHS,
    )
    return signed_out(page, SESSION_COOKIE, services)


def refused_on_record(failed: ConsentFailed, cookie: str, services: Services) -> Response:
    """Record the failed sign-in of an account and return its page.

    A refusal that comes without tokens from Entra may be forged, so it is only counted in the app's
    log: strangers cannot fill the activity log.
    """
    if failed.is_authenticated:
        event = AuditEvent(
            services.clock.now(),
            None,
            Actor(ActorKind.CUSTOMER),
            Action.SIGN_IN_REFUSED,
            Outcome.REFUSED,
            details={"problem": failed.problem.value, "code": failed.code, "tenant_named": failed.tenant},
        )
        services.audit_log.append(event)
    return refused(failed, cookie, services)


def refused(failed: ConsentFailed, cookie: str, services: Services) -> Response:
    """Return the page of a failed sign-in, and end the flow of this cookie."""
    names = {"problem": failed.problem, "code": failed.code, "tenant": failed.tenant}
    log_event(log, Event.SIGN_IN_FAILED, level=logging.WARNING, about=names)
    page = failure_page(failed, services, start_path="/sign-in" if cookie == READING_FLOW_COOKIE else "/consent/start")
    if failed.problem in KEEPS_FLOW_COOKIE:
        return page
    return replace(page, cookies=(delete_cookie(cookie, services),))
