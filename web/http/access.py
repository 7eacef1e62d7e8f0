"""Access checks: the browser's session and the origin of forms."""

from dataclasses import replace

from shared.core.errors import Forbidden, SignInRequired
from shared.core.limits import SIGN_IN_STARTS
from shared.core.models import Session
from shared.identity.id_token import Identity
from shared.identity.sessions import SESSION_HOURS
from shared.observability.work_log import add_to_work
from shared.wiring import Services
from web.http.caller import client_address
from web.http.messages import Cookie, Request, Response

SESSION_COOKIE = "session"
FLOW_COOKIE = "flow"
READING_FLOW_COOKIE = "reading-flow"
ADMIN_FLOW_COOKIE = "admin-flow"
"""Each kind of flow has its own cookie, so that starting one does not end another."""


def cookie_name(name: str, services: Services) -> str:
    """Return the cookie's full name.

    The prefix `__Host-` makes browsers require Secure, Path=/ and no Domain; plain HTTP has no Secure cookies.

    https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
    """
    return name if services.settings.is_local else f"__Host-{name}"


def cookie_of(request: Request, name: str, services: Services) -> str | None:
    """Return the value of one of our cookies."""
    return request.cookies.get(cookie_name(name, services))


def set_cookie(name: str, value: str, max_age_seconds: int, services: Services) -> Cookie:
    """Return one of our cookies to set."""
    return Cookie(cookie_name(name, services), value, max_age_seconds)


def begin_session(identity: Identity, request: Request, services: Services) -> Cookie:
    """Replace any session of this browser by a new one of this user; return its cookie."""
    services.sessions.revoke(cookie_of(request, SESSION_COOKIE, services))
    return set_cookie(SESSION_COOKIE, services.sessions.create(identity), SESSION_HOURS * 3600, services)


def delete_cookie(name: str, services: Services) -> Cookie:
    """Return one of our cookies to delete."""
    return Cookie(cookie_name(name, services), "", 0)


def signed_out(response: Response, name: str, services: Services) -> Response:
    """Return the response that ends the session of this cookie: the browser also clears its copies of our pages.

    https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Clear-Site-Data
    """
    headers = {**response.headers, "Clear-Site-Data": '"cache", "storage"'}
    return replace(response, headers=headers, cookies=(*response.cookies, delete_cookie(name, services)))


def current_session(request: Request, services: Services) -> Session | None:
    """Return this browser's session, or None. Without a cookie the session store is not even loaded."""
    session_id = cookie_of(request, SESSION_COOKIE, services)
    return services.sessions.get(session_id, is_use=is_use(request)) if session_id else None


def is_use(request: Request) -> bool:
    """Whether the user sent this request, rather than a script that polls: an open page keeps no session alive.

    https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Dest
    """
    return request.method != "GET" or request.headers.get("sec-fetch-dest") != "empty"


def require_session(request: Request, services: Services) -> Session:
    """Return this browser's session; raises SignInRequired. What the request logs from here on names the user."""
    session = current_session(request, services)
    if session is None:
        raise SignInRequired("Sign in to continue", "You are not signed in, or your session has expired.")
    add_to_work(user=session.user_object_id)
    return session


def check_not_cross_site(request: Request) -> None:
    """Raise Forbidden if another site's link led here: a download is recorded, and no other site may cause a record."""
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise Forbidden("This download was not started on our site", "Open the page on our site and start it there.")


def count_sign_in_start(request: Request, services: Services) -> None:
    """Count a sign-in that is about to start; raises TooManyRequests. Without a front door no address is believed."""
    if services.settings.front_door_secrets:
        services.rate_limits.take(SIGN_IN_STARTS, client_address(request, services.settings))


def check_same_origin(request: Request, services: Services) -> None:
    """Raise Forbidden unless one of our own pages sent the form.

    Browsers send the origin in Sec-Fetch-Site, older ones in Origin. A request with neither
    is refused.
    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    is_ours = origin == services.settings.base_url if origin is not None else site is not None
    if not is_ours or site not in (None, "same-origin"):
        raise Forbidden(
            "This form was not sent from our site",
            f"We did nothing. Open {services.settings.base_url} and try again from there.",
        )
