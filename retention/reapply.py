"""Repeat deletions that a restored database has lost: `python -m retention.reapply`, and every night."""

import logging
import sys

from shared.deletion.log import DeletionLog
from shared.deletion.service import run_deletion
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services, services

NIGHT_SECONDS = 24 * 3600.0
"""Time limit of one deletion at night: in effect none. The host ends the run, and the next night continues."""

log = logging.getLogger(__name__)


def reapply(services: Services) -> int:
    """Run every deletion that is in the log but not in the database's ledger. Return how many there were.

    A database that was not restored has all of them in its ledger, done or in progress.
    """
    deletions = services.deletions
    forgotten = [known for known in DeletionLog(services.tables).all() if not deletions.is_known(known.receipt_id)]
    for deletion in forgotten:
        names = {"receipt": deletion.receipt_id, "tenant": deletion.tenant_id}
        log_event(log, Event.DELETION_REPEATED, level=logging.WARNING, about=names)
        run_deletion(services, deletions.repeat(deletion), NIGHT_SECONDS)
    return len(forgotten)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    sys.stdout.write(f"{reapply(services())} deletions were repeated\n")
