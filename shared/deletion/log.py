"""The log of deletions, stored outside the database.

A database restored to a time before a deletion holds the deleted rows again and has no record of
the deletion. This log has it: identifiers only, for as long as any backup can exist.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.core.deletions import Deletion, DeletionReason, DeletionScope, DeletionState
from shared.core.periods import DELETION_LOG_DAYS
from shared.table_storage.store import MAX_VALUE_LENGTH, AlreadyExists, Record, TableStore

DELETIONS_TABLE = "purges"
PARTITION = "log"

KEPT_FOR = timedelta(days=DELETION_LOG_DAYS)
"""Azure SQL keeps backups, also of a deleted database, for 35 days at most. The ledger in the database is kept longer
than this: an entry that is only here was lost by a restore."""

IDENTIFIERS_A_VALUE = MAX_VALUE_LENGTH // 40
"""Identifiers of 36 characters per value, with quotes and commas."""


class DeletionLog:
    """The ledger's copy in Table storage."""

    def __init__(self, tables: TableStore) -> None:
        self._tables = tables

    def keep(self, deletion: Deletion) -> None:
        """Store a deletion before its rows are deleted; idempotent."""
        record = Record(PARTITION, deletion.receipt_id, _values(deletion), deletion.requested_at + KEPT_FOR)
        try:
            self._tables.insert(DELETIONS_TABLE, record)
        except AlreadyExists:
            return

    def all(self) -> Iterator[Deletion]:
        """Yield every deletion of the last KEPT_FOR, without `counts`."""
        return map(_deletion, self._tables.list(DELETIONS_TABLE, PARTITION))

    def delete_expired(self, now: datetime) -> int:
        """Delete entries older than any backup; return how many."""
        return self._tables.delete_expired(DELETIONS_TABLE, now)


def _values(deletion: Deletion) -> dict[str, str]:
    scans = deletion.scan_ids
    parts = [scans[at : at + IDENTIFIERS_A_VALUE] for at in range(0, len(scans), IDENTIFIERS_A_VALUE)]
    return {
        "tenant_id": deletion.tenant_id,
        "scope": deletion.scope,
        "user_object_id": deletion.user_object_id or "",
        "reason": deletion.reason,
        "requested_at": deletion.requested_at.isoformat(),
        **{f"scans_{number}": json.dumps(part) for number, part in enumerate(parts)},
    }


def _deletion(record: Record) -> Deletion:
    values = record.values
    requested_at = datetime.fromisoformat(values["requested_at"])
    parts = [json.loads(value) for name, value in values.items() if name.startswith("scans_")]
    return Deletion(
        receipt_id=record.key,
        tenant_id=values["tenant_id"],
        scope=DeletionScope(values["scope"]),
        user_object_id=values["user_object_id"] or None,
        scan_ids=tuple(sorted(scan for part in parts for scan in part)),
        reason=DeletionReason(values["reason"]),
        requested_at=requested_at,
        state=DeletionState.RUNNING,
        counts={},
        worked_at=requested_at,
    )
