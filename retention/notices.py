"""Notify customers RETENTION_NOTICE_DAYS before their data is deleted."""

import logging
from datetime import date, timedelta

from shared.core.models import ScanKey
from shared.core.periods import RETENTION_NOTICE_DAYS
from shared.mail.scan_mails import queue_mails
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services

log = logging.getLogger(__name__)


def send_notices(services: Services, today: date) -> int:
    """Mail every customer whose data is due within RETENTION_NOTICE_DAYS and who has no notice yet; return how many.

    After missed nights the notice is late, but it is sent.
    """
    if not services.settings.mail_sender:
        return 0
    coming = services.retention_due.between(today + timedelta(days=1), today + timedelta(days=RETENTION_NOTICE_DAYS))
    return sum(_send(services, tenant_id, day) for day, tenants in coming.items() for tenant_id in tenants)


def _send(services: Services, tenant_id: str, due: date) -> int:
    scan_id = services.retention_notices.write(tenant_id, due, services.clock.now())
    if scan_id is None:
        return 0
    queue_mails(services.database, services.queues, ScanKey(tenant_id, scan_id))
    log_event(log, Event.RETENTION_NOTICED, tenant=tenant_id, scan=scan_id, due=due)
    return 1
