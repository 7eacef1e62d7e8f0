"""Asking for a scan: the row first, then the message, so that the message always finds its scan."""

from datetime import timedelta

from shared.core.messages import ScanMessage
from shared.core.models import Scan, ScanStatus
from shared.core.periods import last_complete_months
from shared.queues import SCAN_REQUESTS, OutgoingMessage
from shared.sql.scans import Scans
from shared.wiring import Services

FRESH_HOURS = 24
"""A finished scan this young is shown again at a sign-in, instead of reading everything anew."""

SEND_AGAIN_MINUTES = 2
"""A scan that nobody has begun for so long may have had its message lost; planning it twice does no harm."""


def start_scan(services: Services, tenant_id: str, user_object_id: str) -> Scan:
    """A new scan of the last complete months, on its way."""
    now = services.clock.now()
    scan = Scans(services.database).create(tenant_id, user_object_id, last_complete_months(now.date()), now)
    send_request(services, scan, attempt=1)
    return scan


def scan_after_sign_in(services: Services, tenant_id: str, user_object_id: str) -> Scan:
    """The user's scan that is under way or fresh, or else a new one.

    One that was blocked, failed or cancelled is not fresh: signing in again is how people mend that.
    """
    latest = Scans(services.database).latest(tenant_id, user_object_id)
    if latest is None:
        return start_scan(services, tenant_id, user_object_id)
    age = services.clock.now() - latest.requested_at
    if not latest.status.is_final:
        if latest.status is ScanStatus.REQUESTED and age > timedelta(minutes=SEND_AGAIN_MINUTES):
            send_request(services, latest, attempt=2 + int(age / timedelta(minutes=SEND_AGAIN_MINUTES)))
        return latest
    is_read = latest.status in (ScanStatus.COLLECTED, ScanStatus.PARTIAL)
    if is_read and age < timedelta(hours=FRESH_HOURS):
        return latest
    return start_scan(services, tenant_id, user_object_id)


def send_request(services: Services, scan: Scan, attempt: int) -> None:
    """Asks for the scan to be planned; each attempt has a message id of its own."""
    body = ScanMessage(tenant_id=scan.tenant_id, scan_id=scan.scan_id, attempt=min(attempt, 10_000)).encode()
    message_id = f"{scan.scan_id}:plan:{attempt}"
    services.queues.send(SCAN_REQUESTS.name, [OutgoingMessage(body, message_id)])
