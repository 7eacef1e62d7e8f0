"""The start page."""

from shared.arm.endpoints import ENDPOINTS
from shared.catalogue import COLLECTED
from shared.core.periods import COST_MONTHS, RETENTION_MONTHS
from shared.wiring import Services
from web.access import current_session
from web.http import Request, Response
from web.pages import render
from web.permissions_words import NEVER_READ


def landing(request: Request, services: Services) -> Response:
    """GET /."""
    return render(
        "landing.html",
        session=current_session(request, services),
        endpoints=ENDPOINTS,
        collected=COLLECTED,
        never_read=NEVER_READ,
        cost_months=COST_MONTHS,
        retention_months=RETENTION_MONTHS,
    )
