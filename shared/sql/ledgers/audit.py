"""The audit log: append and read. There is no way to change an entry, and none to delete one that is to be kept."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, or_, select, text

from shared.core.audit import Action, Actor, ActorKind, AuditEvent, Outcome
from shared.sql.engine.append_only import MAX_BATCH_ROWS
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import commit_is_unknown, whole_transaction
from shared.sql.engine.text import fit
from shared.sql.schema.record_tables import audit_cutoffs, audit_events
from shared.sql.schema.tables import scans


@dataclass(frozen=True)
class AuditEntry:
    """An event as it is kept; a larger `event_id` is later. `details` is what the JSON held."""

    event_id: int
    occurred_at: datetime
    tenant_id: str | None
    user_object_id: str | None
    actor: Actor
    action: Action
    subject_kind: str | None
    subject_id: str | None
    reason: str | None
    outcome: Outcome
    details: Mapping[str, Any]


@dataclass(frozen=True)
class AuditFilter:
    """What is looked for: `since` is included, `until` is not; `before` is the event_id that ended the last page."""

    action: Action | None = None
    actor: ActorKind | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


EVERYTHING = AuditFilter()


def record(connection: Connection, event: AuditEvent) -> None:
    """Writes the event in the caller's transaction: the fact and its record are stored together or not at all."""
    subject = event.subject
    if commit_is_unknown() and is_recorded(connection, event):
        return
    connection.execute(
        insert(audit_events).values(
            occurred_at=event.occurred_at,
            tenant_id=event.tenant_id,
            user_object_id=event.user_object_id,
            actor_kind=event.actor.kind,
            actor_id=event.actor.object_id,
            actor_name=fit(audit_events.c.actor_name, event.actor.name),
            action=event.action,
            subject_kind=subject.kind if subject else None,
            subject_id=fit(audit_events.c.subject_id, subject.subject_id) if subject else None,
            reason=fit(audit_events.c.reason, event.reason),
            outcome=event.outcome,
            details_json=event.details_json(),
        )
    )


def is_recorded(connection: Connection, event: AuditEvent) -> bool:
    """Whether the event is kept already: the same moment, deed, doer and subject."""
    same = (
        audit_events.c.occurred_at == event.occurred_at,
        audit_events.c.tenant_id.is_not_distinct_from(event.tenant_id),
        audit_events.c.action == event.action,
        audit_events.c.outcome == event.outcome,
        audit_events.c.actor_id.is_not_distinct_from(event.actor.object_id),
        audit_events.c.subject_id.is_not_distinct_from(event.subject.subject_id if event.subject else None),
    )
    return connection.execute(select(audit_events.c.event_id).where(*same)).first() is not None


