"""Versions of findings: a change applies to the version that the reviewer saw, and is stored with an audit event."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, and_, select, update

from shared.core.audit import Action, Actor, AuditEvent, Detail, Subject
from shared.core.findings import Finding, FindingStatus
from shared.core.models import Scan
from shared.sql.engine.retries import commit_is_unknown
from shared.sql.findings.findings import finding_of
from shared.sql.findings.parts import counted_savings, evidence_text, insert_version, of_finding
from shared.sql.ledgers.audit import record
from shared.sql.scans.scans import scan_is_there
from shared.sql.schema.finding_tables import findings
from shared.sql.schema.metadata import of_scan

CHANGING = ("status", "title", "text", "measure", "confidence", "effort", "owner", "saving_from", "to_check")
COUNTED = ("version", "is_edited", "updated_at", "updated_by", "published_at")


@dataclass(frozen=True)
class FindingVersions:
    """Stores new versions of one scan's findings, in the name of one actor."""

    scan: Scan
    actor: Actor

    def held(
        self, connection: Connection, finding_id: str, version: int, statuses: tuple[FindingStatus, ...]
    ) -> Finding | None:
        """The finding, if it still is of that version and in one of these states."""
        if not scan_is_there(connection, self.scan.key):
            return None
        own = and_(of_scan(findings, self.scan.key), findings.c.finding_id == finding_id)
        row = connection.execute(select(findings).where(own, findings.c.version == version)).one_or_none()
        found = None if row is None else finding_of(row)
        return found if found is not None and found.status in statuses else None

    def done_before(self, connection: Connection, finding_id: str, version: int, now: datetime) -> Finding | None:
        """What this very change has stored already, when it is run again because its commit was not answered."""
        if not commit_is_unknown():
            return None
        own = and_(of_scan(findings, self.scan.key), findings.c.finding_id == finding_id)
        ours = and_(findings.c.updated_by == self.actor.name, findings.c.updated_at == now)
        row = connection.execute(select(findings).where(own, ours, findings.c.version == version + 1)).one_or_none()
        return None if row is None else finding_of(row)

    def store(
        self,
        connection: Connection,
        after: Finding,
        action: Action | None,
        now: datetime,
        change: str | None = None,
        write: Callable[[Finding], None] | None = None,
    ) -> Finding | None:
        """The next version, unless another one was stored meanwhile: then nothing is written of what belongs to it."""
        stored = replace(after, version=after.version + 1, is_edited=True, updated_at=now, updated_by=self.actor.name)
        values = {name: getattr(stored, name) for name in (*CHANGING, *COUNTED)}
        values["evidence_json"] = evidence_text(stored.evidence)
        own = and_(of_finding(findings, stored), findings.c.version == after.version)
        if connection.execute(update(findings).where(own).values(values)).rowcount != 1:
            return None
        if write is not None:
            write(stored)
        insert_version(connection, stored, counted_savings(connection, stored), change)
        if action is not None:
            self.record(connection, action, stored, now, change)
        return stored

    def record(
        self, connection: Connection, action: Action, finding: Finding, now: datetime, change: str | None = None
    ) -> None:
        """The change, in the activity log."""
        details: dict[str, Detail] = {
            "scan": finding.scan_id,
            "version": finding.version,
            "status": finding.status.value,
        }
        if change:
            details["change"] = change
        record(connection, AuditEvent(
            now, self.scan.tenant_id, self.actor, action,
            user_object_id=self.scan.user_object_id, subject=Subject("finding", finding.finding_id), details=details,
        ))  # fmt: skip
