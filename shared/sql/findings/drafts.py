"""What rules found and what was carried on, put into the store; a reviewer's work is never overwritten."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, false, update

from shared.core.findings import AffectedResource, DraftFinding, Finding, FindingStatus, Saving
from shared.core.models import ScanKey
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.engine.text import fit
from shared.sql.engine.types import round_money
from shared.sql.findings.findings import read_findings
from shared.sql.findings.parts import (
    evidence_text,
    insert_finding,
    insert_resources,
    insert_version,
    of_finding,
    read_resources,
    replace_resources,
    replace_whole_savings,
    savings_of,
)
from shared.sql.findings.proposals import propose, withdraw
from shared.sql.scans.scans import note_drafting, scan_is_there
from shared.sql.schema.finding_tables import (
    finding_proposals,
    finding_resources,
    finding_savings,
    finding_versions,
    findings,
)
from shared.sql.schema.metadata import of_scan

CHILDREN = (finding_savings, finding_resources, finding_versions, finding_proposals)
DRAFTED = (
    *("title", "text", "measure", "confidence", "effort", "owner", "saving_from"),
    *("carried_from", "to_check", "carried_text"),
)
DRAFTED_AGAIN = "Drafted again: the rows under it had changed."
CARRIED = "Carried on from an earlier review."


class FindingDrafts:
    """Writes drafts of one scan after the other."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, scan_key: ScanKey, drafts: Sequence[DraftFinding], now: datetime) -> None:
        """May run again. Drafts that no reviewer has touched follow the rows; beside others new figures are kept."""
        self._replace(scan_key, [(str(uuid.uuid4()), draft) for draft in drafts], now)

    @whole_transaction
    def _replace(self, scan_key: ScanKey, drafts: Sequence[tuple[str, DraftFinding]], now: datetime) -> None:
        with self._database.transaction(scan_key.tenant_id) as connection:
            if not scan_is_there(connection, scan_key):
                return
            note_drafting(connection, scan_key, now)
            present = {one.key: one for one in read_findings(connection, of_scan(findings, scan_key))}
            held = _held(connection, scan_key)
            for number, draft in drafts:
                if draft.key in present:
                    _redraft(connection, present[draft.key], held, draft, now)
                else:
                    one = _drafted(scan_key, number, draft, now)
                    change = CARRIED if draft.carried_from else None
                    insert_finding(connection, one, draft.resources, draft.whole, change)
                    insert_resources(connection, one, draft.excluded, len(draft.resources), is_excluded=True)
            found = {draft.key for _, draft in drafts}
            for unfounded in [one for one in present.values() if one.key not in found]:
                _unfounded(connection, unfounded, held, now)


def is_untouched(finding: Finding) -> bool:
    """Whether no reviewer has done anything to it, so that it may follow the rows."""
    return finding.status is FindingStatus.DRAFT and not finding.is_edited


def _held(connection: Connection, scan_key: ScanKey) -> Mapping[str, Sequence[AffectedResource]]:
    shown = and_(of_scan(finding_resources, scan_key), finding_resources.c.is_excluded == false())
    return read_resources(connection, shown, of_scan(finding_savings, scan_key))


def _redraft(
    connection: Connection,
    one: Finding,
    held: Mapping[str, Sequence[AffectedResource]],
    draft: DraftFinding,
    now: datetime,
) -> None:
    is_same = _figures(held.get(one.finding_id, ())) == _figures(draft.resources) and one.evidence == draft.evidence
    if is_untouched(one):
        if not is_same or any(getattr(one, name) != getattr(draft, name) for name in DRAFTED):
            _rewrite(connection, one, draft, now)
    elif is_same or one.status is FindingStatus.DISCARDED:
        withdraw(connection, one)
    else:
        propose(connection, one, draft, now)


def _unfounded(
    connection: Connection, one: Finding, held: Mapping[str, Sequence[AffectedResource]], now: datetime
) -> None:
    """A finding for which the rows give no reason any more."""
    if is_untouched(one):
        if connection.execute(delete(findings).where(_as_it_was(one))).rowcount == 1:
            for table in CHILDREN:
                connection.execute(delete(table).where(of_finding(table, one)))
    elif one.status is not FindingStatus.DISCARDED and held.get(one.finding_id):
        values = {name: getattr(one, name) for name in ("key", "title", "text", "measure", "confidence", "effort")}
        propose(connection, one, DraftFinding(**values, resources=()), now)


def _rewrite(connection: Connection, one: Finding, draft: DraftFinding, now: datetime) -> None:
    drafted = _drafted(one.scan_key, one.finding_id, draft, now)
    after = replace(drafted, version=one.version + 1, created_at=one.created_at)
    values = {name: getattr(after, name) for name in (*DRAFTED, "version", "updated_at")}
    values["evidence_json"] = evidence_text(after.evidence)
    if connection.execute(update(findings).where(_as_it_was(one)).values(values)).rowcount != 1:
        return  # A reviewer was first; the next drafting proposes the figures.
    replace_resources(connection, after, draft.resources, draft.excluded)
    replace_whole_savings(connection, after, draft.whole)
    insert_version(connection, after, draft.whole or savings_of(draft.resources), DRAFTED_AGAIN)


def _as_it_was(one: Finding) -> ColumnElement[bool]:
    return and_(of_finding(findings, one), findings.c.version == one.version)


def _figures(resources: Sequence[AffectedResource]) -> Sequence[object]:
    """What can be compared of resources, in an order of its own."""
    found = [
        (each.resource_id, each.resource_name, _sums(each.savings), each.note or "", each.evidence)
        for each in resources
    ]
    return sorted(found, key=repr)


def _sums(savings: Sequence[Saving]) -> tuple[tuple[str, str, str], ...]:
    """Amounts as they are stored: a twelfth of a year may have more decimals than that."""
    return tuple(sorted((each.currency, f"{round_money(each.monthly):.24f}", each.basis) for each in savings))


def _drafted(scan_key: ScanKey, finding_id: str, draft: DraftFinding, now: datetime) -> Finding:
    return Finding(
        tenant_id=scan_key.tenant_id,
        scan_id=scan_key.scan_id,
        finding_id=finding_id,
        key=draft.key,
        status=FindingStatus.DISCARDED if draft.is_discarded else FindingStatus.DRAFT,
        title=fit(findings.c.title, draft.title),
        text=draft.text,
        measure=draft.measure,
        confidence=draft.confidence,
        effort=draft.effort,
        owner=draft.owner,
        version=1,
        is_edited=False,
        created_at=now,
        updated_at=now,
        updated_by=None,
        published_at=None,
        saving_from=draft.saving_from,
        evidence=draft.evidence,
        carried_from=draft.carried_from,
        to_check=fit(findings.c.to_check, draft.to_check),
        carried_text=draft.carried_text,
    )
