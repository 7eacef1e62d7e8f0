"""From a handler to the response that leaves: errors become pages, every response gets the security headers."""

import logging
import traceback
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from shared.core.errors import RequestError
from shared.core.settings import Settings
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services
from web.http.messages import Request, Response
from web.rendering.pages import error_page, problem_page

Handler = Callable[[Request, Services], Response]

log = logging.getLogger("caleta.web")

HSTS = "max-age=63072000; includeSubDomains"


def answer(handler: Handler, request: Request, services: Services | Callable[[], Services]) -> Response:
    """What the browser gets. `services` may be what makes them, so that a bad setting is a page too."""
    settings: Settings | None = None
    try:
        made = services() if callable(services) else services
        settings = made.settings
        response = handler(request, made)
    except RequestError as error:
        log_event(log, Event.REQUEST_REFUSED, type(error).__name__, status=error.status)
        response = error_page(error)
    except Exception as error:  # noqa: BLE001 - the last resort: the customer gets a page and a reference, we get the trace
        response = fault_page(error)
    return replace(response, headers={**security_headers(settings), **response.headers})


def fault_page(error: Exception) -> Response:
    """The page of a fault of ours; its reference is in the log beside the kind of error."""
    reference = uuid.uuid4().hex[:12]
    names = {"reference": reference, "at": places(error)}
    log_event(log, Event.REQUEST_FAILED, type(error).__name__, level=logging.ERROR, about=names)
    return problem_page(
        500,
        "Something went wrong on our side",
        "Nothing was changed in your Azure. Please try again in a minute.",
        reference,
    )


def places(error: Exception) -> str:
    """Where it happened, innermost last. The error's text is left out: it may hold what the customer sent."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{PurePath(frame.filename).name}:{frame.lineno}:{frame.name}" for frame in frames)


def security_headers(settings: Settings | None) -> dict[str, str]:
    """The headers of every response; `settings` None when they could not be read."""
    headers = {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    if settings and not settings.is_local:
        headers["Strict-Transport-Security"] = HSTS
    return headers
