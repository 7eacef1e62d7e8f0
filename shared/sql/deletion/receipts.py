"""The ledger of deletions: receipts that outlive the data, and name the customer by a pseudonym only.

A deletion has two entries, one when it is requested and one when it is finished; neither is ever changed or deleted.
What the work itself needs, identifiers included, is in `purges` and is deleted with the last row.
"""

import json
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, exists, func, insert, select

from shared.core.deletions import Deletion, DeletionReason, DeletionScope, DeletionState, Receipt
from shared.core.pseudonyms import Pseudonyms
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.schema.record_tables import deletion_ledger, purges


class LedgerEvent(StrEnum):
    """What an entry records."""

    REQUESTED = "requested"
    FINISHED = "finished"


REQUESTED = deletion_ledger.alias("requested")
FINISHED = deletion_ledger.alias("finished")


def enter(connection: Connection, deletion: Deletion, event: LedgerEvent, pseudonyms: Pseudonyms) -> None:
    """Add an entry in the caller's transaction; a deletion that is repeated has it already."""
    key = (deletion_ledger.c.receipt_id == deletion.receipt_id, deletion_ledger.c.event == event)
    if connection.execute(select(deletion_ledger.c.entry_id).where(*key)).first() is None:
        connection.execute(insert(deletion_ledger).values(event=event, **_values(receipt_of(deletion, pseudonyms))))


def receipt_of(deletion: Deletion, pseudonyms: Pseudonyms) -> Receipt:
    """Return what the ledger says of a deletion."""
    user = deletion.user_object_id
    return Receipt(
        receipt_id=deletion.receipt_id,
        tenant_pseudonym=pseudonyms.of(deletion.tenant_id),
        user_pseudonym=None if user is None else pseudonyms.of(user),
        scope=deletion.scope,
        scan_count=len(deletion.scan_ids),
        reason=deletion.reason,
        requested_at=deletion.requested_at,
        state=deletion.state,
        counts=deletion.counts,
        worked_at=deletion.worked_at,
    )


class Receipts:
    """Reads of the ledger."""

    def __init__(self, database: Database, pseudonyms: Pseudonyms) -> None:
        self._database = database
        self._pseudonyms = pseudonyms

    def get(self, receipt_id: str) -> Receipt | None:
        """Return a receipt by its number, which cannot be guessed, for any tenant."""
        return next(iter(self._list(REQUESTED.c.receipt_id == receipt_id, purges.c.receipt_id == receipt_id)), None)

    def of_customer(self, tenant_id: str) -> list[Receipt]:
        """Return one customer's receipts, newest first, as far as the keys they were made under are still there."""
        own = REQUESTED.c.tenant_pseudonym.in_(self._pseudonyms.all_of(tenant_id))
        return self._list(own, purges.c.tenant_id == tenant_id)

    def get_of_customer(self, tenant_id: str, receipt_id: str) -> Receipt | None:
        """Return a receipt by its number if it is this customer's."""
        receipt = self.get(receipt_id)
        is_own = receipt is not None and receipt.tenant_pseudonym in self._pseudonyms.all_of(tenant_id)
        return receipt if is_own else None

    def since(self, moment: datetime) -> list[Receipt]:
        """Return the receipts of all customers' deletions requested since then, newest first."""
        return self._list(REQUESTED.c.requested_at >= moment, purges.c.requested_at >= moment)

    @whole_transaction
    def move_finished(self) -> int:
        """Move what was finished before there was a ledger into it; return how many deletions that were."""
        with self._database.system_transaction() as connection:
            done = connection.execute(select(purges).where(purges.c.state == DeletionState.DONE)).all()
            for row in done:
                finish(connection, deletion_in(row), self._pseudonyms)
            return len(done)

    @whole_transaction
    def _list(self, entries: ColumnElement[bool], unmoved: ColumnElement[bool]) -> list[Receipt]:
        with self._database.system_reading() as connection:
            found = [_receipt(row) for row in connection.execute(_entries(entries))]
            found += [receipt_of(deletion_in(row), self._pseudonyms) for row in connection.execute(_unmoved(unmoved))]
        return sorted(found, key=lambda receipt: (receipt.requested_at, receipt.receipt_id), reverse=True)


