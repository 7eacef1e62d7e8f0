"""Render templates and error pages."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.core import formats
from shared.core.azure_names import region_name, type_name
from shared.core.errors import NotFound, RequestError, SignInAgain, TooManyRequests
from shared.core.models import Session
from shared.core.money import a_year_of
from shared.core.price_basis import BASIS_LABELS, basis_note
from shared.wiring import Services
from web.http.messages import Request, Response

TEMPLATES = Path(__file__).parents[1] / "templates"
CONTACT = "hello@caleta.io"
COMPANY = "Caleta IT Solutions Limited"
"""The verified publisher, as Entra's consent screen names it."""
FILTERS: dict[str, Callable[..., object]] = {
    "exact": formats.exact,
    "money": formats.money,
    "number": formats.number,
    "whole": formats.whole,
    "percent": formats.percent,
    "month": formats.month,
    "day": formats.day,
    "moment": formats.moment,
    "term": formats.term,
    "subscription": formats.subscription,
    "a_year": a_year_of,
    "type_name": type_name,
    "region_name": region_name,
}


@cache
def environment() -> Environment:
    """Return the template environment: everything is escaped, a missing value is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    made.globals.update(contact=CONTACT, company=COMPANY, basis_labels=BASIS_LABELS, basis_note=basis_note)
    return made


def render(template: str, *, session: Session | None = None, status: int = 200, **context: object) -> Response:
    """Render a page. With a `session`, it has the signed-in navigation."""
    text = environment().get_template(template).render(session=session, **context)
    return Response(status=status, body=text.encode())


@dataclass(frozen=True)
class HomeLink:
    """The link at the end of an error page. `return_to` is the page to come back to after signing in, if any."""

    path: str
    label: str
    return_to: str | None = None


START_PAGE = HomeLink("/", "Go to the start page")
REVIEW_DESK = HomeLink("/desk/sign-in", "Go to the review desk")


def error_page(error: RequestError, home: HomeLink = START_PAGE) -> Response:
    """Return the page for a refused request: what happened and what to do next."""
    if isinstance(error, SignInAgain):
        return render("desk/sign_in_again.html", status=error.status, error=error)
    page = problem_page(error.status, error.title, error.remedy, home=home)
    if isinstance(error, TooManyRequests):
        return replace(page, headers={"Retry-After": str(error.retry_after_seconds)})
    return page


def problem_page(
    status: int, heading: str, remedy: str, reference: str | None = None, home: HomeLink = START_PAGE
) -> Response:
    """Return a page with what happened, what to do next and, for errors on our side, a reference."""
    return render(
        "layout/error.html",
        status=status,
        status_line=f"{status} {HTTPStatus(status).phrase}",
        heading=heading,
        remedy=remedy,
        reference=reference,
        return_to=home.return_to if status == HTTPStatus.UNAUTHORIZED else None,
        home=HomeLink(home.path, "Sign in") if status == HTTPStatus.UNAUTHORIZED else home,
    )


def not_found(request: Request, services: Services) -> Response:  # noqa: ARG001 - every handler has both
    """Handle every address without a page."""
    raise no_such_page()


def no_such_page() -> NotFound:
    """Return the error for an unknown address; also used where the user may not know that a page exists."""
    return NotFound("Page not found", "Check the address.")
