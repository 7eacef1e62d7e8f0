"""Who reviews which scan, and when its review was published."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy import Connection as SqlConnection
from sqlalchemy.exc import IntegrityError

from shared.core.audit import AuditEvent
from shared.core.operators import Operator
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.ledgers.audit import record
from shared.sql.reviews.operators import Reviewer
from shared.sql.schema.desk_tables import reviews
from shared.sql.schema.tables import scans


@dataclass(frozen=True)
class Review:
    """The review of one scan; `taken_by` None: nobody has taken it, or it was given back."""

    tenant_id: str
    scan_id: str
    taken_by: str | None = None
    taken_by_name: str | None = None
    taken_at: datetime | None = None
    published_by: str | None = None
    published_by_name: str | None = None
    published_at: datetime | None = None


class Reviews:
    """Where reviews are kept. Each change and the record of it are one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def get(self, tenant_id: str, scan_id: str) -> Review:
        """The review as it stands; an empty one for a scan that nobody has taken."""
        with self._database.reading(tenant_id) as connection:
            row = connection.execute(select(reviews).where(_key(tenant_id, scan_id))).one_or_none()
        return Review(tenant_id, scan_id) if row is None else Review(**row._mapping)  # noqa: SLF001  public mapping

    def assign(
        self,
        tenant_id: str,
        scan_id: str,
        *,
        owner: str | None,
        to: Reviewer | None,
        at: datetime,
        event: AuditEvent,
    ) -> bool:
        """Gives the review from `owner` (None: nobody) to somebody, or back; False if it has another owner by now."""
        values = {
            "taken_by": to.object_id if to else None,
            "taken_by_name": to.name if to else None,
            "taken_at": at if to else None,
        }
        return self._change(tenant_id, scan_id, reviews.c.taken_by.is_not_distinct_from(owner), values, event)

    def publish(self, tenant_id: str, scan_id: str, operator: Operator, at: datetime, event: AuditEvent) -> bool:
        """Ends the review and its window; False if it had been published."""
        values = {
            "published_by": operator.object_id,
            "published_by_name": operator.username,
            "published_at": at,
        }
        return self._change(tenant_id, scan_id, reviews.c.published_at.is_(None), values, event)

    def _change(
        self, tenant_id: str, scan_id: str, condition: ColumnElement[bool], values: dict[str, Any], event: AuditEvent
    ) -> bool:
        def change(connection: SqlConnection) -> bool:
            if not _scan_exists(connection, tenant_id, scan_id):
                return False
            if connection.execute(select(reviews.c.scan_id).where(_key(tenant_id, scan_id))).first() is None:
                connection.execute(insert(reviews).values(tenant_id=tenant_id, scan_id=scan_id))
            statement = update(reviews).where(_key(tenant_id, scan_id), condition)
            if connection.execute(statement.values(values)).rowcount != 1:
                return False
            record(connection, event)
            return True

        try:
            return self._transact(tenant_id, change)
        except IntegrityError:  # Another reviewer made the row in the same moment: now it is there.
            return self._transact(tenant_id, change)

    @whole_transaction
    def _transact(self, tenant_id: str, change: Callable[[SqlConnection], bool]) -> bool:
        with self._database.transaction(tenant_id) as connection:
            return change(connection)


def _key(tenant_id: str, scan_id: str) -> ColumnElement[bool]:
    return and_(reviews.c.tenant_id == tenant_id, reviews.c.scan_id == scan_id)


def _scan_exists(connection: SqlConnection, tenant_id: str, scan_id: str) -> bool:
    """False when the customer's data was deleted meanwhile."""
    found = select(scans.c.scan_id).where(scans.c.tenant_id == tenant_id, scans.c.scan_id == scan_id)
    return connection.execute(found).first() is not None
