"""The overview of a scan: its progress while it runs, then what was spent and what could be saved."""

from typing import Any

from shared.core.coverage import coverage
from shared.core.models import Scan, ScanStatus, Session
from shared.core.periods import add_months
from shared.wiring import Services
from web.customer.scan_pages import finished_scan, scan_page
from web.customer.scans import own_scan, progress_page
from web.http.access import require_session
from web.http.messages import Request, Response
from web.rendering.labels import DECISION_LABELS, MEASURE_LABELS
from web.rendering.overview import Overview, Spend, overview
from web.rendering.overview_charts import measure_bar, month_columns
from web.rendering.scan_files import published_findings


def scan_overview(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}: the overview, or the progress of a scan that has not finished."""
    session = require_session(request, services)
    scan = own_scan(request, services, session)
    if not scan.status.is_final:
        return progress_page(services, session, scan)
    return _overview_page(services, session, scan)


def _overview_page(services: Services, session: Session, scan: Scan) -> Response:
    return scan_page("customer/overview.html", session, scan, "", **overview_context(overview(services, scan)))


def board_document(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}/board: the overview and every published finding in full, laid out for printing."""
    session, scan = finished_scan(request, services)
    published = published_findings(services, scan)
    return scan_page(
        "customer/board.html",
        session,
        scan,
        "/board",
        **overview_context(overview(services, scan)),
        views=published.views if published else (),
        subscriptions=coverage(services.steps.list(scan.key)).subscription_names,
        decision_labels=DECISION_LABELS,
        printed_at=services.clock.now(),
    )


def overview_context(figures: Overview) -> dict[str, Any]:
    """Return what the overview's template shows."""
    return {
        "figures": figures,
        "charts": {one.currency: month_columns(one.months, one.currency) for one in figures.spend},
        "bars": {one.currency: measure_bar(one.by_measure) for one in figures.savings},
        "month_before": {one.currency: _month_before(one) for one in figures.spend},
        "measure_labels": MEASURE_LABELS,
        "is_empty": figures.scan.status not in (ScanStatus.COLLECTED, ScanStatus.PARTIAL),
    }


def _month_before(spend: Spend) -> str:
    return f"{add_months(spend.closed.month, -1):%b}"
