"""Delete expired data, every night.

A customer's data is kept until RETENTION_MONTHS after that customer's most recent scan.
Consent flows and sessions are deleted once they have expired, dead letters after RETENTION_MONTHS,
activity log entries after AUDIT_MONTHS and not before the customer's last scan.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time

from retention.reapply import NIGHT_SECONDS, reapply
from shared.arm.quota_state import QUOTAS_TABLE
from shared.core.audit import SYSTEM, Action, AuditEvent
from shared.core.clock import Clock
from shared.core.deletions import Deletion
from shared.core.periods import AUDIT_MONTHS, RETENTION_MONTHS, add_months
from shared.deletion.log import DeletionLog
from shared.deletion.service import run_deletion
from shared.identity.flows import FLOWS_TABLE
from shared.identity.sessions import SESSIONS_TABLE
from shared.observability.events import Event
from shared.observability.telemetry import PURGED_CUSTOMERS, PURGED_ROWS, count
from shared.observability.work_log import log_event
from shared.sql.ledgers.audit import AuditLog
from shared.table_storage.rate_limits import LIMITS_TABLE
from shared.wiring import Services

log = logging.getLogger(__name__)

SHORT_LIVED_TABLES = (FLOWS_TABLE, SESSIONS_TABLE, QUOTAS_TABLE, LIMITS_TABLE)
RETENTION_ENDED = f"{RETENTION_MONTHS} months have passed since the most recent scan."


@dataclass(frozen=True)
class PurgeResult:
    """What one night deleted. `rows` counts deleted rows by table; tables without any are left out.

    `resumed` counts deletions that started earlier, `repeated` those that a restored database had lost.
    """

    customers: int
    rows: Mapping[str, int]
    flows: int
    sessions: int
    dead_letters: int
    audit_entries: int = 0
    repeated: int = 0
    resumed: int = 0


def purge(services: Services, today: date) -> PurgeResult:
    """Delete everything that is due by `today` (a UTC date), however long it has been due.

    An interrupted run needs no repair: the next run resumes it. Two concurrent runs share the work.
    """
    runs = services.purge_runs
    run_id = runs.begin(today, services.clock.now())
    services.receipts.move_finished()
    repeated = reapply(services)
    resumed = _resume(services)
    due = services.retention_due.by(today)
    ended = [rows for tenant_id in due if (rows := _purge_customer(services, tenant_id, today))]
    rows = sum([resumed.rows, *ended], Counter[str]())
    flows, sessions, *_ = (
        services.tables.delete_expired(name, _moment(services.clock, today)) for name in SHORT_LIVED_TABLES
    )
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
    DeletionLog(services.tables).delete_expired(_moment(services.clock, today))
    count(PURGED_CUSTOMERS, result.customers)
    for table, deleted in rows.items():
        count(PURGED_ROWS, deleted, table=table)
    runs.finish(run_id, services.clock.now(), result.customers, rows.total())
    log_event(log, Event.PURGE_ENDED, about={**asdict(result), "rows": rows.total()}, today=today)
    return result


@dataclass(frozen=True)
class Resumed:
    """Deletions left unfinished by earlier runs or by customers' requests, and the rows they deleted, by table."""

    deletions: int
    rows: Counter[str]


def _resume(services: Services) -> Resumed:
    unfinished = services.deletions.unfinished()
    rows = [_finish(services, deletion) for deletion in unfinished]
    return Resumed(len(unfinished), sum(rows, Counter[str]()))


def _finish(services: Services, deletion: Deletion) -> Counter[str]:
    """Run the deletion to its end; return the rows this run deleted, by table."""
    ended = run_deletion(services, deletion, NIGHT_SECONDS)
    return Counter(ended.counts) - Counter(deletion.counts)


def _purge_customer(services: Services, tenant_id: str, today: date) -> Counter[str] | None:
    """Return the rows deleted by table; None if the customer has scanned again or another run was first."""
    at = _moment(services.clock, today)
    event = AuditEvent(at, tenant_id, SYSTEM, Action.DELETION_REQUESTED, reason=RETENTION_ENDED)
    has_mail = bool(services.settings.mail_sender)
    deletion = services.deletions.ask_if_due(tenant_id, today, event, notify=has_mail)
    if deletion is None:
        return None
    ended = run_deletion(services, deletion, NIGHT_SECONDS)
    log_event(log, Event.CUSTOMER_PURGED, tenant=tenant_id, rows=ended.rows, tables=dict(ended.counts))
    return Counter(ended.counts)


def _months_before(today: date, months: int) -> datetime:
    return datetime.combine(add_months(today, -months), time.min, UTC)


def _moment(clock: Clock, today: date) -> datetime:
    """Return now, or the start of `today` if that is later."""
    return max(clock.now(), datetime.combine(today, time.min, UTC))
