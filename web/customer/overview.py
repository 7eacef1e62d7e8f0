"""The overview of a scan: its progress while it runs, then what was spent and what could be saved."""

from shared.core.models import Scan, ScanStatus, Session
from shared.core.periods import add_months
from shared.wiring import Services
from web.customer.scan_pages import scan_page
from web.customer.scans import own_scan, progress_page
from web.http.access import require_session
from web.http.messages import Request, Response
from web.rendering.labels import MEASURE_LABELS
from web.rendering.overview import Spend, overview
from web.rendering.overview_charts import measure_bar, month_columns


def scan_overview(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}: the overview, or the progress of a scan that has not finished."""
    session = require_session(request, services)
    scan = own_scan(request, services, session)
    if not scan.status.is_final:
        return progress_page(services, session, scan)
    return _overview_page(services, session, scan)


def _overview_page(services: Services, session: Session, scan: Scan) -> Response:
    figures = overview(services, scan)
    return scan_page(
        "customer/overview.html",
        session,
        scan,
        "",
        figures=figures,
        charts={one.currency: month_columns(one.months, one.currency) for one in figures.spend},
        bars={one.currency: measure_bar(one.by_measure) for one in figures.savings},
        month_before={one.currency: _month_before(one) for one in figures.spend},
        measure_labels=MEASURE_LABELS,
        is_empty=scan.status not in (ScanStatus.COLLECTED, ScanStatus.PARTIAL),
    )


def _month_before(spend: Spend) -> str:
    return f"{add_months(spend.closed.month, -1):%b}"
