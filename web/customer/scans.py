"""Starting a scan, watching it, and finding it again."""

import re

from shared.arm.catalogue import collected_kind
from shared.core.coverage import coverage
from shared.core.errors import NotFound
from shared.core.models import Scan, ScanStatus, Session
from shared.sql.scans.connections import Connections
from shared.sql.scans.scans import Scans
from shared.sql.scans.steps import Steps
from shared.wiring import Services
from web.http.access import check_same_origin, require_session
from web.http.messages import Request, Response, redirect
from web.rendering.pages import render
from web.rendering.steps import all_lines
from web.start_scan import start_scan

SCANS_LISTED = 50
SCAN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

STATUS_WORDS = {
    ScanStatus.REQUESTED: ("Starting", "busy"),
    ScanStatus.COLLECTING: ("Reading", "busy"),
    ScanStatus.FINISHING: ("Adding up", "busy"),
    ScanStatus.COLLECTED: ("Complete", "good"),
    ScanStatus.PARTIAL: ("Partly read", "warn"),
    ScanStatus.BLOCKED: ("Blocked", "bad"),
    ScanStatus.FAILED: ("Failed", "bad"),
    ScanStatus.CANCELLED: ("Cancelled", ""),
}
"""Each status in a customer's words, with the stylesheet's class."""


def scan_start(request: Request, services: Services) -> Response:
    """POST /scans: a new scan, or the one that is still running."""
    session = require_session(request, services)
    check_same_origin(request, services)
    latest = Scans(services.database).latest(session.tenant_id, session.user_object_id)
    if latest is None or latest.status.is_final:
        latest = start_scan(services, session.tenant_id, session.user_object_id)
    return redirect(f"/scans/{latest.scan_id}")


def scan_list(request: Request, services: Services) -> Response:
    """GET /scans."""
    session = require_session(request, services)
    scans = Scans(services.database).recent(session.tenant_id, session.user_object_id, SCANS_LISTED)
    return render(
        "customer/scans.html",
        session=session,
        scans=scans,
        is_one_running=any(not scan.status.is_final for scan in scans),
        status_words=STATUS_WORDS,
        connection=Connections(services.database).get(session.tenant_id, session.user_object_id),
    )


def scan_progress(request: Request, services: Services) -> Response:
    """GET /scans/{scan_id}."""
    session = require_session(request, services)
    scan = own_scan(request, services, session)
    now = services.clock.now()
    read = coverage(Steps(services.database).list(scan.tenant_id, scan.scan_id))
    return render(
        "customer/progress.html",
        session=session,
        scan=scan,
        status_words=STATUS_WORDS,
        coverage=read,
        kinds={progress.name: collected_kind(progress.name) for progress in read.collectors},
        lines=all_lines(read.subscriptions, now),
    )


def own_scan(request: Request, services: Services, session: Session) -> Scan:
    """The scan of the route, if it is this user's; otherwise the same answer as for none."""
    scan_id = request.route.get("scan_id", "")
    scan = None
    if SCAN_ID.fullmatch(scan_id):
        scan = Scans(services.database).get(session.tenant_id, scan_id)
    if scan is None or scan.user_object_id != session.user_object_id:
        raise NotFound("There is no such scan", "Your own scans are listed under “Your scans”.")
    return scan
