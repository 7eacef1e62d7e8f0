"""What reviewers do to findings. Every change is a version, an entry of the audit log, and all or nothing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, select, update

from shared.audit import Action, Actor, AuditEvent, Detail, Subject
from shared.core.findings import Confidence, Effort, Finding, FindingStatus, Measure, Saving, SavingBasis
from shared.core.mail import NewMail
from shared.core.models import Scan
from shared.sql.audit import record
from shared.sql.desk_tables import reviews
from shared.sql.engine import Database
from shared.sql.finding_tables import finding_savings, finding_versions, findings
from shared.sql.findings import (
    WHOLE_FINDING,
    finding_of,
    insert_finding,
    insert_version,
    insert_whole_savings,
    of_scan,
)
from shared.sql.outbox import enqueue
from shared.sql.repeats import whole_transaction
from shared.sql.scans import scan_is_there


@dataclass(frozen=True)
class Edit:
    """What a reviewer wrote. `savings` are of the finding as a whole; none: those of its resources count."""

    title: str
    text: str
    confidence: Confidence
    effort: Effort
    owner: str | None
    savings: tuple[Saving, ...] = ()


EDITED = ("title", "text", "confidence", "effort", "owner")


@dataclass(frozen=True)
class FindingVersion:
    """A finding as it was after one change; `savings_json` is {currency: monthly}."""

    version: int
    status: FindingStatus
    title: str
    text: str
    confidence: Confidence
    effort: Effort
    owner: str | None
    savings_json: str
    changed_at: datetime
    changed_by: str | None


class FindingEdits:
    """Changes findings of one scan, in the name of an operator."""

    def __init__(self, database: Database, scan: Scan, actor: Actor) -> None:
        self._database = database
        self._scan = scan
        self._actor = actor

    def create(self, edit: Edit, now: datetime) -> Finding | None:
        """A finding written by hand; None when the scan is gone."""
        number = str(uuid.uuid4())
        return self._insert(
            Finding(
                tenant_id=self._scan.tenant_id,
                scan_id=self._scan.scan_id,
                finding_id=number,
                key=f"written:{number}",
                status=FindingStatus.DRAFT,
                measure=Measure.REMOVE,
                version=1,
                is_edited=True,
                created_at=now,
                updated_at=now,
                updated_by=self._actor.name,
                published_at=None,
                **{name: getattr(edit, name) for name in EDITED},
            ),
            edit.savings,
        )

    @whole_transaction
    def _insert(self, finding: Finding, savings: Sequence[Saving]) -> Finding | None:
        with self._database.transaction(self._scan.tenant_id) as connection:
            if not scan_is_there(connection, self._scan.tenant_id, self._scan.scan_id):
                return None
            insert_finding(connection, finding, (), savings)
            self._record(connection, Action.FINDING_CREATED, finding, finding.created_at)
        return finding

    @whole_transaction
    def save(self, finding_id: str, version: int, edit: Edit, now: datetime) -> Finding | None:
        """The next version; None when somebody else has saved one since `version`, or it is published."""
        with self._database.transaction(self._scan.tenant_id) as connection:
            before = self._held(connection, finding_id, version, (FindingStatus.DRAFT,))
            if before is None:
                return None
            after = replace(
                before,
                title=edit.title,
                text=edit.text,
                confidence=edit.confidence,
                effort=edit.effort,
                owner=edit.owner,
            )
            own = (finding_savings.c.tenant_id == after.tenant_id, finding_savings.c.finding_id == finding_id)
            connection.execute(delete(finding_savings).where(*own, finding_savings.c.position == WHOLE_FINDING))
            insert_whole_savings(connection, after, edit.savings)
            return self._store(connection, after, edit.savings, Action.FINDING_EDITED, now)

    @whole_transaction
    def move(self, finding_id: str, version: int, status: FindingStatus, now: datetime) -> Finding | None:
        """Discards a draft, takes it up again, or withdraws what was published; None as for `save`."""
        with self._database.transaction(self._scan.tenant_id) as connection:
            before = self._held(connection, finding_id, version, tuple(FindingStatus))
            if before is None or before.status is status or status is FindingStatus.PUBLISHED:
                return None
            action = Action.FINDING_DELETED if status is FindingStatus.DISCARDED else Action.FINDING_EDITED
            after = replace(before, status=status, published_at=None)
            return self._store(connection, after, self._savings(connection, finding_id), action, now)

    @whole_transaction
    def publish(self, seen: Sequence[tuple[str, int]], mails: Sequence[NewMail], now: datetime) -> int | None:
        """Publishes all drafts, if they are those (id, version) that the reviewer has seen; None if not.

        With the first publication the review ends, and the mails are written down.
        """
        with self._database.transaction(self._scan.tenant_id) as connection:
            drafts = self._drafts(connection)
            if {(one.finding_id, one.version) for one in drafts} != set(seen):
                return None
            for draft in drafts:
                after = replace(draft, status=FindingStatus.PUBLISHED, published_at=now)
                self._store(connection, after, self._savings(connection, draft.finding_id), None, now)
            self._record_publication(connection, len(drafts), now)
            self._end_review(connection, now)
            enqueue(connection, self._scan.tenant_id, self._scan.scan_id, mails, now)
            return len(drafts)

    @whole_transaction
    def history(self, finding_id: str) -> list[FindingVersion]:
        """All versions, newest first."""
        versions = finding_versions.c
        wanted = [versions[name] for name in FindingVersion.__dataclass_fields__]
        own = and_(
            of_scan(finding_versions, self._scan.tenant_id, self._scan.scan_id), versions.finding_id == finding_id
        )
        with self._database.reading(self._scan.tenant_id) as connection:
            rows = connection.execute(select(*wanted).where(own).order_by(versions.version.desc())).mappings()
            return [
                FindingVersion(
                    **{
                        **row,
                        "status": FindingStatus(row["status"]),
                        "confidence": Confidence(row["confidence"]),
                        "effort": Effort(row["effort"]),
                    }
                )
                for row in rows
            ]

    def _held(
        self, connection: Connection, finding_id: str, version: int, statuses: tuple[FindingStatus, ...]
    ) -> Finding | None:
        """The finding, if it still is of that version and in one of these states."""
        if not scan_is_there(connection, self._scan.tenant_id, self._scan.scan_id):
            return None
        own = and_(of_scan(findings, self._scan.tenant_id, self._scan.scan_id), findings.c.finding_id == finding_id)
        row = connection.execute(select(findings).where(own, findings.c.version == version)).one_or_none()
        found = None if row is None else finding_of(row)
        return found if found is not None and found.status in statuses else None

    def _drafts(self, connection: Connection) -> list[Finding]:
        if not scan_is_there(connection, self._scan.tenant_id, self._scan.scan_id):
            return []
        own = and_(
            of_scan(findings, self._scan.tenant_id, self._scan.scan_id), findings.c.status == FindingStatus.DRAFT
        )
        return [finding_of(row) for row in connection.execute(select(findings).where(own))]

    def _savings(self, connection: Connection, finding_id: str) -> list[Saving]:
        own = and_(
            of_scan(finding_savings, self._scan.tenant_id, self._scan.scan_id),
            finding_savings.c.finding_id == finding_id,
            finding_savings.c.position == WHOLE_FINDING,
        )
        rows = connection.execute(select(finding_savings).where(own))
        return [Saving(row.currency, row.monthly, SavingBasis(row.basis)) for row in rows]

    def _store(
        self, connection: Connection, after: Finding, savings: Sequence[Saving], action: Action | None, now: datetime
    ) -> Finding | None:
        """The next version, unless another one was stored meanwhile."""
        stored = replace(after, version=after.version + 1, is_edited=True, updated_at=now, updated_by=self._actor.name)
        changed = ("status", "title", "text", "confidence", "effort", "owner", "version", "is_edited", "updated_at", "updated_by", "published_at")  # fmt: skip # noqa: E501
        own = (findings.c.tenant_id == stored.tenant_id, findings.c.finding_id == stored.finding_id)
        statement = update(findings).where(*own, findings.c.version == after.version)
        if connection.execute(statement.values({name: getattr(stored, name) for name in changed})).rowcount != 1:
            return None
        insert_version(connection, stored, savings)
        if action is not None:
            self._record(connection, action, stored, now)
        return stored

    def _record(self, connection: Connection, action: Action, finding: Finding, now: datetime) -> None:
        subject = Subject("finding", finding.finding_id)
        details: dict[str, Detail] = {
            "scan": finding.scan_id,
            "version": finding.version,
            "status": finding.status.value,
        }
        record(connection, AuditEvent(
            now, self._scan.tenant_id, self._actor, action,
            user_object_id=self._scan.user_object_id, subject=subject, details=details,
        ))  # fmt: skip

    def _record_publication(self, connection: Connection, count: int, now: datetime) -> None:
        record(connection, AuditEvent(
            now, self._scan.tenant_id, self._actor, Action.FINDINGS_PUBLISHED,
            user_object_id=self._scan.user_object_id, subject=Subject("scan", self._scan.scan_id),
            details={"findings": count},
        ))  # fmt: skip

    def _end_review(self, connection: Connection, now: datetime) -> None:
        own = and_(reviews.c.tenant_id == self._scan.tenant_id, reviews.c.scan_id == self._scan.scan_id)
        if connection.execute(select(reviews.c.scan_id).where(own)).first() is None:
            connection.execute(insert(reviews).values(tenant_id=self._scan.tenant_id, scan_id=self._scan.scan_id))
        values = {
            "published_by": self._actor.object_id,
            "published_by_name": self._actor.name,
            "published_at": now,
        }
        connection.execute(update(reviews).where(own, reviews.c.published_at.is_(None)).values(values))