def finish(connection: Connection, deletion: Deletion, pseudonyms: Pseudonyms) -> None:
    """Record the end and delete what the work needed, in the caller's transaction."""
    enter(connection, deletion, LedgerEvent.REQUESTED, pseudonyms)
    enter(connection, deletion, LedgerEvent.FINISHED, pseudonyms)
    own = and_(purges.c.tenant_id == deletion.tenant_id, purges.c.receipt_id == deletion.receipt_id)
    connection.execute(delete(purges).where(own))


def finished_state(connection: Connection, deletion: Deletion) -> Deletion | None:
    """Return the deletion as it ended, with its identifiers; None while it is in progress."""
    key = (deletion_ledger.c.receipt_id == deletion.receipt_id, deletion_ledger.c.event == LedgerEvent.FINISHED)
    row = connection.execute(select(deletion_ledger).where(*key)).one_or_none()
    if row is None:
        return None
    return replace(deletion, state=DeletionState.DONE, counts=json.loads(row.counts_json), worked_at=row.recorded_at)


def is_entered(connection: Connection, receipt_id: str) -> bool:
    """Whether the ledger knows a deletion, finished or not."""
    entries = select(deletion_ledger.c.entry_id).where(deletion_ledger.c.receipt_id == receipt_id)
    return connection.execute(entries).first() is not None


def _entries(wanted: ColumnElement[bool]) -> Select[Any]:
    """Every requested deletion with its end, or else with its progress."""
    ended = and_(FINISHED.c.receipt_id == REQUESTED.c.receipt_id, FINISHED.c.event == LedgerEvent.FINISHED)
    return (
        select(
            REQUESTED,
            FINISHED.c.event.label("ended"),
            func.coalesce(FINISHED.c.counts_json, purges.c.counts_json, REQUESTED.c.counts_json).label("counts"),
            func.coalesce(FINISHED.c.recorded_at, purges.c.purged_at, REQUESTED.c.recorded_at).label("worked_at"),
        )
        .outerjoin(FINISHED, ended)
        .outerjoin(purges, purges.c.receipt_id == REQUESTED.c.receipt_id)
        .where(REQUESTED.c.event == LedgerEvent.REQUESTED, wanted)
    )


def _unmoved(wanted: ColumnElement[bool]) -> Select[Any]:
    """Deletions that were requested before there was a ledger."""
    entered = exists().where(deletion_ledger.c.receipt_id == purges.c.receipt_id)
    return select(purges).where(wanted, ~entered)


def _values(receipt: Receipt) -> dict[str, Any]:
    return {
        "receipt_id": receipt.receipt_id,
        "tenant_pseudonym": receipt.tenant_pseudonym,
        "user_pseudonym": receipt.user_pseudonym,
        "scope": receipt.scope,
        "scan_count": receipt.scan_count,
        "reason": receipt.reason,
        "requested_at": receipt.requested_at,
        "recorded_at": receipt.worked_at,
        "counts_json": json.dumps(dict(receipt.counts)),
        "rows_deleted": receipt.rows,
    }


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        receipt_id=row.receipt_id,
        tenant_pseudonym=row.tenant_pseudonym,
        user_pseudonym=row.user_pseudonym,
        scope=DeletionScope(row.scope),
        scan_count=row.scan_count,
        reason=DeletionReason(row.reason),
        requested_at=row.requested_at,
        state=DeletionState.DONE if row.ended else DeletionState.RUNNING,
        counts=json.loads(row.counts),
        worked_at=row.worked_at,
    )


def deletion_in(row: Row[Any]) -> Deletion:
    """Return the deletion in a row of `purges`."""
    return Deletion(
        receipt_id=row.receipt_id,
        tenant_id=row.tenant_id,
        scope=DeletionScope(row.scope),
        user_object_id=row.user_object_id,
        scan_ids=tuple(json.loads(row.scan_ids_json)),
        reason=DeletionReason(row.reason),
        requested_at=row.requested_at,
        state=DeletionState(row.state),
        counts=json.loads(row.counts_json),
        worked_at=row.purged_at,
    )
