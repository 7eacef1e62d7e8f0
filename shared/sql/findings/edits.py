"""What reviewers do to findings. Every change is a version, an entry of the audit log, and all or nothing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, and_, select

from shared.core.audit import Action, Actor
from shared.core.findings import (
    WRITTEN,
    AffectedResource,
    Confidence,
    Effort,
    Evidence,
    Finding,
    FindingStatus,
    Measure,
    Saving,
    SavingFrom,
)
from shared.core.models import Scan
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import commit_is_unknown, whole_transaction
from shared.sql.findings.parts import insert_finding, of_finding, replace_resources, replace_whole_savings
from shared.sql.findings.proposals import Proposal, proposed, withdraw
from shared.sql.findings.versions import FindingVersions
from shared.sql.scans.scans import scan_is_there
from shared.sql.schema.finding_tables import finding_versions, findings


@dataclass(frozen=True)
class Edit:
    """What a reviewer wrote. `savings` are of the finding as a whole, where `saving_from` is NAMED."""

    title: str
    text: str
    confidence: Confidence
    effort: Effort
    owner: str | None
    savings: tuple[Saving, ...] = ()
    measure: Measure = Measure.REMOVE
    saving_from: SavingFrom = SavingFrom.RESOURCES


@dataclass(frozen=True)
class FindingContent:
    """The new content of a finding; `change` describes the edit in a sentence."""

    resources: Sequence[AffectedResource]
    excluded: Sequence[AffectedResource]
    evidence: tuple[Evidence, ...]
    change: str | None


EDITED = ("title", "text", "confidence", "effort", "owner", "measure", "saving_from")
TOOK_FIGURES = "Took the new figures."
KEPT_FIGURES = "Kept the figures as they were."
CHECKED = "Checked the figures."


class FindingEdits:
    """Changes findings of one scan, in the name of an operator."""

    def __init__(self, database: Database, scan: Scan, actor: Actor) -> None:
        self._database = database
        self._scan = scan
        self._versions = FindingVersions(scan, actor)

    def create(self, edit: Edit, now: datetime) -> Finding | None:
        """Create a finding that a reviewer wrote; None if the scan was deleted."""
        number = str(uuid.uuid4())
        return self._insert(
            Finding(
                tenant_id=self._scan.tenant_id,
                scan_id=self._scan.scan_id,
                finding_id=number,
                key=f"{WRITTEN}{number}",
                status=FindingStatus.DRAFT,
                version=1,
                is_edited=True,
                created_at=now,
                updated_at=now,
                updated_by=self._versions.actor.name,
                published_at=None,
                **{name: getattr(edit, name) for name in EDITED},
            ),
            edit.savings,
        )

    @whole_transaction
    def _insert(self, finding: Finding, savings: Sequence[Saving]) -> Finding | None:
        with self._database.transaction(self._scan.tenant_id) as connection:
            if not scan_is_there(connection, self._scan.key):
                return None
            own = select(findings.c.finding_id).where(of_finding(findings, finding))
            if commit_is_unknown() and connection.execute(own).first() is not None:
                return finding
            insert_finding(connection, finding, (), savings)
            self._versions.record(connection, Action.FINDING_CREATED, finding, finding.created_at)
        return finding

    @whole_transaction
    def save(
        self, finding_id: str, version: int, edit: Edit, now: datetime, parts: FindingContent | None = None
    ) -> Finding | None:
        """The next version; None if another reviewer has saved one since `version`, or it is published."""
        with self._database.transaction(self._scan.tenant_id) as connection:
            if (done := self._versions.done_before(connection, finding_id, version, now)) is not None:
                return done
            before = self._versions.held(connection, finding_id, version, (FindingStatus.DRAFT,))
            if before is None:
                return None
            after = replace(before, **{name: getattr(edit, name) for name in EDITED})
            after = replace(after, evidence=parts.evidence) if parts else after

            def write(stored: Finding) -> None:
                replace_whole_savings(connection, stored, edit.savings)
                if parts is not None:
                    replace_resources(connection, stored, parts.resources, parts.excluded)

            change = parts.change if parts else None
            return self._versions.store(connection, after, Action.FINDING_EDITED, now, change, write)

    @whole_transaction
    def move(self, finding_id: str, version: int, status: FindingStatus, now: datetime) -> Finding | None:
        """Discards a draft, takes it up again, or withdraws what was published; None as for `save`."""
        with self._database.transaction(self._scan.tenant_id) as connection:
            if (done := self._versions.done_before(connection, finding_id, version, now)) is not None:
                return done
            before = self._versions.held(connection, finding_id, version, tuple(FindingStatus))
            if before is None or before.status is status or status is FindingStatus.PUBLISHED:
                return None
            action = Action.FINDING_DELETED if status is FindingStatus.DISCARDED else Action.FINDING_EDITED
            return self._versions.store(connection, replace(before, status=status, published_at=None), action, now)

    @whole_transaction
    def check(self, finding_id: str, version: int, now: datetime) -> Finding | None:
        """A reviewer has looked at what the program could not read again; None as for `save`."""
        with self._database.transaction(self._scan.tenant_id) as connection:
            if (done := self._versions.done_before(connection, finding_id, version, now)) is not None:
                return done
            before = self._versions.held(connection, finding_id, version, (FindingStatus.DRAFT,))
            if before is None:
                return None
            return self._versions.store(connection, replace(before, to_check=None), Action.FINDING_EDITED, now, CHECKED)

    @whole_transaction
    def settle(
        self, finding_id: str, version: int, excluded: Sequence[AffectedResource], take: bool, now: datetime
    ) -> Finding | None:
        """Takes the figures that the rows have now into a draft, or leaves them; None as for `save`.

        A title or a text that no reviewer has changed follows as well.
        """
        statuses = (FindingStatus.DRAFT,) if take else (FindingStatus.DRAFT, FindingStatus.PUBLISHED)
        with self._database.transaction(self._scan.tenant_id) as connection:
            if (done := self._versions.done_before(connection, finding_id, version, now)) is not None:
                return done
            before = self._versions.held(connection, finding_id, version, statuses)
            proposal = None if before is None else proposed(connection, before)
            if before is None or proposal is None:
                return None
            after = _taken(connection, before, proposal) if take else before

            def write(stored: Finding) -> None:
                if take:
                    replace_resources(connection, stored, proposal.resources, excluded)
                withdraw(connection, stored)

            change = TOOK_FIGURES if take else KEPT_FIGURES
            return self._versions.store(connection, after, Action.FINDING_EDITED, now, change, write)


def _taken(connection: Connection, before: Finding, proposal: Proposal) -> Finding:
    """With the proposal's evidence, and its title and text where the drafted ones still stand."""
    versions = select(finding_versions.c.title, finding_versions.c.text).order_by(finding_versions.c.version.desc())
    by_rules = and_(of_finding(finding_versions, before), finding_versions.c.changed_by.is_(None))
    drafted = connection.execute(versions.where(by_rules).limit(1)).one_or_none()
    title = proposal.title if drafted and drafted.title == before.title else before.title
    text = proposal.text if drafted and drafted.text == before.text else before.text
    return replace(before, title=title, text=text, evidence=proposal.evidence)
