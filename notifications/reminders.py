"""Reminds reviewers while there is time left."""

import logging

from shared.mail.occasions import announce
from shared.sql.due_reviews import DueReviews
from shared.wiring import Services

log = logging.getLogger("caleta.mail")


def remind(services: Services) -> int:
    """Writes to the owner of each review that is due soon, or to all reviewers where it has none; how many mails."""
    settings, now = services.settings, services.clock.now()
    if not settings.mail_sender:
        return 0
    reminders = DueReviews(services.database)
    reminded = [due for due in reminders.find(now) if reminders.remind(due, settings.reviewers_email, now)]
    for due in reminded:
        announce(services.database, services.queues, due.tenant_id, due.scan_id)
        log.info("review is due soon scan=%s is_taken=%s", due.scan_id, due.owner is not None)
    return len(reminded)