class AuditLog:
    """Where events are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def append(self, event: AuditEvent) -> None:
        """Writes an event whose fact is not in the database: before the act."""
        if event.tenant_id is None:
            with self._database.system_transaction() as connection:
                record(connection, event)
            return
        with self._database.transaction(event.tenant_id) as connection:
            record(connection, event)

    def of_user(
        self, tenant_id: str, user_object_id: str, wanted: AuditFilter = EVERYTHING, limit: int = 50
    ) -> list[AuditEntry]:
        """What one user may read, newest first: the events about them, and about their whole organisation."""
        about = or_(audit_events.c.user_object_id == user_object_id, audit_events.c.user_object_id.is_(None))
        return self._read(tenant_id, _wanted(tenant_id, wanted).where(about).limit(limit))

    def of_customer(self, tenant_id: str, wanted: AuditFilter = EVERYTHING, limit: int = 50) -> list[AuditEntry]:
        """All of one customer's events, newest first: for operators."""
        return self._read(tenant_id, _wanted(tenant_id, wanted).limit(limit))

    @whole_transaction
    def extract(
        self, tenant_id: str, event: AuditEvent, limit: int, wanted: AuditFilter = EVERYTHING
    ) -> list[AuditEntry]:
        """One customer's events for an operator, whose taking of them is itself on record, and the newest of them."""
        with self._database.transaction(tenant_id) as connection:
            record(connection, event)
            return [_entry(row) for row in connection.execute(_wanted(tenant_id, wanted).limit(limit))]

    @whole_transaction
    def count_of_customer(self, tenant_id: str, wanted: AuditFilter = EVERYTHING) -> int:
        """How many entries `of_customer` would find without a limit."""
        conditions = [audit_events.c.tenant_id == tenant_id, *_conditions(wanted)]
        with self._database.reading(tenant_id) as connection:
            return connection.execute(select(func.count()).select_from(audit_events).where(*conditions)).scalar_one()

    @whole_transaction
    def count_of_user(self, tenant_id: str, user_object_id: str) -> int:
        """How many entries `of_user` would find without a limit."""
        about = or_(audit_events.c.user_object_id == user_object_id, audit_events.c.user_object_id.is_(None))
        own = audit_events.c.tenant_id == tenant_id
        with self._database.reading(tenant_id) as connection:
            return connection.execute(select(func.count()).select_from(audit_events).where(own, about)).scalar_one()

    def delete_before(self, moment: datetime) -> int:
        """Delete, batch by batch, what is older and of no customer who has a scan; return how many there were.

        The database refuses a moment less than AUDIT_MONTHS ago (shared/sql/engine/append_only.py).
        """
        return sum(iter(lambda: self._delete_batch(moment), 0))

    @whole_transaction
    def _delete_batch(self, moment: datetime) -> int:
        with self._database.system_transaction() as connection:
            if connection.dialect.name == "mssql":
                statement = text("EXEC dbo.delete_audit_events @before = :before, @most = :most")
                parameters = {"before": moment.replace(tzinfo=None), "most": MAX_BATCH_ROWS}
                deleted: int = connection.execute(statement, parameters).scalar_one()
                return deleted
            return _delete_on_sqlite(connection, moment)

    @whole_transaction
    def _read(self, tenant_id: str, statement: Select[Any]) -> list[AuditEntry]:
        with self._database.reading(tenant_id) as connection:
            return [_entry(row) for row in connection.execute(statement)]


def _delete_on_sqlite(connection: Connection, moment: datetime) -> int:
    scanned = select(scans.c.scan_id).where(scans.c.tenant_id == audit_events.c.tenant_id).exists()
    old = select(audit_events.c.event_id).where(audit_events.c.occurred_at < moment, ~scanned).limit(MAX_BATCH_ROWS)
    connection.execute(insert(audit_cutoffs).values(cutoff=moment))
    deleted = connection.execute(delete(audit_events).where(audit_events.c.event_id.in_(old))).rowcount
    connection.execute(delete(audit_cutoffs))
    return deleted


def _wanted(tenant_id: str, wanted: AuditFilter) -> Select[Any]:
    conditions = [audit_events.c.tenant_id == tenant_id, *_conditions(wanted)]
    return select(audit_events).where(*conditions).order_by(audit_events.c.event_id.desc())


def _conditions(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    columns = audit_events.c
    if wanted.action is not None:
        yield columns.action == wanted.action
    if wanted.actor is not None:
        yield columns.actor_kind == wanted.actor
    if wanted.since is not None:
        yield columns.occurred_at >= wanted.since
    if wanted.until is not None:
        yield columns.occurred_at < wanted.until
    if wanted.before is not None:
        yield columns.event_id < wanted.before


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        event_id=row.event_id,
        occurred_at=row.occurred_at,
        tenant_id=row.tenant_id,
        user_object_id=row.user_object_id,
        actor=Actor(ActorKind(row.actor_kind), row.actor_id, row.actor_name),
        action=Action(row.action),
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        reason=row.reason,
        outcome=Outcome(row.outcome),
        details=json.loads(row.details_json) if row.details_json else {},
    )
