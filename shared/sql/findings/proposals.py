"""What drafting again would make of findings that reviewers have touched: kept beside them until they choose."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from shared.core.findings import AffectedResource, DraftFinding, Evidence, Finding, Saving, SavingBasis
from shared.core.models import ScanKey
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.engine.text import fit
from shared.sql.engine.types import round_money
from shared.sql.findings.parts import RESOURCE_TEXTS, evidence_of, evidence_text, of_finding
from shared.sql.schema.finding_tables import finding_proposals
from shared.sql.schema.metadata import of_scan


@dataclass(frozen=True)
class Proposal:
    """A finding's figures as the rows have them now."""

    finding_id: str
    proposed_at: datetime
    title: str
    text: str
    resources: tuple[AffectedResource, ...]
    evidence: tuple[Evidence, ...]


class FindingProposals:
    """Reads one scan's proposals."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def of_scan(self, scan_key: ScanKey) -> dict[str, Proposal]:
        """By finding."""
        statement = select(finding_proposals).where(of_scan(finding_proposals, scan_key))
        with self._database.reading(scan_key.tenant_id) as connection:
            return {row.finding_id: proposal_of(row) for row in connection.execute(statement)}


def propose(connection: Connection, finding: Finding, draft: DraftFinding, now: datetime) -> None:
    """Keeps it in the place of an earlier proposal."""
    withdraw(connection, finding)
    values = {
        "finding_id": finding.finding_id,
        "tenant_id": finding.tenant_id,
        "scan_id": finding.scan_id,
        "proposed_at": now,
        "title": fit(finding_proposals.c.title, draft.title),
        "text": draft.text,
        "resources_json": json.dumps([_written(each) for each in draft.resources], ensure_ascii=False),
        "evidence_json": evidence_text(draft.evidence),
    }
    connection.execute(insert(finding_proposals).values(values))


def withdraw(connection: Connection, finding: Finding) -> None:
    """Forgets it: the figures are as the rows have them, or a reviewer has chosen."""
    connection.execute(delete(finding_proposals).where(of_finding(finding_proposals, finding)))


def proposed(connection: Connection, finding: Finding) -> Proposal | None:
    """The proposal beside this finding."""
    row = connection.execute(select(finding_proposals).where(of_finding(finding_proposals, finding))).one_or_none()
    return None if row is None else proposal_of(row)


def proposal_of(row: Row[Any]) -> Proposal:
    """The row as a proposal."""
    resources = tuple(_read(each) for each in json.loads(row.resources_json))
    return Proposal(row.finding_id, row.proposed_at, row.title, row.text, resources, evidence_of(row.evidence_json))


def _written(each: AffectedResource) -> dict[str, Any]:
    texts = {name: getattr(each, name) for name in RESOURCE_TEXTS}
    savings = [[saving.currency, f"{round_money(saving.monthly):f}", saving.basis] for saving in each.savings]
    return {**texts, "evidence": evidence_text(each.evidence), "savings": savings, "note": each.note}


def _read(stored: dict[str, Any]) -> AffectedResource:
    texts: dict[str, Any] = {name: stored.get(name) for name in RESOURCE_TEXTS}
    return AffectedResource(
        **texts,
        evidence=evidence_of(stored["evidence"]),
        savings=tuple(Saving(name, Decimal(amount), SavingBasis(basis)) for name, amount, basis in stored["savings"]),
        note=stored["note"],
    )
