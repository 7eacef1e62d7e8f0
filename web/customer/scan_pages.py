"""The layout of all pages of one finished scan: its period and its tabs."""

from typing import Any

from shared.core.errors import Conflict
from shared.core.models import Scan, Session
from shared.wiring import Services
from web.customer.scans import own_scan
from web.http.access import require_session
from web.http.messages import Request, Response, redirect
from web.rendering.labels import STATUS_LABELS
from web.rendering.pages import render

TABS = (
    ("", "Overview"),
    ("/savings", "Savings"),
    ("/costs", "Costs"),
    ("/changes", "Changes and forecast"),
    ("/inventory", "Inventory"),
    ("/recommendations", "Azure's recommendations"),
    ("/coverage", "Coverage"),
    ("/downloads", "Downloads"),
)
"""Path below /scans/{scan_id}, and label."""


def former_report(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/report: redirect to the overview, for links in earlier mails and bookmarks."""
    scan = own_scan(request, services, require_session(request, services))
    return redirect(f"/scans/{scan.scan_id}")


def former_findings(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/findings: redirect to the savings, for links in earlier mails and bookmarks."""
    scan = own_scan(request, services, require_session(request, services))
    return redirect(f"/scans/{scan.scan_id}/savings")


def finished_scan(request: Request, services: Services) -> tuple[Session, Scan]:
    """Return the session and its own finished scan; raises Conflict while the scan is running."""
    session = require_session(request, services)
    scan = own_scan(request, services, session)
    if not scan.status.is_final:
        raise Conflict("This scan is still running", "Its figures appear when all data has been read. Try again then.")
    return session, scan


def scan_page(
    template: str, session: Session, scan: Scan, tab: str, *, status: int = 200, **context: object
) -> Response:
    """Render a page about one finished scan, with its tabs."""
    variables: dict[str, Any] = dict(context)
    return render(
        template,
        session=session,
        status=status,
        scan=scan,
        status_labels=STATUS_LABELS,
        tabs=TABS,
        tab=tab,
        **variables,
    )
