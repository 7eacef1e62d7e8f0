"""Process one mail's message: claim the mail, send it, record the result.

sendMail is not idempotent, so the mail is marked before the call. After a crash, it was sent
once, or its row says that it failed or that the result is unknown.
"""

import logging
from dataclasses import replace
from datetime import timedelta

from shared.core.mail import Mail, MailKind, MailState
from shared.core.messages import MailMessage
from shared.core.models import ScanKey
from shared.mail.content import MailContent, deletion_mail, scan_mail
from shared.mail.graph import MailDelayed, MailRefused, MailUncertain
from shared.mail.scan_mails import mail_message
from shared.messaging.queues import SEND_MAIL
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services

MAX_ATTEMPTS = 12
MAX_BACKOFF_SECONDS = 3_600.0
"""With these, a mail is retried for about five hours: as long as a new Exchange permission needs to take effect."""

log = logging.getLogger("caleta.mail")


def send(services: Services, body: bytes) -> None:
    """Send one mail; a second delivery of the message has no effect. Raises BadMessage."""
    message = MailMessage.decode(body)
    mail = services.mail_outbox.claim(message.tenant_id, message.mail_id, services.clock.now())
    if mail is None:
        log_event(log, Event.MAIL_SKIPPED, "it is sent, being sent or deleted", mail=message.mail_id)
        return
    try:
        _send(services, mail)
    except MailDelayed as error:
        _postpone(services, mail, error)
    except MailRefused as error:
        end(services, mail, MailState.FAILED, error.code)
    except MailUncertain as error:
        end(services, mail, MailState.UNCERTAIN, error.code)
    else:
        end(services, mail, MailState.SENT, None)


def _send(services: Services, mail: Mail) -> None:
    services.mail.send(_content(services, mail), mail.recipient, mail.mail_id)


def _content(services: Services, mail: Mail) -> MailContent:
    """Return the content of the mail, from current data. Raises MailRefused."""
    base_url = services.settings.base_url
    if mail.kind is MailKind.DELETION_DONE:
        receipt = services.receipts.get_of_customer(mail.tenant_id, mail.scan_id)
        if receipt is None:
            raise MailRefused("the receipt was deleted")
        return deletion_mail(receipt, base_url)
    scan = services.scans.get(ScanKey(mail.tenant_id, mail.scan_id))
    if scan is None:
        raise MailRefused("the scan was deleted")
    return scan_mail(mail.kind, scan, base_url)


def _postpone(services: Services, mail: Mail, error: MailDelayed) -> None:
    if mail.attempt >= MAX_ATTEMPTS:
        end(services, mail, MailState.FAILED, error.code)
        return
    now = services.clock.now()
    seconds = max(error.wait_seconds, min(MAX_BACKOFF_SECONDS, 15.0 * 2**mail.attempt))
    later = replace(mail, not_before=now + timedelta(seconds=seconds))
    log_event(log, Event.MAIL_POSTPONED, error.code, about=names_of(mail), seconds=f"{seconds:.0f}")
    if services.mail_outbox.postpone(mail, now + timedelta(seconds=seconds), error.code, now):
        services.queues.send(SEND_MAIL.name, [mail_message(later)])


def end(services: Services, mail: Mail, state: MailState, code: str | None) -> None:
    """Record the end of a mail; a mail that was not sent raises an alert."""
    services.mail_outbox.end(mail, state, code, services.clock.now())
    report(replace(mail, state=state, code=code))


def report(mail: Mail) -> None:
    """Log the end of a mail, without its address."""
    if mail.state is MailState.SENT:
        log_event(log, Event.MAIL_SENT, about=names_of(mail))
    else:
        log_event(log, Event(f"mail-{mail.state}"), mail.code, alert=f"mail-{mail.state}", about=names_of(mail))


def names_of(mail: Mail) -> dict[str, object]:
    """Return the mail's identifiers for the log, never its address."""
    return {"scan": mail.scan_id, "mail": mail.mail_id, "kind": mail.kind, "attempt": mail.attempt}
