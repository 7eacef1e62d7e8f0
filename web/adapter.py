"""Convert between the Functions host's requests and responses and our own types."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import azure.functions as func

from shared.observability.telemetry import failed, note, span
from shared.observability.work_log import working_on
from web.http.forms import SMALL_FORM, FormLimits, UnreadForm, cookies, parameters, route_values
from web.http.messages import Cookie, Request, Response

if TYPE_CHECKING:  # the wiring imports nearly all modules
    from shared.wiring import Services

SAFE_COOKIE_VALUE = re.compile(r"[A-Za-z0-9._~-]*")
"""Cookie values that the Functions host passes on unchanged; it percent-escapes everything else."""
SERVER_ERROR = 500

Page = Callable[[func.HttpRequest], func.HttpResponse]


class Pages(func.Blueprint):
    """A blueprint whose routes answer HEAD wherever they answer GET: to the Functions host these are two methods."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def route(  # type: ignore[override]
        self, route: str, *, methods: Sequence[str] | None = None, auth_level: func.AuthLevel | None = None
    ) -> Callable[[Page], Page]:
        """As func.Blueprint's; no methods: all of them. To HEAD the host sends the answer without its body."""
        answered = [*methods, "HEAD"] if methods and "GET" in methods else methods
        decorated: Callable[[Page], Page] = super().route(route, methods=answered, auth_level=auth_level)
        return decorated


def read_request(req: func.HttpRequest, limits: FormLimits = SMALL_FORM) -> Request:
    """Return the request as our own type; raises BadRequest. The form is parsed when a page reads it.

    The query is parsed from the URL: the host joins repeated values with commas.
    """
    url = urlsplit(req.url)
    return Request(
        method=req.method,
        path=url.path,
        route=route_values(dict(req.route_params)),
        query=parameters(url.query),
        form=UnreadForm(req.headers.get("content-type", ""), req.headers.get("content-length"), req.get_body, limits),
        cookies=cookies(req.headers.get("cookie", "")),
        headers=dict(req.headers),
    )


def set_cookie(cookie: Cookie, secure: bool) -> str:
    """Return a Set-Cookie header with the attributes that the Functions host supports; `Expires` crashes the worker."""
    if not SAFE_COOKIE_VALUE.fullmatch(cookie.value):
        raise ValueError(f"the host would change the value of cookie {cookie.name}")
    attributes = f"{cookie.name}={cookie.value}; Max-Age={cookie.max_age_seconds}; Path=/; HttpOnly; SameSite=Lax"
    return f"{attributes}; Secure" if secure else attributes


def write_response(response: Response, secure: bool) -> func.HttpResponse:
    """Return the response as the host's type."""
    headers = {**response.headers, "Content-Type": response.content_type}
    converted = func.HttpResponse(response.body, status_code=response.status, headers=headers)
    for cookie in response.cookies:
        converted.headers.add("Set-Cookie", set_cookie(cookie, secure))
    return converted


def respond(
    req: func.HttpRequest, handler: "Callable[[Request, Services], Response]", limits: FormLimits = SMALL_FORM
) -> func.HttpResponse:
    """Handle one request; every error becomes a page."""
    from shared.wiring import services
    from web.error_pages import answer

    outline = Request(req.method, urlsplit(req.url).path, headers=dict(req.headers))
    with span(f"page {handler.__name__}", method=req.method), working_on(page=handler.__name__):
        response = answer(lambda _, parts: handler(read_request(req, limits), parts), outline, services)
        note(status=response.status)
        if response.status >= SERVER_ERROR:
            failed(f"status {response.status}")
    return write_response(response, secure=bool(response.cookies) and not services().settings.is_local)
