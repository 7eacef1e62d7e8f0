"""The public catalogue of checks."""

from dataclasses import replace

from shared.core.checks import Check, checks
from shared.core.findings import Measure
from shared.wiring import Services
from web.http.access import current_session
from web.http.messages import Request, Response
from web.privacy.permissions import PUBLIC_HEADERS
from web.rendering.pages import render

HEADINGS: dict[Measure, str] = {
    Measure.REMOVE: "Delete what is not used",
    Measure.STOP: "Stop what is not needed at all hours",
    Measure.RESIZE: "Pay less for what is used",
    Measure.LICENCE: "Use licences that you own",
    Measure.COMMIT: "Reserve what runs all year",
    Measure.TIDY: "Tidy up",
}


CACHED = {"Cache-Control": PUBLIC_HEADERS["Cache-Control"], "Vary": "Cookie"}
"""For visitors without a session, who all see the same page."""


def checks_page(request: Request, services: Services) -> Response:
    """GET /checks."""
    session = current_session(request, services)
    page = render("privacy/checks.html", session=session, groups=by_measure(), count=len(checks()))
    return page if session else replace(page, headers=CACHED)


def by_measure() -> list[tuple[str, list[Check]]]:
    """Return the checks under the heading of their measure."""
    found = {heading: [each for each in checks() if each.measure is measure] for measure, heading in HEADINGS.items()}
    return [(heading, listed) for heading, listed in found.items() if listed]
