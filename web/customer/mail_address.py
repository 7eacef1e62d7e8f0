"""The email address for notifications: asked once after consent, prefilled with the sign-in name.

Until the user confirms one, mails go to the sign-in name. It lies in a domain that the tenant has proved to
Microsoft, so that no stranger gets them; but it may be no mailbox, so we ask.
"""

from shared.core.errors import BadRequest, SignInRequired
from shared.core.limits import MAIL_ADDRESSES
from shared.core.setting_checks import is_address
from shared.wiring import Services
from web.http.access import check_same_origin, require_session
from web.http.audit import customer_actor
from web.http.messages import Request, Response, redirect

MAX_ADDRESS_CHARACTERS = 254


def mail_address_confirm(request: Request, services: Services) -> Response:
    """POST /mail-address: store the confirmed address and return to the scans."""
    session = require_session(request, services)
    check_same_origin(request, services)
    address = request.form.get("address", "").strip()
    if len(address) > MAX_ADDRESS_CHARACTERS or not is_address(address):
        raise BadRequest("This is not an email address", "Go back and enter an address such as name@contoso.com.")
    services.rate_limits.take(MAIL_ADDRESSES, session.user_object_id)
    by, now = customer_actor(session), services.clock.now()
    is_kept = services.connections.confirm_mail_address(
        session.tenant_id, session.user_object_id, address, by=by, at=now
    )
    if not is_kept:
        raise SignInRequired("Sign in to confirm your email address", "Your data and your consent were deleted.")
    return redirect("/scans")
