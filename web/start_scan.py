"""Asking for a scan: the row first, then the message, so that the message always finds its scan.

A message that was lost in between is sent by the sweeper.
"""

from datetime import timedelta

from shared.core.messages import ScanMessage
from shared.core.models import Scan, ScanStatus
from shared.core.periods import last_complete_months
from shared.messaging.queues import SCAN_REQUESTS, OutgoingMessage
from shared.sql.scans.scans import Scans
from shared.wiring import Services

FRESH_HOURS = 24
"""A finished scan this young is shown again at a sign-in, instead of reading everything anew."""


def start_scan(services: Services, tenant_id: str, user_object_id: str) -> Scan:
    """A new scan of the last complete months, on its way."""
    now = services.clock.now()
    scan = Scans(services.database).create(tenant_id, user_object_id, last_complete_months(now.date()), now)
    body = ScanMessage(tenant_id=tenant_id, scan_id=scan.scan_id).encode()
    services.queues.send(SCAN_REQUESTS.name, [OutgoingMessage(body, message_id=f"{scan.scan_id}:plan:1")])
    return scan


def scan_after_sign_in(services: Services, tenant_id: str, user_object_id: str) -> Scan:
    """The user's scan that is under way or fresh, or else a new one.

    One that was blocked, failed or cancelled is not fresh: signing in again is how people mend that.
    """
    latest = Scans(services.database).latest(tenant_id, user_object_id)
    if latest is not None and (not latest.status.is_final or _is_fresh(services, latest)):
        return latest
    return start_scan(services, tenant_id, user_object_id)


def _is_fresh(services: Services, scan: Scan) -> bool:
    is_young = services.clock.now() - scan.requested_at < timedelta(hours=FRESH_HOURS)
    return is_young and scan.status in (ScanStatus.COLLECTED, ScanStatus.PARTIAL)
