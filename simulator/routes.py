"""Routes requests to their handlers."""

import re
from collections.abc import Callable

from simulator import graph, simulation
from simulator.arm import routes as arm
from simulator.entra import admin_consent, authorize, tenants, token
from simulator.entra.pages import page
from simulator.exchange import Refusal, Request, Response, html_response
from simulator.world import World

Handler = Callable[..., Response | None]

SEGMENT = r"/([A-Za-z0-9._-]{1,80})"


def _route(method: str, pattern: str, handler: Handler) -> tuple[str, re.Pattern[str], Handler]:
    return method, re.compile(pattern), handler


ENTRA = (
    _route("GET", rf"{SEGMENT}/v2\.0/\.well-known/openid-configuration", tenants.discover),
    _route("GET", rf"{SEGMENT}/discovery/v2\.0/keys", tenants.keys),
    _route("GET", rf"{SEGMENT}/oauth2/v2\.0/authorize", authorize.authorize),
    _route("POST", rf"{SEGMENT}/sign-in", authorize.sign_in),
    _route("POST", rf"{SEGMENT}/consent", authorize.consent),
    _route("POST", rf"{SEGMENT}/oauth2/v2\.0/token", token.token),
    _route("GET", rf"{SEGMENT}/v2\.0/adminconsent", admin_consent.admin_consent),
    _route("POST", rf"{SEGMENT}/admin-sign-in", admin_consent.admin_sign_in),
    _route("POST", rf"{SEGMENT}/admin-decision", admin_consent.admin_decision),
)
OTHERS = (
    _route("POST", r"/v1\.0/users/([^/]+)/sendMail", graph.send_mail),
    _route("GET", r"/outbox", graph.outbox),
    _route("GET", r"/_simulation/truth", simulation.truth),
    _route("GET", r"/_simulation/issued", simulation.issued),
    _route("GET", r"/_simulation/requests", simulation.requests),
    _route("DELETE", r"/_simulation/requests", simulation.clear_requests),
    _route("GET", r"/_simulation/mails", simulation.mails),
    _route("GET", r"/_simulation/users", simulation.users),
    _route("GET", r"/_simulation/faults", simulation.faults),
    _route("POST", r"/_simulation/faults", simulation.set_faults),
    _route("POST", r"/_simulation/revoke", simulation.revoke),
    _route("POST", r"/_simulation/roles", simulation.set_roles),
    _route("GET", r"/", simulation.front_page),
)


def answer(world: World, request: Request) -> Response | None:
    """Return the response; None closes the connection without one."""
    host = request.headers.get("host", "").partition(":")[0]
    if host not in ("127.0.0.1", "localhost"):
        return Response(421)
    if request.path.lower().startswith(arm.PREFIXES):
        return arm.answer(world, request)
    try:
        return _handle(world, request)
    except Refusal as refusal:
        return refusal.response


def _handle(world: World, request: Request) -> Response | None:
    for routes, is_entra in ((OTHERS, False), (ENTRA, True)):
        for method, pattern, handler in routes:
            found = pattern.fullmatch(request.path)
            if found and method == request.method:
                if is_entra and world.faults.strikes("entra_down"):
                    return page(503, "Service unavailable", "<p>The service is unavailable.</p>")
                return handler(world, request, *found.groups())
    return html_response(404, "<!doctype html><title>Not found</title><h1>Not found</h1>")
