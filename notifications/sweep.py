"""Recover mails whose queue message was lost or whose worker crashed."""

import logging

from notifications.send import names_of, report
from shared.mail.scan_mails import mail_message
from shared.messaging.queues import SEND_MAIL
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services

MARK_SECONDS = 600
"""Sweeps within this time give a message the same id, so that duplicate detection keeps one of them."""

log = logging.getLogger("caleta.mail")


def sweep(services: Services) -> int:
    """Resend overdue mails and end those with an unknown outcome; return how many mails were affected."""
    now = services.clock.now()
    outbox = services.mail_outbox
    abandoned = outbox.give_up_abandoned(now)
    for mail in abandoned:
        report(mail)
    overdue = outbox.overdue(now)
    if overdue:
        mark = f":swept:{int(now.timestamp()) // MARK_SECONDS}"
        services.queues.send(SEND_MAIL.name, [mail_message(mail, mark) for mail in overdue])
        for mail in overdue:
            log_event(log, Event.MAIL_RESENT, "overdue with no message", level=logging.WARNING, about=names_of(mail))
    return len(abandoned) + len(overdue)
