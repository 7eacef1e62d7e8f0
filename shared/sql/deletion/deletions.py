"""Deletes customers' data: one transaction records the request, then batches delete the rows.

The first transaction stops running scans, deletes the scans and consents, and records what is
to be deleted. After it nothing can be added to that data, and the batches can stop at any
point, resume later, or be processed by two workers at once. Beginning and end are on the ledger (receipts.py).
"""

import json
import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, union, update

from shared.core.audit import SYSTEM, Action, AuditEvent, Outcome, Subject
from shared.core.deletions import Deletion, DeletionReason, DeletionScope, DeletionState
from shared.core.models import StepStatus
from shared.core.pseudonyms import Pseudonyms
from shared.sql.deletion.deletion_rows import (
    AT_ONCE,
    BATCH_LARGE_ROWS,
    BATCH_ROWS,
    IN_BATCHES,
    SCANS_A_STATEMENT,
    StepRun,
    batch_of,
    batched,
    orphaned_scans,
    rows_to_delete,
    runs_of,
)
from shared.sql.deletion.receipts import LedgerEvent, deletion_in, enter, finish, finished_state, is_entered
from shared.sql.deletion.retention_due import is_due
from shared.sql.engine.engine import Database
from shared.sql.engine.lists import any_of
from shared.sql.engine.retries import whole_transaction
from shared.sql.ledgers.audit import record
from shared.sql.ledgers.deletion_mails import keep_addresses, release
from shared.sql.schema.desk_tables import reviews
from shared.sql.schema.record_tables import purges
from shared.sql.schema.tables import STEP_TABLES, connections, raw_pages, scans, steps

Counts = dict[str, int]

SCANS_ON_RECORD = 100
"""Scans that the activity log names; more of them are only counted, so that the entry is never too long."""


@dataclass(frozen=True)
class Batch:
    """What one transaction deleted."""

    table: str
    rows: int


@dataclass(frozen=True)
class DeletionRequest:
    """What is to be deleted, and the event that says who wants it and why; its subject becomes the receipt.

    `user_object_id` None for all of the customer's users; `scan_id` with SCAN, and with FINDINGS if it is one scan's.
    `notify`: the customer gets a mail when it is done.
    """

    tenant_id: str
    scope: DeletionScope
    reason: DeletionReason
    event: AuditEvent
    user_object_id: str | None = None
    scan_id: str | None = None
    notify: bool = False
    receipt_id: str = field(default_factory=lambda: str(uuid.uuid4()))


