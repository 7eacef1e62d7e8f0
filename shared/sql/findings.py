"""Findings: drafted by rules, edited by reviewers, read by customers once they are published."""

import json
import uuid
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, insert, select

from shared.core.finding_overlap import added
from shared.core.findings import (
    AffectedResource,
    Confidence,
    DraftFinding,
    Effort,
    Evidence,
    Finding,
    FindingStatus,
    Measure,
    Saving,
    SavingBasis,
)
from shared.sql.engine import Database
from shared.sql.finding_tables import finding_resources, finding_savings, finding_versions, findings
from shared.sql.repeats import whole_transaction
from shared.sql.scans import scan_is_there
from shared.sql.text import fit

WHOLE_FINDING = 0
"""The position of savings that are of a finding as a whole, not of one resource."""

CHILDREN = (finding_savings, finding_resources, finding_versions)
RESOURCE_TEXTS = ("resource_id", "resource_name", "resource_type", "sub_account_id", "resource_group", "region_id")


class Findings:
    """Where findings are kept. Every change of one is a new version; see shared/sql/finding_edits.py."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def replace_drafts(self, tenant_id: str, scan_id: str, drafts: Sequence[DraftFinding], now: datetime) -> None:
        """Stores what rules found; may run again. What a reviewer has edited, published or discarded stays as it is."""
        with self._database.transaction(tenant_id) as connection:
            if not scan_is_there(connection, tenant_id, scan_id):
                return
            present = {one.key: one for one in _read(connection, of_scan(findings, tenant_id, scan_id))}
            untouched = [one for one in present.values() if one.status is FindingStatus.DRAFT and not one.is_edited]
            for one in untouched:
                _delete(connection, tenant_id, one.finding_id)
            kept = present.keys() - {one.key for one in untouched}
            for draft in drafts:
                if draft.key not in kept:
                    earlier = present.get(draft.key)
                    finding_id = earlier.finding_id if earlier else str(uuid.uuid4())
                    insert_finding(connection, _drafted(tenant_id, scan_id, finding_id, draft, now), draft.resources)

    @whole_transaction
    def of_scan(
        self, tenant_id: str, scan_id: str, statuses: Collection[FindingStatus] = tuple(FindingStatus)
    ) -> list[Finding]:
        """A scan's findings in these states, by measure and title."""
        own = and_(of_scan(findings, tenant_id, scan_id), findings.c.status.in_(sorted(statuses)))
        with self._database.reading(tenant_id) as connection:
            found = [*_read(connection, own)]
        return sorted(found, key=lambda one: ([*Measure].index(one.measure), one.title, one.finding_id))

    @whole_transaction
    def get(self, tenant_id: str, scan_id: str, finding_id: str) -> Finding | None:
        own = and_(of_scan(findings, tenant_id, scan_id), findings.c.finding_id == finding_id)
        with self._database.reading(tenant_id) as connection:
            return next(_read(connection, own), None)

    @whole_transaction
    def resources(self, tenant_id: str, scan_id: str) -> dict[str, list[AffectedResource]]:
        """The resources of all of a scan's findings, by finding, in their order."""
        of_findings, of_savings = (of_scan(table, tenant_id, scan_id) for table in (finding_resources, finding_savings))
        order = (finding_resources.c.finding_id, finding_resources.c.position)
        savings: dict[tuple[str, int], list[Saving]] = {}
        found: dict[str, list[AffectedResource]] = {}
        with self._database.reading(tenant_id) as connection:
            for row in connection.execute(select(finding_savings).where(of_savings)):
                savings.setdefault((row.finding_id, row.position), []).append(_saving(row))
            for row in connection.execute(select(finding_resources).where(of_findings).order_by(*order)):
                own = savings.get((row.finding_id, row.position), [])
                found.setdefault(row.finding_id, []).append(_resource(row, own))
        return found

    @whole_transaction
    def whole_savings(self, tenant_id: str, scan_id: str) -> dict[str, list[Saving]]:
        """By finding, the savings that a reviewer named for all of it."""
        own = and_(of_scan(finding_savings, tenant_id, scan_id), finding_savings.c.position == WHOLE_FINDING)
        found: dict[str, list[Saving]] = {}
        with self._database.reading(tenant_id) as connection:
            for row in connection.execute(select(finding_savings).where(own).order_by(finding_savings.c.currency)):
                found.setdefault(row.finding_id, []).append(_saving(row))
        return found


def of_scan(table: Table, tenant_id: str, scan_id: str) -> ColumnElement[bool]:
    """The rows of one scan in a table of findings."""
    return and_(table.c.tenant_id == tenant_id, table.c.scan_id == scan_id)


