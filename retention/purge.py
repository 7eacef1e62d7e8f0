"""The nightly deletion of what is due.

A customer's data is kept until RETENTION_MONTHS after that customer's most recent scan.
Consent flows and sessions go once they have expired, dead letters after as many months.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from shared.core.periods import RETENTION_MONTHS, add_months
from shared.identity.consent import FLOWS_TABLE
from shared.identity.sessions import SESSIONS_TABLE
from shared.sql.dead_letters import DeadLetters
from shared.sql.purge import Purge
from shared.wiring import Services

log = logging.getLogger(__name__)

RETENTION_ENDED = "retention ended"


@dataclass(frozen=True)
class PurgeResult:
    """What one night deleted; `rows` by table, only tables that lost some."""

    customers: int
    rows: Mapping[str, int]
    flows: int
    sessions: int
    dead_letters: int


def purge(services: Services, today: date) -> PurgeResult:
    """Deletes everything that is due by `today` (a day in UTC), however long it has been due.

    Stopped half way, it leaves nothing to mend: the next run goes on where it stopped.
    """
    store = Purge(services.database)
    purged = [_purge_customer(services, store, tenant_id, today) for tenant_id in store.due(today)]
    rows = sum(purged, Counter[str]())
    customers = sum(map(bool, purged))
    moment = _moment(services, today)
    flows = services.tables.delete_expired(FLOWS_TABLE, moment)
    sessions = services.tables.delete_expired(SESSIONS_TABLE, moment)
    result = PurgeResult(customers, dict(rows), flows, sessions, _purge_dead_letters(services, today))
    log.info(
        "purge ended today=%s customers=%s rows=%s flows=%s sessions=%s dead_letters=%s",
        today, result.customers, rows.total(), flows, sessions, result.dead_letters,
    )  # fmt: skip
    return result


def _purge_customer(services: Services, store: Purge, tenant_id: str, today: date) -> Counter[str]:
    """What was deleted by table: nothing if the customer has come back meanwhile."""
    rows: Counter[str] = Counter()
    while batch := store.delete_batch(tenant_id, today):
        rows[batch.table] += batch.rows
    if rows:
        store.record(tenant_id, RETENTION_ENDED, rows.total(), services.clock.now())
        log.info("customer purged tenant=%s rows=%s tables=%s", tenant_id, rows.total(), dict(rows))
    return rows


def _purge_dead_letters(services: Services, today: date) -> int:
    oldest_kept = add_months(today, -RETENTION_MONTHS)
    return DeadLetters(services.database).delete_before(datetime.combine(oldest_kept, time.min, UTC))


def _moment(services: Services, today: date) -> datetime:
    """Now; when asked to purge as of a later day, the beginning of that day."""
    return max(services.clock.now(), datetime.combine(today, time.min, UTC))
