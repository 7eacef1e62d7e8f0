"""The nightly deletion of what is due.

A customer's data is kept until RETENTION_MONTHS after that customer's most recent scan.
Consent flows and sessions go once they have expired, dead letters after as many months,
entries of the activity log after AUDIT_MONTHS and not before the customer's last scan.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time

from retention.reapply import reapply
from shared.arm.quota_state import QUOTAS_TABLE
from shared.core.audit import SYSTEM, Action, AuditEvent
from shared.core.deletions import Deletion
from shared.core.periods import AUDIT_MONTHS, RETENTION_MONTHS, add_months
from shared.deletion.log import DeletionLog
from shared.deletion.service import work_off
from shared.identity.flows import FLOWS_TABLE
from shared.identity.sessions import SESSIONS_TABLE
from shared.observability.events import Event
from shared.observability.telemetry import PURGED_CUSTOMERS, PURGED_ROWS, count
from shared.observability.work_log import log_event
from shared.sql.ledgers.audit import AuditLog
from shared.wiring import Services

log = logging.getLogger(__name__)

SHORT_LIVED_TABLES = (FLOWS_TABLE, SESSIONS_TABLE, QUOTAS_TABLE)
RETENTION_ENDED = f"{RETENTION_MONTHS} months have passed since the most recent scan."
NO_HURRY = 24 * 3600.0
"""The night has no time limit of its own: the host's ends it, and the next night goes on."""


@dataclass(frozen=True)
class PurgeResult:
    """What one night deleted; `rows` by table, only tables that lost some. `resumed` were begun earlier,
    `repeated` were forgotten by a database that had been restored."""

    customers: int
    rows: Mapping[str, int]
    flows: int
    sessions: int
    dead_letters: int
    audit_entries: int = 0
    repeated: int = 0
    resumed: int = 0


def purge(services: Services, today: date) -> PurgeResult:
    """Deletes everything that is due by `today` (a day in UTC), however long it has been due.

    Stopped half way, it leaves nothing to mend: the next run goes on where it stopped. Two
    runs at once share the work.
    """
    runs = services.purge_runs
    run_id = runs.begin(today, services.clock.now())
    repeated = reapply(services)
    resumed = _resume(services)
    due = services.retention_due.by(today)
    ended = [rows for tenant_id in due if (rows := _purge_customer(services, tenant_id, today))]
    rows = sum([resumed.rows, *ended], Counter[str]())
    flows, sessions, _ = (services.tables.delete_expired(name, _moment(services, today)) for name in SHORT_LIVED_TABLES)
    result = PurgeResult(
        customers=len(ended),
        rows=dict(rows),
        flows=flows,
        sessions=sessions,
        dead_letters=services.dead_letters.delete_before(_months_before(today, RETENTION_MONTHS)),
        audit_entries=AuditLog(services.purge_database).delete_before(_months_before(today, AUDIT_MONTHS)),
        repeated=repeated,
        resumed=resumed.deletions,
    )
    DeletionLog(services.tables).delete_expired(_moment(services, today))
    count(PURGED_CUSTOMERS, result.customers)
    for table, deleted in rows.items():
        count(PURGED_ROWS, deleted, table=table)
    runs.finish(run_id, services.clock.now(), result.customers, rows.total())
    log_event(log, Event.PURGE_ENDED, about={**asdict(result), "rows": rows.total()}, today=today)
    return result


@dataclass(frozen=True)
class Resumed:
    """What was left undone by earlier runs and by deletions that customers asked for."""

    deletions: int
    rows: Counter[str]


def _resume(services: Services) -> Resumed:
    unfinished = services.deletions.unfinished()
    rows = [_rest(services, deletion) for deletion in unfinished]
    return Resumed(len(unfinished), sum(rows, Counter[str]()))


def _rest(services: Services, deletion: Deletion) -> Counter[str]:
    """Works it off; the rows that this took, by table."""
    ended = work_off(services, deletion, NO_HURRY)
    return Counter(ended.counts) - Counter(deletion.counts)


def _purge_customer(services: Services, tenant_id: str, today: date) -> Counter[str] | None:
    """The rows deleted; None if the customer has come back, or another run was first."""
    at = _moment(services, today)
    event = AuditEvent(at, tenant_id, SYSTEM, Action.DELETION_REQUESTED, reason=RETENTION_ENDED)
    is_told = bool(services.settings.mail_sender)
    deletion = services.deletions.ask_if_due(tenant_id, today, event, is_told=is_told)
    if deletion is None:
        return None
    ended = work_off(services, deletion, NO_HURRY)
    log_event(log, Event.CUSTOMER_PURGED, tenant=tenant_id, rows=ended.rows, tables=dict(ended.counts))
    return Counter(ended.counts)


def _months_before(today: date, months: int) -> datetime:
    return datetime.combine(add_months(today, -months), time.min, UTC)


def _moment(services: Services, today: date) -> datetime:
    """Now; when asked to purge as of a later day, the beginning of that day."""
    return max(services.clock.now(), datetime.combine(today, time.min, UTC))
