"""Start scans, list them and show their progress."""

from datetime import timedelta

from shared.arm.catalogue import collected_kind
from shared.core.coverage import coverage
from shared.core.errors import Conflict, ConsentDeleted, NotFound, ScanIsRunning, SignInRequired
from shared.core.limits import SCANS_AFTER_A_COMPLETE_ONE, SCANS_PER_CUSTOMER
from shared.core.messages import ScanMessage
from shared.core.models import Scan, ScanKey, ScanStatus, Session
from shared.core.periods import last_complete_months
from shared.messaging.queues import SCAN_REQUESTS, OutgoingMessage
from shared.wiring import Services
from web.http.access import check_same_origin, require_session
from web.http.messages import Request, Response, redirect
from web.rendering.labels import SCAN_ID, STATUS_LABELS
from web.rendering.pages import render
from web.rendering.steps import all_lines

FRESH_HOURS = 24
"""At a sign-in, a finished scan younger than this is shown again instead of starting a new one."""

SCANS_LISTED = 50


def scan_start(request: Request, services: Services) -> Response:
    """POST /scans: start a scan, or redirect to the one that is running."""
    session = require_session(request, services)
    check_same_origin(request, services)
    tenant_id, user_object_id = session.tenant_id, session.user_object_id
    latest = services.scans.latest(tenant_id, user_object_id)
    if latest is None or latest.status.is_final:
        check_may_scan(services, latest)
        latest = start_scan(services, tenant_id, user_object_id)
    return redirect(f"/scans/{latest.scan_id}")


def scan_list(request: Request, services: Services) -> Response:
    """GET /scans."""
    session = require_session(request, services)
    scans = services.scans.recent(session.tenant_id, session.user_object_id, SCANS_LISTED)
    return render(
        "customer/scans.html",
        session=session,
        scans=scans,
        is_one_running=any(not scan.status.is_final for scan in scans),
        status_labels=STATUS_LABELS,
        connection=services.connections.get(session.tenant_id, session.user_object_id),
        sends_mail=bool(services.settings.mail_sender),
    )


def progress_page(services: Services, session: Session, scan: Scan) -> Response:
    """Render the progress of a scan that has not finished."""
    now = services.clock.now()
    read = coverage(services.steps.list(scan.key))
    return render(
        "customer/progress.html",
        session=session,
        scan=scan,
        status_labels=STATUS_LABELS,
        coverage=read,
        kinds={progress.name: collected_kind(progress.name) for progress in read.collectors},
        lines=all_lines(read.subscriptions, now),
        connection=services.connections.get(session.tenant_id, session.user_object_id),
        sends_mail=bool(services.settings.mail_sender),
    )


def own_scan(request: Request, services: Services, session: Session) -> Scan:
    """Return the user's own scan of the route; raises the same NotFound for other users' scans as for none."""
    scan_id = request.route.get("scan_id", "")
    scan = None
    if SCAN_ID.fullmatch(scan_id):
        scan = services.scans.get(ScanKey(session.tenant_id, scan_id))
    if scan is None or scan.user_object_id != session.user_object_id:
        raise NotFound("Scan not found", "Your own scans are listed under “Your scans”.")
    return scan


def start_scan(services: Services, tenant_id: str, user_object_id: str) -> Scan:
    """Create a scan of the last complete months and queue it; return the running one if there is one.

    Raises TooManyRequests, and SignInRequired if the user's data was deleted in the same moment.
    """
    now = services.clock.now()
    services.rate_limits.take(SCANS_PER_CUSTOMER, tenant_id)
    try:
        scan = services.scans.create(tenant_id, user_object_id, last_complete_months(now.date()), now)
    except ScanIsRunning:  # Another tab was first.
        return _running(services, tenant_id, user_object_id)
    except ConsentDeleted:
        raise SignInRequired("Sign in to start a scan", "Your data and your consent were deleted.") from None
    body = ScanMessage(tenant_id=tenant_id, scan_id=scan.scan_id).encode()
    services.queues.send(SCAN_REQUESTS.name, [OutgoingMessage(body, message_id=f"{scan.scan_id}:plan:1")])
    return scan


def scan_after_sign_in(services: Services, tenant_id: str, user_object_id: str) -> Scan:
    """Return the user's running or recent scan, or start a new one.

    A blocked, failed or cancelled scan does not count as recent: users sign in again to fix it.
    """
    latest = services.scans.latest(tenant_id, user_object_id)
    if latest is not None and (not latest.status.is_final or _is_fresh(services, latest)):
        return latest
    return start_scan(services, tenant_id, user_object_id)


def check_may_scan(services: Services, latest: Scan | None) -> None:
    """Raise TooManyRequests soon after a scan that read everything; any other may be repeated at once."""
    if latest is None or latest.status is not ScanStatus.COLLECTED or latest.finished_at is None:
        return
    SCANS_AFTER_A_COMPLETE_ONE.check([latest.finished_at], services.clock.now())


def _running(services: Services, tenant_id: str, user_object_id: str) -> Scan:
    latest = services.scans.latest(tenant_id, user_object_id)
    if latest is None:
        raise Conflict("The scan was deleted in the same moment", "Open “Your scans” and try again.")
    return latest


def _is_fresh(services: Services, scan: Scan) -> bool:
    is_young = services.clock.now() - scan.requested_at < timedelta(hours=FRESH_HOURS)
    return is_young and scan.status in (ScanStatus.COLLECTED, ScanStatus.PARTIAL)
