"""Who may do what: the session of a browser, and where a form was sent from."""

from shared.core.errors import Forbidden, SignInRequired
from shared.core.models import Session
from shared.wiring import Services
from web.http.messages import Cookie, Request

SESSION_COOKIE = "session"
FLOW_COOKIE = "flow"


def cookie_name(name: str, services: Services) -> str:
    """`__Host-` makes browsers insist on Secure, Path=/ and no Domain; plain http has no Secure cookies.

    https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
    """
    return name if services.settings.is_local else f"__Host-{name}"


def cookie_of(request: Request, name: str, services: Services) -> str | None:
    """The value of one of our cookies."""
    return request.cookies.get(cookie_name(name, services))


def set_cookie(name: str, value: str, max_age_seconds: int, services: Services) -> Cookie:
    """One of our cookies, to be set."""
    return Cookie(cookie_name(name, services), value, max_age_seconds)


def delete_cookie(name: str, services: Services) -> Cookie:
    """One of our cookies, to be deleted."""
    return Cookie(cookie_name(name, services), "", 0)


def current_session(request: Request, services: Services) -> Session | None:
    """The session of this browser, if it has one."""
    return services.sessions.get(cookie_of(request, SESSION_COOKIE, services))


def require_session(request: Request, services: Services) -> Session:
    """The session of this browser; raises SignInRequired."""
    session = current_session(request, services)
    if session is None:
        raise SignInRequired("Please sign in", "You are not signed in, or your session has ended: sign in again.")
    return session


def check_same_origin(request: Request, services: Services) -> None:
    """Raises Forbidden unless the form was sent by one of our own pages.

    Browsers say so in Sec-Fetch-Site; older ones in Origin. A request with neither comes
    from no browser that we could trust to have shown our page.
    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    is_ours = origin == services.settings.base_url if origin is not None else site is not None
    if not is_ours or site not in (None, "same-origin"):
        raise Forbidden(
            "This form was not sent from our own page",
            f"Nothing was done. Open {services.settings.base_url} and try again from there.",
        )
