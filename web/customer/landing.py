"""The start page."""

from shared.arm.catalogue import COLLECTED
from shared.arm.endpoints import ENDPOINTS
from shared.core.periods import COST_MONTHS, RETENTION_MONTHS
from shared.wiring import Services
from web.http.access import current_session
from web.http.messages import Request, Response
from web.privacy.permissions_text import NEVER_READ
from web.rendering.pages import render


def landing(request: Request, services: Services) -> Response:
    """GET /."""
    return render(
        "customer/landing.html",
        session=current_session(request, services),
        endpoints=ENDPOINTS,
        collected=COLLECTED,
        never_read=NEVER_READ,
        cost_months=COST_MONTHS,
        retention_months=RETENTION_MONTHS,
    )
