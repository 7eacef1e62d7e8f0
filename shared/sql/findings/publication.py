"""Publishing a scan's findings, and what each of them said before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, and_, false, insert, select, update

from shared.core.audit import Action, Actor, AuditEvent, Subject
from shared.core.findings import AffectedResource, Confidence, Effort, Finding, FindingStatus
from shared.core.mail import NewMail
from shared.core.models import Scan
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.findings.findings import finding_of
from shared.sql.findings.parts import read_resources
from shared.sql.findings.savings_ledger import enter
from shared.sql.findings.versions import FindingVersions
from shared.sql.ledgers.audit import record
from shared.sql.ledgers.outbox import enqueue
from shared.sql.scans.scans import note_published, scan_is_there
from shared.sql.schema.desk_tables import reviews
from shared.sql.schema.finding_tables import finding_resources, finding_savings, finding_versions, findings
from shared.sql.schema.metadata import of_scan


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
    change: str | None


class FindingPublication:
    """Shows findings of one scan to the customer, in the name of an operator."""

    def __init__(self, database: Database, scan: Scan, actor: Actor) -> None:
        self._database = database
        self._scan = scan
        self._versions = FindingVersions(scan, actor)

    @whole_transaction
    def publish(self, seen: Sequence[tuple[str, int]], mails: Sequence[NewMail], now: datetime) -> int | None:
        """Publishes all drafts, if they are those (id, version) that the reviewer has seen; None if not.

        With the first publication the review ends, and the mails are written down. A review
        may end without any finding.
        """
        with self._database.transaction(self._scan.tenant_id) as connection:
            if not scan_is_there(connection, self._scan.key):
                return None
            done = [self._versions.done_before(connection, number, version, now) for number, version in seen]
            if done and all(done):
                return len(done)
            is_draft = findings.c.status == FindingStatus.DRAFT
            own = and_(of_scan(findings, self._scan.key), is_draft)
            drafts = [finding_of(row) for row in connection.execute(select(findings).where(own))]
            if {(one.finding_id, one.version) for one in drafts} != set(seen):
                return None
            for draft in drafts:
                after = replace(draft, status=FindingStatus.PUBLISHED, published_at=now)
                self._versions.store(connection, after, None, now)
            enter(connection, self._scan, _with_resources(connection, self._scan, drafts))
            self._record(connection, len(drafts), now)
            self._end_review(connection, now)
            enqueue(connection, self._scan.key, mails, now)
            return len(drafts)

    @whole_transaction
    def history(self, finding_id: str) -> list[FindingVersion]:
        """All versions, newest first."""
        versions = finding_versions.c
        wanted = [versions[name] for name in FindingVersion.__dataclass_fields__]
        own = and_(of_scan(finding_versions, self._scan.key), versions.finding_id == finding_id)
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

    def _record(self, connection: Connection, count: int, now: datetime) -> None:
        record(connection, AuditEvent(
            now, self._scan.tenant_id, self._versions.actor, Action.FINDINGS_PUBLISHED,
            user_object_id=self._scan.user_object_id, subject=Subject("scan", self._scan.scan_id),
            details={"findings": count},
        ))  # fmt: skip

    def _end_review(self, connection: Connection, now: datetime) -> None:
        own = and_(reviews.c.tenant_id == self._scan.tenant_id, reviews.c.scan_id == self._scan.scan_id)
        if connection.execute(select(reviews.c.scan_id).where(own)).first() is None:
            connection.execute(insert(reviews).values(tenant_id=self._scan.tenant_id, scan_id=self._scan.scan_id))
        values = {
            "published_by": self._versions.actor.object_id,
            "published_by_name": self._versions.actor.name,
            "published_at": now,
        }
        if connection.execute(update(reviews).where(own, reviews.c.published_at.is_(None)).values(values)).rowcount:
            note_published(connection, self._scan.key, now)


def _with_resources(
    connection: Connection, scan: Scan, published: Sequence[Finding]
) -> list[tuple[Finding, Sequence[AffectedResource]]]:
    """Return the findings with the resources that the customer sees."""
    shown = and_(of_scan(finding_resources, scan.key), finding_resources.c.is_excluded == false())
    resources = read_resources(connection, shown, of_scan(finding_savings, scan.key)) if published else {}
    return [(one, resources.get(one.finding_id, ())) for one in published]
