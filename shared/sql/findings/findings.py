"""Findings: drafted by rules, edited by reviewers, read by customers once they are published."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, false, select, true

from shared.core.findings import (
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
from shared.core.models import ScanKey
from shared.sql.engine.engine import Database
from shared.sql.engine.lists import any_of
from shared.sql.engine.retries import whole_transaction
from shared.sql.findings.parts import (
    SAVINGS_IN_ORDER,
    WHOLE_FINDING,
    ScanParts,
    evidence_of,
    of_finding,
    parts_in_scans,
    read_resources,
    saving_of,
)
from shared.sql.schema.finding_tables import finding_resources, finding_savings, finding_versions, findings
from shared.sql.schema.metadata import of_scan


@dataclass(frozen=True)
class FindingParts:
    """What belongs to one finding: its resources, those that were left out, and the savings named for all of it."""

    resources: tuple[AffectedResource, ...]
    excluded: tuple[AffectedResource, ...]
    whole: tuple[Saving, ...]


class Findings:
    """Reads findings. Rules write them by shared/sql/findings/drafts.py, reviewers by shared/sql/findings/edits.py."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def of_scan(self, scan_key: ScanKey, statuses: Collection[FindingStatus] = tuple(FindingStatus)) -> list[Finding]:
        """A scan's findings in these states, by measure and title."""
        own = and_(of_scan(findings, scan_key), any_of(findings.c.status, sorted(statuses)))
        with self._database.reading(scan_key.tenant_id) as connection:
            found = [*read_findings(connection, own)]
        return sorted(found, key=lambda one: ([*Measure].index(one.measure), one.title, one.finding_id))

    @whole_transaction
    def in_scans(
        self, tenant_id: str, scan_ids: Collection[str], *, has_evidence: bool = True
    ) -> dict[str, tuple[list[Finding], ScanParts]]:
        """The findings of each scan, in any state, with what belongs to them: three statements for all scans."""
        own = and_(findings.c.tenant_id == tenant_id, any_of(findings.c.scan_id, sorted(scan_ids)))
        with self._database.reading(tenant_id) as connection:
            found = [*read_findings(connection, own)]
            parts = parts_in_scans(connection, tenant_id, scan_ids, has_evidence=has_evidence)
        return {scan_id: ([one for one in found if one.scan_id == scan_id], parts[scan_id]) for scan_id in scan_ids}

    @whole_transaction
    def get(self, scan_key: ScanKey, finding_id: str) -> Finding | None:
        own = and_(of_scan(findings, scan_key), findings.c.finding_id == finding_id)
        with self._database.reading(scan_key.tenant_id) as connection:
            return next(read_findings(connection, own), None)

    def resources(self, scan_key: ScanKey) -> dict[str, list[AffectedResource]]:
        """The resources of all of a scan's findings, by finding, in their order; without those left out."""
        return self._resources(scan_key, is_excluded=False)

    def excluded(self, scan_key: ScanKey) -> dict[str, list[AffectedResource]]:
        """The resources that reviewers left out of a scan's findings, by finding."""
        return self._resources(scan_key, is_excluded=True)

    @whole_transaction
    def parts(self, finding: Finding) -> FindingParts:
        """What belongs to one finding."""
        resources, savings = of_finding(finding_resources, finding), of_finding(finding_savings, finding)
        out, number = finding_resources.c.is_excluded, finding.finding_id
        named = select(finding_savings).where(savings, finding_savings.c.position == WHOLE_FINDING)
        with self._database.reading(finding.tenant_id) as connection:
            kept = read_resources(connection, and_(resources, out == false()), savings).get(number, ())
            excluded = read_resources(connection, and_(resources, out == true()), savings).get(number, ())
            whole = [saving_of(row) for row in connection.execute(named.order_by(*SAVINGS_IN_ORDER))]
        return FindingParts(tuple(kept), tuple(excluded), tuple(whole))

    @whole_transaction
    def evidence(self, finding: Finding, positions: Collection[int]) -> dict[int, tuple[Evidence, ...]]:
        """The evidence of the finding's resources in these positions, by position."""
        columns = (finding_resources.c.position, finding_resources.c.evidence_json)
        own = and_(of_finding(finding_resources, finding), any_of(finding_resources.c.position, sorted(positions)))
        with self._database.reading(finding.tenant_id) as connection:
            return {
                row.position: evidence_of(row.evidence_json) for row in connection.execute(select(*columns).where(own))
            }

    @whole_transaction
    def _resources(self, scan_key: ScanKey, *, is_excluded: bool) -> dict[str, list[AffectedResource]]:
        wanted = and_(of_scan(finding_resources, scan_key), finding_resources.c.is_excluded == is_excluded)
        with self._database.reading(scan_key.tenant_id) as connection:
            return read_resources(connection, wanted, of_scan(finding_savings, scan_key))

    @whole_transaction
    def texts_by_rules(self, scan_key: ScanKey) -> dict[str, str]:
        """By finding, the text that a rule wrote last."""
        versions = finding_versions.c
        own = and_(of_scan(finding_versions, scan_key), versions.changed_by.is_(None))
        wanted = select(versions.finding_id, versions.text).where(own).order_by(versions.finding_id, versions.version)
        with self._database.reading(scan_key.tenant_id) as connection:
            return {row.finding_id: row.text for row in connection.execute(wanted)}

    @whole_transaction
    def whole_savings(self, scan_key: ScanKey) -> dict[str, list[Saving]]:
        """By finding, the savings that a reviewer named for all of it."""
        own = and_(of_scan(finding_savings, scan_key), finding_savings.c.position == WHOLE_FINDING)
        found: dict[str, list[Saving]] = {}
        with self._database.reading(scan_key.tenant_id) as connection:
            for row in connection.execute(select(finding_savings).where(own).order_by(*SAVINGS_IN_ORDER)):
                found.setdefault(row.finding_id, []).append(saving_of(row))
        return found


def read_findings(connection: Connection, condition: ColumnElement[bool]) -> Iterator[Finding]:
    """The findings that the condition finds."""
    for row in connection.execute(select(findings).where(condition)):
        yield finding_of(row)


def finding_of(row: Row[Any]) -> Finding:
    """The row as a finding."""
    values = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public mapping
    return Finding(
        **{
            **{name: value for name, value in values.items() if name not in ("finding_key", "evidence_json")},
            "key": row.finding_key,
            "evidence": evidence_of(row.evidence_json),
            "saving_from": SavingFrom(row.saving_from),
            "status": FindingStatus(row.status),
            "measure": Measure(row.measure),
            "confidence": Confidence(row.confidence),
            "effort": Effort(row.effort),
        }
    )
