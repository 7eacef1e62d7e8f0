"""Who reviews which scan, and when its review was published."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy import Connection as SqlConnection
from sqlalchemy.exc import IntegrityError

from shared.core.audit import AuditEvent
from shared.core.models import ScanKey
from shared.core.operators import Operator
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.ledgers.audit import record
from shared.sql.reviews.operators import Reviewer
from shared.sql.scans.scans import note_published, scan_is_there
from shared.sql.schema.desk_tables import reviews
from shared.sql.schema.metadata import of_scan


@dataclass(frozen=True)
class Review:
    """The review of one scan; `claimed_by` None: it has no reviewer.

    `findings_deleted_at`: the customer had its findings deleted, so that none does not mean that there were none.
    """

    tenant_id: str
    scan_id: str
    claimed_by: str | None = None
    claimed_by_name: str | None = None
    claimed_at: datetime | None = None
    published_by: str | None = None
    published_by_name: str | None = None
    published_at: datetime | None = None
    findings_deleted_at: datetime | None = None


class Reviews:
    """Where reviews are kept. Each change and the record of it are one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def get(self, scan_key: ScanKey) -> Review:
        """The review as it stands; an empty one for a scan without a reviewer."""
        with self._database.reading(scan_key.tenant_id) as connection:
            row = connection.execute(select(reviews).where(of_scan(reviews, scan_key))).one_or_none()
        return Review(scan_key.tenant_id, scan_key.scan_id) if row is None else Review(**row._mapping)  # noqa: SLF001  public mapping

    def assign(
        self,
        scan_key: ScanKey,
        *,
        owner: str | None,
        to: Reviewer | None,
        at: datetime,
        event: AuditEvent,
    ) -> bool:
        """Assign the review to a reviewer, or to none; False if its owner is no longer `owner` (None: unassigned)."""
        values = {
            "claimed_by": to.object_id if to else None,
            "claimed_by_name": to.name if to else None,
            "claimed_at": at if to else None,
        }
        return self._change(scan_key, reviews.c.claimed_by.is_not_distinct_from(owner), values, event)

    def publish(self, scan_key: ScanKey, operator: Operator, at: datetime, event: AuditEvent) -> bool:
        """Ends the review and its window; False if it had been published."""
        values = {
            "published_by": operator.object_id,
            "published_by_name": operator.username,
            "published_at": at,
        }
        return self._change(scan_key, reviews.c.published_at.is_(None), values, event)

    def _change(
        self, scan_key: ScanKey, condition: ColumnElement[bool], values: dict[str, Any], event: AuditEvent
    ) -> bool:
        def change(connection: SqlConnection) -> bool:
            if not scan_is_there(connection, scan_key):
                return False
            if connection.execute(select(reviews.c.scan_id).where(of_scan(reviews, scan_key))).first() is None:
                connection.execute(insert(reviews).values(tenant_id=scan_key.tenant_id, scan_id=scan_key.scan_id))
            statement = update(reviews).where(of_scan(reviews, scan_key), condition)
            if connection.execute(statement.values(values)).rowcount != 1:
                return False
            if values.get("published_at") is not None:
                note_published(connection, scan_key, values["published_at"])
            record(connection, event)
            return True

        try:
            return self._transact(scan_key.tenant_id, change)
        except IntegrityError:  # Another reviewer made the row in the same moment: now it is there.
            return self._transact(scan_key.tenant_id, change)

    @whole_transaction
    def _transact(self, tenant_id: str, change: Callable[[SqlConnection], bool]) -> bool:
        with self._database.transaction(tenant_id) as connection:
            return change(connection)
