"""Entra's own session in a browser: who has signed in there, so that `prompt=none` needs no page.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code
"""

import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from simulator.exchange import Request, Response
from simulator.people import Directory, Person
from simulator.world import World

COOKIE = "ESTSAUTH"


@dataclass(frozen=True)
class BrowserSession:
    """Who signed in with credentials in this browser, to which tenant, and when (seconds since 1970)."""

    person: Person
    tenant: Directory
    signed_in_at: float


def begin(world: World, response: Response, session: BrowserSession) -> Response:
    """Return the response that leaves the session's cookie in the browser."""
    value = secrets.token_urlsafe(32)
    world.browser_sessions[value] = session
    return response.with_headers([("Set-Cookie", f"{COOKIE}={value}; HttpOnly; SameSite=Lax; Path=/")])


def current(world: World, request: Request) -> BrowserSession | None:
    """Return the session of this browser; None if no user has signed in."""
    try:
        cookies = SimpleCookie(request.headers.get("cookie", ""))
    except CookieError:
        return None
    found = world.browser_sessions.get(cookies[COOKIE].value) if COOKIE in cookies else None
    return found if isinstance(found, BrowserSession) else None