class Deletions:
    """The deletions in progress, and the work on them."""

    def __init__(self, database: Database, pseudonyms: Pseudonyms) -> None:
        self._database = database
        self._pseudonyms = pseudonyms

    @whole_transaction
    def ask(self, request: DeletionRequest) -> Deletion:
        """Decides it: from now on the scans concerned are gone for everybody, the rest follows in batches."""
        with self._database.transaction(request.tenant_id) as connection:
            return _read(connection, request) or self._decide(connection, request)

    def ask_if_due(self, tenant_id: str, today: date, event: AuditEvent, *, notify: bool = False) -> Deletion | None:
        """The same for a customer whose time is over; None if they have come back meanwhile."""
        request = DeletionRequest(tenant_id, DeletionScope.CUSTOMER, DeletionReason.RETENTION, event, notify=notify)
        return self._ask_if_due(request, today)

    @whole_transaction
    def _ask_if_due(self, request: DeletionRequest, today: date) -> Deletion | None:
        with self._database.transaction(request.tenant_id) as connection:
            known = _read(connection, request)
            return (
                self._decide(connection, request)
                if known is None and is_due(connection, request.tenant_id, today)
                else known
            )

    @whole_transaction
    def repeat(self, deletion: Deletion) -> Deletion:
        """Does a deletion again, in a database that was restored to a moment before it; harmless anywhere else."""
        again = replace(deletion, state=DeletionState.RUNNING, counts={})
        with self._database.transaction(deletion.tenant_id) as connection:
            connection.execute(delete(purges).where(_key(deletion)))
            return self._begin(connection, again)

    @whole_transaction
    def get(self, receipt_id: str) -> Deletion | None:
        """Return a deletion in progress by its receipt number, for any tenant."""
        running = (purges.c.receipt_id == receipt_id, purges.c.state == DeletionState.RUNNING)
        with self._database.system_reading() as connection:
            row = connection.execute(select(purges).where(*running)).one_or_none()
        return None if row is None else deletion_in(row)

    @whole_transaction
    def current(self, deletion: Deletion) -> Deletion:
        """Return the deletion as it is now: in progress, or as it ended."""
        with self._database.reading(deletion.tenant_id) as connection:
            row = connection.execute(select(purges).where(_key(deletion))).one_or_none()
            return deletion_in(row) if row else finished_state(connection, deletion) or deletion

    @whole_transaction
    def is_known(self, receipt_id: str) -> bool:
        """Whether the database has a record of the deletion; a restored one may have lost it."""
        with self._database.system_reading() as connection:
            at_work = connection.execute(select(purges.c.purge_id).where(purges.c.receipt_id == receipt_id)).first()
            return at_work is not None or is_entered(connection, receipt_id)

    @whole_transaction
    def unfinished(self) -> list[Deletion]:
        """Those of all customers of which something is left, oldest first."""
        running = select(purges).where(purges.c.state == DeletionState.RUNNING).order_by(purges.c.purge_id)
        with self._database.system_reading() as connection:
            return [deletion_in(row) for row in connection.execute(running)]

    @whole_transaction
    def work(self, deletion: Deletion, now: datetime, limit: int = BATCH_ROWS) -> Batch | None:
        """Deletes the next batch; None once nothing is left, which is then on record."""
        with self._database.transaction(deletion.tenant_id) as connection:
            current = _read(connection, deletion)
            if current is None or current.is_done:
                return None
            batch = _next_batch(connection, current, limit)
            if batch is None:
                finish(connection, replace(current, state=DeletionState.DONE, worked_at=now), self._pseudonyms)
                record(connection, _finished(current, now))
                release(connection, current, now)
                return None
            counts = {**current.counts, batch.table: current.counts.get(batch.table, 0) + batch.rows}
            _write_progress(connection, replace(current, counts=counts, worked_at=now))
            return batch

    def _decide(self, connection: Connection, request: DeletionRequest) -> Deletion:
        _hold_consents(connection, request)
        at = request.event.occurred_at
        deletion = Deletion(
            receipt_id=request.receipt_id,
            tenant_id=request.tenant_id,
            scope=request.scope,
            user_object_id=request.user_object_id,
            scan_ids=_scan_ids(connection, request),
            reason=request.reason,
            requested_at=at,
            state=DeletionState.RUNNING,
            counts={},
            worked_at=at,
        )
        details = {**request.event.details, "scope": request.scope, "scans": deletion.scan_ids[:SCANS_ON_RECORD]}
        details["scan_count"] = len(deletion.scan_ids)
        subject = Subject("deletion", deletion.receipt_id)
        record(connection, replace(request.event, subject=subject, outcome=Outcome.REQUESTED, details=details))
        if request.notify:
            keep_addresses(connection, deletion)
        return self._begin(connection, deletion)

    def _begin(self, connection: Connection, deletion: Deletion) -> Deletion:
        """Takes away the scans, so that no step can be added any more, and then every worker's lease."""
        counts: Counts = {}
        for table in AT_ONCE:
            for rows in rows_to_delete(table, deletion):
                deleted = connection.execute(delete(table).where(rows)).rowcount
                if deleted:
                    counts[table.name] = counts.get(table.name, 0) + deleted
        if deletion.scope is DeletionScope.FINDINGS:
            _note_deleted_findings(connection, deletion)
        ended = {"status": StepStatus.FAILED, "lease_id": None, "lease_expires_at": None}
        for rows in rows_to_delete(steps, deletion):
            connection.execute(update(steps).where(rows).values(ended))
        begun = _write(connection, replace(deletion, counts=counts))
        enter(connection, begun, LedgerEvent.REQUESTED, self._pseudonyms)
        return begun


def _note_deleted_findings(connection: Connection, deletion: Deletion) -> None:
    """Mark the reviews, so that a page never takes deleted findings for a review without any."""
    noted = update(reviews).values(findings_deleted_at=deletion.requested_at)
    for scan_ids in batched(deletion.scan_ids, SCANS_A_STATEMENT):
        connection.execute(noted.where(reviews.c.tenant_id == deletion.tenant_id, any_of(reviews.c.scan_id, scan_ids)))


def _hold_consents(connection: Connection, request: DeletionRequest) -> None:
    """Keep others from starting a scan until the transaction ends: each start holds its user's consent too."""
    own = select(connections.c.user_object_id).where(connections.c.tenant_id == request.tenant_id)
    if request.user_object_id is not None:
        own = own.where(connections.c.user_object_id == request.user_object_id)
    connection.execute(own.with_hint(connections, "WITH (UPDLOCK)", "mssql")).all()