def _read(connection: Connection, condition: ColumnElement[bool]) -> Iterator[Finding]:
    for row in connection.execute(select(findings).where(condition)):
        yield finding_of(row)


def finding_of(row: Row[Any]) -> Finding:
    """The row as a finding."""
    values = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public mapping
    return Finding(
        **{
            **{name: value for name, value in values.items() if name != "finding_key"},
            "key": row.finding_key,
            "status": FindingStatus(row.status),
            "measure": Measure(row.measure),
            "confidence": Confidence(row.confidence),
            "effort": Effort(row.effort),
        }
    )


def _drafted(tenant_id: str, scan_id: str, finding_id: str, draft: DraftFinding, now: datetime) -> Finding:
    return Finding(
        tenant_id=tenant_id,
        scan_id=scan_id,
        finding_id=finding_id,
        key=draft.key,
        status=FindingStatus.DRAFT,
        title=fit(findings.c.title, draft.title),
        text=draft.text,
        measure=draft.measure,
        confidence=draft.confidence,
        effort=draft.effort,
        owner=None,
        version=1,
        is_edited=False,
        created_at=now,
        updated_at=now,
        updated_by=None,
        published_at=None,
    )


def insert_finding(
    connection: Connection,
    finding: Finding,
    resources: Sequence[AffectedResource],
    whole: Sequence[Saving] = (),
) -> None:
    """A new finding with its resources, its savings and its first version."""
    values = {name: value for name, value in vars(finding).items() if name != "key"}
    connection.execute(insert(findings).values(**values, finding_key=finding.key))
    insert_resources(connection, finding, resources)
    insert_whole_savings(connection, finding, whole)
    every = whole or [saving for each in resources for saving in each.savings]
    insert_version(connection, finding, every)


def insert_resources(connection: Connection, finding: Finding, resources: Sequence[AffectedResource]) -> None:
    """The resources of a finding that has none yet, with what each of them saves."""
    key = {"tenant_id": finding.tenant_id, "scan_id": finding.scan_id, "finding_id": finding.finding_id}
    rows, savings = [], []
    for position, each in enumerate(resources, WHOLE_FINDING + 1):
        rows.append({**key, "position": position, **_resource_values(each)})
        savings += [{**key, "position": position, **_saving_values(saving)} for saving in each.savings]
    if rows:
        connection.execute(insert(finding_resources), rows)
    if savings:
        connection.execute(insert(finding_savings), savings)


def insert_whole_savings(connection: Connection, finding: Finding, whole: Sequence[Saving]) -> None:
    """The savings of a finding as a whole, of one that has none yet."""
    key = {"tenant_id": finding.tenant_id, "scan_id": finding.scan_id, "finding_id": finding.finding_id}
    if whole:
        rows = [{**key, "position": WHOLE_FINDING, **_saving_values(saving)} for saving in whole]
        connection.execute(insert(finding_savings), rows)


def insert_version(connection: Connection, finding: Finding, savings: Sequence[Saving]) -> None:
    """The finding as it stands now, for its history."""
    sums = added({saving.currency: saving.monthly} for saving in savings)
    same = ("tenant_id", "scan_id", "finding_id", "version", "status", "title", "text", "confidence", "effort", "owner")
    connection.execute(
        insert(finding_versions).values(
            **{name: getattr(finding, name) for name in same},
            savings_json=json.dumps({currency: f"{amount:f}" for currency, amount in sums.items()}),
            changed_at=finding.updated_at,
            changed_by=finding.updated_by,
        )
    )


def _delete(connection: Connection, tenant_id: str, finding_id: str) -> None:
    for table in (*CHILDREN, findings):
        connection.execute(delete(table).where(table.c.tenant_id == tenant_id, table.c.finding_id == finding_id))


def _resource_values(each: AffectedResource) -> dict[str, Any]:
    evidence = json.dumps([[line.label, line.value] for line in each.evidence], ensure_ascii=False)
    texts = {name: getattr(each, name) for name in RESOURCE_TEXTS}
    return {**texts, "evidence_json": evidence, "note": fit(finding_resources.c.note, each.note)}


def _saving_values(saving: Saving) -> dict[str, Any]:
    return {"currency": saving.currency, "monthly": saving.monthly, "basis": saving.basis}


def _saving(row: Row[Any]) -> Saving:
    return Saving(row.currency, row.monthly, SavingBasis(row.basis))


def _resource(row: Row[Any], savings: Sequence[Saving]) -> AffectedResource:
    return AffectedResource(
        **{name: getattr(row, name) for name in RESOURCE_TEXTS},
        evidence=tuple(Evidence(label, value) for label, value in json.loads(row.evidence_json)),
        savings=tuple(sorted(savings, key=lambda saving: saving.currency)),
        note=row.note,
    )
