"""Run a handler, turn its errors into pages, and add the security headers to every response."""

import logging
import traceback
import uuid
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from pathlib import PurePath

from shared.core.errors import ConfigurationError, RequestError
from shared.core.settings import Settings
from shared.observability.events import Event
from shared.observability.work_log import log_event, working_on
from shared.sql.engine.page_reading import reading_a_page
from shared.wiring import Services
from web.http.caller import check_front_door
from web.http.messages import Request, Response
from web.http.return_paths import CUSTOMER_PAGES
from web.rendering.pages import REVIEW_DESK, START_PAGE, HomeLink, error_page, problem_page
from web.rendering.problems import API_PATH, problem, problem_of

Handler = Callable[[Request, Services], Response]

log = logging.getLogger("caleta.web")

RETRY_AFTER_SECONDS = 60
"""A serverless database resumes within about a minute, and a failover takes less."""

HSTS = "max-age=63072000; includeSubDomains"


def answer(handler: Handler, request: Request, services: Services | Callable[[], Services]) -> Response:
    """Return the response. `services` can be a factory, so that an invalid setting becomes a page too."""
    with working_on(method=request.method):
        return _answer(handler, request, services)


def _answer(handler: Handler, request: Request, services: Services | Callable[[], Services]) -> Response:
    settings: Settings | None = None
    try:
        built = services() if callable(services) else services
        settings = built.settings
        check_front_door(request, settings)
        with reading_a_page():
            response = handler(request, built)
    except RequestError as error:
        log_event(log, Event.REQUEST_REFUSED, type(error).__name__, status=error.status)
        is_api = request.path.startswith(API_PATH)
        response = problem_of(error) if is_api else error_page(error, home_of(request, settings))
    except Exception as error:  # noqa: BLE001 - last resort: the customer gets a page with a reference, the log gets the trace
        page = outage_page if _is_outage(error) else fault_page
        response = page(error, home_of(request, settings))
        if request.path.startswith(API_PATH):
            response = problem(response.status, HTTPStatus(response.status).phrase, "Try again in a minute.")
    return replace(response, headers={**security_headers(settings), **response.headers})


def _is_outage(error: Exception) -> bool:
    from shared.sql.engine.retries import database_is_away  # A page that fails may load SQLAlchemy; others need not.

    return database_is_away(error)


def home_of(request: Request, settings: Settings | None) -> HomeLink:
    """Return where an error page leads: for addresses of the review desk, to the desk."""
    is_desk = request.path == "/desk" or request.path.startswith("/desk/")
    if is_desk:
        return REVIEW_DESK if settings is not None and settings.has_desk else START_PAGE
    return replace(START_PAGE, return_to=CUSTOMER_PAGES.checked(request.path))


def fault_page(error: Exception, home: HomeLink = START_PAGE) -> Response:
    """Return the page of an error on our side; the log has its reference and the type of error."""
    reference = uuid.uuid4().hex[:12]
    names = {"reference": reference, "at": traceback_lines(error)}
    if isinstance(error, ConfigurationError):  # Our own text: it names the setting, and quotes no value.
        names["fix"] = str(error)
    log_event(log, Event.REQUEST_FAILED, type(error).__name__, level=logging.ERROR, about=names)
    return problem_page(
        500,
        "Something went wrong on our side",
        "Nothing was changed in your Azure subscriptions. Try again in a minute.",
        reference,
        home,
    )


def outage_page(error: Exception, home: HomeLink = START_PAGE) -> Response:
    """Return the page of a database that does not answer: nothing is broken, and it comes back by itself."""
    log_event(log, Event.PAGE_UNAVAILABLE, type(error).__name__, level=logging.WARNING, at=traceback_lines(error))
    page = problem_page(
        503,
        "We cannot reach our database right now",
        "No data was lost, and running scans continue by themselves. Try again in a minute.",
        None,
        home,
    )
    return replace(page, headers={**page.headers, "Retry-After": str(RETRY_AFTER_SECONDS)})


def traceback_lines(error: Exception) -> str:
    """Return the code locations, innermost last, without the error's message: it may contain what the customer sent."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{PurePath(frame.filename).name}:{frame.lineno}:{frame.name}" for frame in frames)


def security_headers(settings: Settings | None) -> dict[str, str]:
    """Return the headers of every response; `settings` is None if they could not be read."""
    headers = {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
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
