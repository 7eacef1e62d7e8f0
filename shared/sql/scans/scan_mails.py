"""Mails about a scan that has long ended, written down by themselves."""

from datetime import datetime

from shared.core.mail import NewMail
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.ledgers.outbox import enqueue
from shared.sql.scans.scans import scan_is_there


class ScanMails:
    """Where they are written down."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def write(self, tenant_id: str, scan_id: str, mail: NewMail, now: datetime) -> bool:
        """Writes it down unless the scan has one of its kind; False if the scan was deleted."""
        with self._database.transaction(tenant_id) as connection:
            is_there = scan_is_there(connection, tenant_id, scan_id)
            if is_there:
                enqueue(connection, tenant_id, scan_id, [mail], now)
            return is_there
