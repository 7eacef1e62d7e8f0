"""End a scan, however it ends: its record, its mails, its measurements."""

import logging

from shared.core.mail import NewMail
from shared.core.models import Scan, ScanStatus
from shared.mail.scan_mails import mails_at_scan_end, queue_mails
from shared.observability.events import Event
from shared.observability.telemetry import SCAN_DURATION, record
from shared.observability.work_log import log_event
from shared.wiring import Services

log = logging.getLogger(__name__)


def end_scan(
    services: Services,
    scan: Scan,
    status: ScanStatus,
    reason: str | None,
    *,
    needs_sign_in: bool = False,
    alert: str | None = None,
) -> bool:
    """End the scan and queue its mails, which are stored together with its end. False if it had ended before."""
    now = services.clock.now()
    mails = _mails(services, scan, status, needs_sign_in=needs_sign_in)
    is_ours = services.scans.finish(scan.key, status, reason, now, mails)
    if is_ours:
        record(SCAN_DURATION, (now - scan.requested_at).total_seconds(), status=status.value)
        log_event(log, Event(f"scan-{status}"), reason, alert=alert, scan=scan.scan_id)
    queue_mails(services.database, services.queues, scan.key)
    return is_ours


def _mails(services: Services, scan: Scan, status: ScanStatus, *, needs_sign_in: bool) -> list[NewMail]:
    connection = services.connections.get(scan.tenant_id, scan.user_object_id)
    recipient = connection.mail_recipient if connection else ""
    return mails_at_scan_end(services.settings, recipient, status, needs_sign_in=needs_sign_in)