def _scan_ids(connection: Connection, request: DeletionRequest) -> tuple[str, ...]:
    """The scans concerned. Of a whole customer, also those of which only steps are left."""
    if request.scan_id is not None:
        return (request.scan_id,)
    own = select(scans.c.scan_id).where(scans.c.tenant_id == request.tenant_id)
    if request.user_object_id is not None:
        found = connection.execute(own.where(scans.c.user_object_id == request.user_object_id))
    else:
        found = connection.execute(union(own, select(steps.c.scan_id).where(steps.c.tenant_id == request.tenant_id)))
    return tuple(sorted(found.scalars()))


def _next_batch(connection: Connection, deletion: Deletion, limit: int) -> Batch | None:
    """Delete what the deletion names; of a whole customer, then also what is left of scans that are gone."""
    batch = _batch_of_scans(connection, deletion, limit)
    if batch is not None or deletion.scope is not DeletionScope.CUSTOMER:
        return batch
    orphaned = tuple(sorted(connection.execute(orphaned_scans(deletion.tenant_id)).scalars()))
    return _batch_of_scans(connection, replace(deletion, scan_ids=orphaned), limit) if orphaned else None


def _batch_of_scans(connection: Connection, deletion: Deletion, limit: int) -> Batch | None:
    """Delete from the first table that has rows left, beginning with the one that the last batch worked on.

    The tables before it follow at the end: nothing is added to them, but a late dead letter would stay.
    """
    at = max((number for number, table in enumerate(IN_BATCHES) if table.name in deletion.counts), default=0)
    for table in (*IN_BATCHES[at:], *IN_BATCHES[:at]):
        deleted = _delete_from(connection, table, deletion, limit)
        if deleted:
            return Batch(table.name, deleted)
    return None


def _delete_from(connection: Connection, table: Table, deletion: Deletion, limit: int) -> int:
    """Delete at most `limit` rows of one table; return how many."""
    left = min(limit, BATCH_LARGE_ROWS) if table is raw_pages else limit
    wanted, runs = left, _step_runs(connection, deletion) if table in STEP_TABLES else []
    for rows in rows_to_delete(table, deletion, runs):
        left -= connection.execute(batch_of(table, rows, left, connection.dialect)).rowcount
        if not left:
            break
    return wanted - left


def _step_runs(connection: Connection, deletion: Deletion) -> list[StepRun]:
    """The steps of the scans, which the collected rows are found by."""
    of_scans = [select(steps.c.step_id).where(rows) for rows in rows_to_delete(steps, deletion)]
    return runs_of(sorted(step_id for statement in of_scans for step_id in connection.execute(statement).scalars()))


def _finished(deletion: Deletion, now: datetime) -> AuditEvent:
    return AuditEvent(
        now,
        deletion.tenant_id,
        SYSTEM,
        Action.DELETION_FINISHED,
        user_object_id=deletion.user_object_id,
        subject=Subject("deletion", deletion.receipt_id),
        reason=deletion.reason,
        details={"rows": deletion.rows, **deletion.counts},
    )


def _key(of: Deletion | DeletionRequest) -> ColumnElement[bool]:
    return and_(purges.c.tenant_id == of.tenant_id, purges.c.receipt_id == of.receipt_id)


def _read(connection: Connection, of: Deletion | DeletionRequest) -> Deletion | None:
    """The ledger's entry, ours until the transaction ends: two who work on it take turns.

    A request has one already where its decision was stored and the answer was lost.
    """
    statement = select(purges).where(_key(of)).with_hint(purges, "WITH (UPDLOCK)", "mssql")
    row = connection.execute(statement).one_or_none()
    return None if row is None else deletion_in(row)


def _progress(deletion: Deletion) -> dict[str, Any]:
    return {
        "state": deletion.state,
        "counts_json": json.dumps(dict(deletion.counts)),
        "rows_deleted": deletion.rows,
        "purged_at": deletion.worked_at,
    }


def _write(connection: Connection, deletion: Deletion) -> Deletion:
    values = {
        "receipt_id": deletion.receipt_id,
        "tenant_id": deletion.tenant_id,
        "scope": deletion.scope,
        "user_object_id": deletion.user_object_id,
        "scan_ids_json": json.dumps(deletion.scan_ids),
        "reason": deletion.reason,
        "requested_at": deletion.requested_at,
    }
    connection.execute(insert(purges).values(**values, **_progress(deletion)))
    return deletion


def _write_progress(connection: Connection, deletion: Deletion) -> None:
    connection.execute(update(purges).where(_key(deletion)).values(_progress(deletion)))
