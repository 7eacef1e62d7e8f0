"""Does again what a restored database has forgotten: `python -m retention.reapply`, and every night by itself."""

import logging
import sys

from shared.deletion.log import DeletionLog
from shared.deletion.service import work_off
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.wiring import Services, services

NO_HURRY = 24 * 3600.0

log = logging.getLogger(__name__)


def reapply(services: Services) -> int:
    """Deletes again what the log says was deleted and the database knows nothing of. Returns how many deletions.

    In a database that was not restored there are none: its ledger has each of them, done or under way.
    """
    ledger = services.deletions
    forgotten = [known for known in DeletionLog(services.tables).all() if ledger.get(known.receipt_id) is None]
    for deletion in forgotten:
        names = {"receipt": deletion.receipt_id, "tenant": deletion.tenant_id}
        log_event(log, Event.DELETION_REPEATED, level=logging.WARNING, about=names)
        work_off(services, ledger.repeat(deletion), NO_HURRY)
    return len(forgotten)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    sys.stdout.write(f"{reapply(services())} deletions were repeated\n")
