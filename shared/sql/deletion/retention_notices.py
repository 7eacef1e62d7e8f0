"""Notifies a customer that the data is about to be deleted: once for each most recent scan that read data."""

from datetime import date, datetime

from sqlalchemy import Connection, and_, case, select

from shared.core.audit import SYSTEM, Action, AuditEvent, Outcome, Subject
from shared.core.mail import MailKind, NewMail
from shared.core.models import ScanKey
from shared.core.setting_checks import is_address
from shared.sql.deletion.retention_due import NOT_COUNTED
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.ledgers.audit import record
from shared.sql.ledgers.outbox import enqueue
from shared.sql.scans.scans import scan_is_there
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.outbox_tables import outbox
from shared.sql.schema.tables import MAIL_RECIPIENT, connections, scans


class RetentionNotices:
    """Writes the mails down, each with its record."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def write(self, tenant_id: str, due: date, now: datetime) -> str | None:
        """Write the email to the user who ran the scan that the deletion date counts from; return that scan's id.

        None if it was written before, if that user has no email address, or if the scan is being deleted.
        """
        with self._database.transaction(tenant_id) as connection:
            latest = _latest(connection, tenant_id)
            if latest is None or not is_address(latest[1]):
                return None
            scan_id, username, user_object_id = latest
            scan_key = ScanKey(tenant_id, scan_id)
            if not scan_is_there(connection, scan_key) or _is_written(connection, scan_key):
                return None
            enqueue(connection, scan_key, [NewMail(MailKind.DELETION_DUE, username)], now)
            record(connection, _event(scan_key, user_object_id, due, now))
            return scan_id


def _latest(connection: Connection, tenant_id: str) -> tuple[str, str, str] | None:
    """The scan that the deletion date counts from, and who ran it: the most recent one that read something.

    A later one that read nothing moves neither the date nor the notice.
    """
    same_user = and_(
        connections.c.tenant_id == scans.c.tenant_id, connections.c.user_object_id == scans.c.user_object_id
    )
    statement = (
        select(scans.c.scan_id, MAIL_RECIPIENT, scans.c.user_object_id)
        .join_from(scans, connections, same_user)
        .where(scans.c.tenant_id == tenant_id)
        .order_by(case((scans.c.status.in_(NOT_COUNTED), 1), else_=0), scans.c.requested_at.desc(), scans.c.scan_id)
        .limit(1)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def _is_written(connection: Connection, scan_key: ScanKey) -> bool:
    mine = of_scan(outbox, scan_key)
    statement = select(outbox.c.mail_id).where(mine, outbox.c.kind == MailKind.DELETION_DUE)
    return connection.execute(statement).first() is not None


def _event(scan_key: ScanKey, user_object_id: str, due: date, now: datetime) -> AuditEvent:
    return AuditEvent(
        now,
        scan_key.tenant_id,
        SYSTEM,
        Action.RETENTION_NOTICE,
        Outcome.REQUESTED,
        user_object_id=user_object_id,
        subject=Subject("scan", scan_key.scan_id),
        details={"deleted_on": due.isoformat()},
    )
