"""Remind reviewers of reviews that are due soon."""

import logging

from shared.core.mail import MailKind, NewMail
from shared.core.setting_checks import is_address
from shared.mail.scan_mails import queue_mails
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.sql.reviews.due_reviews import DueReview
from shared.wiring import Services

log = logging.getLogger("caleta.mail")


def remind(services: Services) -> int:
    """Mail the owner of each review that is due soon, or all reviewers if it has none; return how many mails."""
    if not services.settings.mail_sender:
        return 0
    return sum(_remind(services, due) for due in services.due_reviews.find(services.clock.now()))


def _remind(services: Services, due: DueReview) -> bool:
    recipient = due.owner if due.owner and is_address(due.owner) else services.settings.reviewers_email
    if not is_address(recipient):
        return False
    mail = NewMail(MailKind.REVIEW_DUE, recipient)
    if not services.scan_mails.write(due.scan_key, mail, services.clock.now()):
        return False
    queue_mails(services.database, services.queues, due.scan_key)
    log_event(log, Event.REVIEW_REMINDED, scan=due.scan_id, is_assigned=due.owner is not None)
    return True
