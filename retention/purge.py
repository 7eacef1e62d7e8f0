"""Delete expired data, every night.

A customer's data is kept until RETENTION_MONTHS after that customer's most recent scan.
Consent flows and sessions are deleted once they have expired, dead letters after RETENTION_MONTHS,
activity log entries after AUDIT_MONTHS and not before the customer's last scan.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time

from retention.night import delete_due, moment
from retention.reapply import reapply
from shared.arm.quota_state import QUOTAS_TABLE
from shared.core.periods import AUDIT_MONTHS, RETENTION_MONTHS, add_months
from shared.deletion.log import DeletionLog
from shared.exports.exports import EXPORTS_TABLE
from shared.identity.api_tokens import API_TOKENS_TABLE
from shared.identity.flows import FLOWS_TABLE
from shared.identity.sessions import SESSIONS_TABLE
from shared.observability.events import Event
from shared.observability.telemetry import PURGED_CUSTOMERS, PURGED_ROWS, count
from shared.observability.work_log import log_event
from shared.sql.ledgers.audit import AuditLog
from shared.table_storage.rate_limits import LIMITS_TABLE
from shared.wiring import Services

log = logging.getLogger(__name__)

SHORT_LIVED_TABLES = (FLOWS_TABLE, SESSIONS_TABLE, QUOTAS_TABLE, LIMITS_TABLE, EXPORTS_TABLE, API_TOKENS_TABLE)


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
    night = delete_due(services, today)
    rows = night.rows
    flows, sessions, *_ = (
        services.tables.delete_expired(name, moment(services.clock, today)) for name in SHORT_LIVED_TABLES
    )
    result = PurgeResult(
        customers=night.customers,
        rows=dict(rows),
        flows=flows,
        sessions=sessions,
        dead_letters=services.dead_letters.delete_before(_months_before(today, RETENTION_MONTHS)),
        audit_entries=AuditLog(services.purge_database).delete_before(_months_before(today, AUDIT_MONTHS)),
        repeated=repeated,
        resumed=night.resumed,
    )
    DeletionLog(services.tables).delete_expired(moment(services.clock, today))
    count(PURGED_CUSTOMERS, result.customers)
    for table, deleted in rows.items():
        count(PURGED_ROWS, deleted, table=table)
    runs.finish(run_id, services.clock.now(), result.customers, rows.total())
    log_event(log, Event.PURGE_ENDED, about={**asdict(result), "rows": rows.total()}, today=today)
    return result


def _months_before(today: date, months: int) -> datetime:
    return datetime.combine(add_months(today, -months), time.min, UTC)
