"""Choose the mails of a scan and put them in the send-mail queue."""

import logging

from shared.core.mail import Mail, MailKind, MailState, NewMail
from shared.core.messages import MailMessage
from shared.core.models import ConnectionState, Scan, ScanKey, ScanStatus
from shared.core.setting_checks import is_address
from shared.core.settings import Settings
from shared.messaging.queues import SEND_MAIL, OutgoingMessage, QueueSender
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.sql.engine.engine import Database
from shared.sql.ledgers.outbox import Outbox
from shared.wiring import Services

log = logging.getLogger("caleta.mail")


def mails_at_scan_end(settings: Settings, recipient: str, status: ScanStatus, *, needs_sign_in: bool) -> list[NewMail]:
    """Return the mails to send when a scan ends with this status.

    A recipient that is no email address gets no mail. Without a configured sender there are no mails at all.
    """
    if not settings.mail_sender or status is ScanStatus.CANCELLED:
        return []
    mails = [NewMail(_kind(status, needs_sign_in=needs_sign_in), recipient)]
    if status in (ScanStatus.COLLECTED, ScanStatus.PARTIAL) and settings.reviewers_email:
        mails.append(NewMail(MailKind.NEW_SCAN, settings.reviewers_email))
    reachable = [mail for mail in mails if is_address(mail.recipient)]
    if len(reachable) < len(mails):
        log_event(log, Event.MAIL_ADDRESS_MISSING, level=logging.WARNING, kind=mails[0].kind)
    return reachable


def _kind(status: ScanStatus, *, needs_sign_in: bool) -> MailKind:
    if needs_sign_in:
        return MailKind.SIGN_IN_NEEDED
    if status in (ScanStatus.COLLECTED, ScanStatus.PARTIAL):
        return MailKind.REPORT_READY
    return MailKind.NOTHING_READ


def mail_sign_in_needed(services: Services, scan: Scan) -> None:
    """Mail a user whose sign-in was refused after their scan ended; users who disconnected get no mail."""
    connection = services.connections.get(scan.tenant_id, scan.user_object_id)
    if connection is None or connection.state is not ConnectionState.SIGN_IN_NEEDED:
        return
    if services.settings.mail_sender and is_address(connection.mail_recipient):
        mail = NewMail(MailKind.SIGN_IN_NEEDED, connection.mail_recipient)
        services.scan_mails.write(scan.key, mail, services.clock.now())
        queue_mails(services.database, services.queues, scan.key)


def queue_mails(database: Database, queues: QueueSender, scan_key: ScanKey) -> None:
    """Queue the scan's pending mails; duplicate detection drops messages that were queued before."""
    pending = [mail for mail in Outbox(database).of_scan(scan_key) if mail.state is MailState.PENDING]
    if pending:
        queues.send(SEND_MAIL.name, [mail_message(mail) for mail in pending])


def mail_message(mail: Mail, mark: str = "") -> OutgoingMessage:
    """Return the queue message for the mail's next attempt.

    `mark` makes the message id different from that of the regular message, so that it is not dropped as a duplicate.
    """
    body = MailMessage(tenant_id=mail.tenant_id, mail_id=mail.mail_id).encode()
    message_id = f"{mail.mail_id}:{mail.attempt + 1}{mark}"
    return OutgoingMessage(body, message_id, scheduled_for=mail.not_before)
