"""The email address for notifications: prefilled with the sign-in name, confirmed once by a link.

Until an address is confirmed, emails go to the sign-in name. It lies in a domain that the tenant has proved to
Microsoft, so no stranger gets them; but it may be no mailbox, so we ask.
"""

import uuid
from dataclasses import replace

from shared.core.audit import Action
from shared.core.errors import BadRequest, NotFound, SignInRequired
from shared.core.limits import MAIL_ADDRESSES, MAILS_TO_AN_ADDRESS
from shared.core.models import Session
from shared.core.periods import MAIL_CONFIRMATION_HOURS
from shared.core.setting_checks import is_address
from shared.mail.content import address_mail
from shared.mail.graph import MailDelayed, MailRefused, MailUncertain
from shared.wiring import Services
from web.http.access import check_same_origin, require_session
from web.http.audit import customer_actor, record_action
from web.http.messages import Request, Response, redirect
from web.rendering.pages import HomeLink, problem_page, render

MAX_ADDRESS_CHARACTERS = 254
YOUR_SCANS = HomeLink("/scans", "Go to your scans")
RETRY_AFTER_SECONDS = 300


def mail_address_enter(request: Request, services: Services) -> Response:
    """POST /mail-address: send a confirmation link to the address. Emails go there once it is confirmed."""
    session = require_session(request, services)
    check_same_origin(request, services)
    address = request.form.get("address", "").strip()
    if not services.settings.mail_sender:
        raise NotFound("We send no email", "This installation has no mailbox to send from.")
    if len(address) > MAX_ADDRESS_CHARACTERS or not is_address(address):
        raise BadRequest("This is not an email address", "Go back and enter an address such as name@contoso.com.")
    if services.connections.get(session.tenant_id, session.user_object_id) is None:
        raise _no_consent()
    services.rate_limits.take(MAIL_ADDRESSES, session.user_object_id)
    services.rate_limits.take(MAILS_TO_AN_ADDRESS, address.lower())
    record_action(services, session, Action.MAIL_ADDRESS_ENTERED)
    return _send_link(services, session, address)


def _send_link(services: Services, session: Session, address: str) -> Response:
    code = services.mail_confirmations.start(session.tenant_id, session.user_object_id, address)
    mail = address_mail(services.settings.base_url, code)
    try:
        services.mail.send(mail, address, str(uuid.uuid4()))
    except (MailDelayed, MailRefused):
        services.mail_confirmations.forget(session.tenant_id, session.user_object_id)
        return _not_sent()
    except MailUncertain:
        pass  # It may arrive; the page says what to do if it does not.
    return render("customer/mail_address_sent.html", session=session, address=address, hours=MAIL_CONFIRMATION_HOURS)


def _not_sent() -> Response:
    page = problem_page(
        503,
        "We could not send the email",
        "Your address was not changed. Check that it is correct, and try again in a few minutes.",
        home=YOUR_SCANS,
    )
    return replace(page, headers={**page.headers, "Retry-After": str(RETRY_AFTER_SECONDS)})


def mail_address_link(request: Request, services: Services) -> Response:
    """GET /mail-address/{code}: the page behind the link. It changes nothing: mail scanners open links too."""
    session, code = require_session(request, services), request.route["code"]
    if not services.mail_confirmations.is_waiting(session.tenant_id, session.user_object_id, code):
        raise _not_valid()
    return render("customer/mail_address_link.html", session=session, code=code)


def mail_address_confirm(request: Request, services: Services) -> Response:
    """POST /mail-address/{code}: from now on, emails go to the address that the link was sent to."""
    session = require_session(request, services)
    check_same_origin(request, services)
    tenant_id, user_object_id = session.tenant_id, session.user_object_id
    address = services.mail_confirmations.take(tenant_id, user_object_id, request.route["code"])
    if address is None:
        raise _not_valid()
    by, now = customer_actor(session), services.clock.now()
    if not services.connections.confirm_mail_address(tenant_id, user_object_id, address, by=by, at=now):
        raise _no_consent()
    return redirect("/scans")


def _not_valid() -> NotFound:
    return NotFound(
        "This link is no longer valid",
        f"A link works once, for {MAIL_CONFIRMATION_HOURS} hours, and for the user who entered the address. "
        "Enter the address again to get another.",
    )


def _no_consent() -> SignInRequired:
    return SignInRequired("Sign in to confirm your email address", "Your data and your consent were deleted.")
