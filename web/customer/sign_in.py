"""Sign in to read: a returning user proves who they are, without any Azure permission and without a scan."""

import logging
from dataclasses import replace

from shared.core.audit import Action, AuditEvent, customer
from shared.identity.consent import ConsentFailed, ReaderSignedIn
from shared.identity.entra import READING_SCOPES
from shared.identity.id_token import Identity
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services
from web.customer.consent import refused, refused_on_record
from web.http.access import (
    READING_FLOW_COOKIE,
    begin_session,
    check_same_origin,
    cookie_of,
    count_sign_in_start,
    current_session,
    delete_cookie,
)
from web.http.messages import Request, Response, redirect
from web.http.return_paths import CUSTOMER_PAGES
from web.rendering.entra_redirect import to_entra
from web.rendering.pages import render

log = logging.getLogger("caleta.web")


def sign_in_page(request: Request, services: Services) -> Response:
    """GET /sign-in: explain what reading needs. `return_to` is the page that the user wanted."""
    return_to = CUSTOMER_PAGES.checked(request.query.get("return_to"))
    if current_session(request, services) is not None:
        return redirect(return_to)
    return render("customer/sign_in.html", return_to=return_to, scopes=READING_SCOPES)


def sign_in_start(request: Request, services: Services) -> Response:
    """POST /sign-in: redirect to Microsoft Entra, which is asked for the user's identity alone."""
    check_same_origin(request, services)
    count_sign_in_start(request, services)
    try:
        flow = services.consent.start_reading(
            CUSTOMER_PAGES.checked(request.form.get("return_to")), request.form.get("tenant")
        )
    except ConsentFailed as failed:
        return refused(failed, READING_FLOW_COOKIE, services)
    return to_entra(flow, READING_FLOW_COOKIE, services)


def sign_in_callback(request: Request, services: Services) -> Response:
    """GET /sign-in/callback: start a session for a user we know, and go where the user wanted. Starts no scan."""
    try:
        reader = services.consent.complete_reading(request.query, cookie_of(request, READING_FLOW_COOKIE, services))
    except ConsentFailed as failed:
        return refused_on_record(failed, READING_FLOW_COOKIE, services)
    if _is_known(services, reader.identity):
        return _welcome_back(request, services, reader)
    return _without_review(reader.identity, services)


def _is_known(services: Services, identity: Identity) -> bool:
    """Whether the user has given consent or has a scan."""
    tenant_id, user_object_id = identity.tenant_id, identity.user_object_id
    has_consent = services.connections.get(tenant_id, user_object_id) is not None
    return has_consent or services.scans.latest(tenant_id, user_object_id) is not None


def _welcome_back(request: Request, services: Services, reader: ReaderSignedIn) -> Response:
    """Record the sign-in and replace any session of this browser by a new one."""
    identity = reader.identity
    actor = customer(identity.user_object_id, identity.username)
    now = services.clock.now()
    event = AuditEvent(now, identity.tenant_id, actor, Action.SIGNED_IN, user_object_id=identity.user_object_id)
    services.audit_log.append(event)
    session_cookie = begin_session(identity, request, services)
    log_event(log, Event.CUSTOMER_SIGNED_IN, about={"tenant": identity.tenant_id, "user": identity.user_object_id})
    return redirect(reader.return_to, session_cookie, delete_cookie(READING_FLOW_COOKIE, services))


def _without_review(identity: Identity, services: Services) -> Response:
    """Say that there is no review. Nothing is stored about this user: consent is asked for on the start page."""
    page = render("customer/no_review.html", username=identity.username)
    return replace(page, cookies=(delete_cookie(READING_FLOW_COOKIE, services),))
