"""What belongs to a finding, as rows: its resources with their evidence and savings, and its versions."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, false, insert, select

from shared.core.finding_overlap import added
from shared.core.findings import AffectedResource, Evidence, Finding, Saving, SavingBasis
from shared.sql.engine.lists import any_of
from shared.sql.engine.text import fit
from shared.sql.schema.finding_tables import finding_resources, finding_savings, finding_versions, findings
from shared.sql.schema.metadata import of_scan

SAVINGS_IN_ORDER = (finding_savings.c.currency, finding_savings.c.finding_id, finding_savings.c.position)

WHOLE_FINDING = 0
"""The position of savings that are of a finding as a whole, not of one resource."""

RESOURCE_TEXTS = (
    "resource_id",
    "resource_name",
    "resource_type",
    "sub_account_id",
    "resource_group",
    "region_id",
    "owner_tag",
)


def of_finding(table: Table, finding: Finding) -> ColumnElement[bool]:
    """The rows of one finding."""
    return and_(of_scan(table, finding.scan_key), table.c.finding_id == finding.finding_id)


def insert_finding(
    connection: Connection,
    finding: Finding,
    resources: Sequence[AffectedResource],
    whole: Sequence[Saving] = (),
    change: str | None = None,
) -> None:
    """A new finding with its resources, its savings and its first version."""
    values = {name: value for name, value in vars(finding).items() if name not in ("key", "evidence")}
    values |= {"finding_key": finding.key, "evidence_json": evidence_text(finding.evidence)}
    connection.execute(insert(findings).values(values))
    insert_resources(connection, finding, resources)
    insert_whole_savings(connection, finding, whole)
    insert_version(connection, finding, whole or savings_of(resources), change)


def replace_resources(
    connection: Connection,
    finding: Finding,
    resources: Sequence[AffectedResource],
    excluded: Sequence[AffectedResource],
) -> None:
    """Replace all resources of a finding, numbered from one; those left out come last."""
    for table in (finding_resources, finding_savings):
        connection.execute(delete(table).where(of_finding(table, finding), table.c.position > WHOLE_FINDING))
    insert_resources(connection, finding, resources)
    insert_resources(connection, finding, excluded, len(resources), is_excluded=True)


def insert_resources(
    connection: Connection,
    finding: Finding,
    resources: Sequence[AffectedResource],
    after: int = WHOLE_FINDING,
    *,
    is_excluded: bool = False,
) -> None:
    """Resources with what each of them saves, numbered from `after` on."""
    key = {"tenant_id": finding.tenant_id, "scan_id": finding.scan_id, "finding_id": finding.finding_id}
    rows, savings = [], []
    for position, each in enumerate(resources, after + 1):
        rows.append({**key, "position": position, "is_excluded": is_excluded, **_resource_values(each)})
        savings += [{**key, "position": position, **_saving_values(saving)} for saving in each.savings]
    if rows:
        connection.execute(insert(finding_resources), rows)
    if savings:
        connection.execute(insert(finding_savings), savings)


def replace_whole_savings(connection: Connection, finding: Finding, whole: Sequence[Saving]) -> None:
    """Replace the savings named for a finding as a whole."""
    own = and_(of_finding(finding_savings, finding), finding_savings.c.position == WHOLE_FINDING)
    connection.execute(delete(finding_savings).where(own))
    insert_whole_savings(connection, finding, whole)


def insert_whole_savings(connection: Connection, finding: Finding, whole: Sequence[Saving]) -> None:
    """The savings of a finding as a whole, of one that has none yet."""
    key = {"tenant_id": finding.tenant_id, "scan_id": finding.scan_id, "finding_id": finding.finding_id}
    if whole:
        rows = [{**key, "position": WHOLE_FINDING, **_saving_values(saving)} for saving in whole]
        connection.execute(insert(finding_savings), rows)


def insert_version(
    connection: Connection, finding: Finding, savings: Sequence[Saving], change: str | None = None
) -> None:
    """The finding as it stands now, for its history; `change` says what its own columns do not."""
    sums = added({saving.currency: saving.monthly} for saving in savings)
    same = ("tenant_id", "scan_id", "finding_id", "version", "status", "title", "text", "confidence", "effort", "owner")
    connection.execute(
        insert(finding_versions).values(
            **{name: getattr(finding, name) for name in same},
            savings_json=json.dumps({currency: f"{amount:f}" for currency, amount in sums.items()}),
            changed_at=finding.updated_at,
            changed_by=finding.updated_by,
            change=fit(finding_versions.c.change, change),
        )
    )


def savings_of(resources: Iterable[AffectedResource]) -> list[Saving]:
    """What all of them save, one after the other."""
    return [saving for each in resources for saving in each.savings]


def read_resources(
    connection: Connection, resources: ColumnElement[bool], savings: ColumnElement[bool]
) -> dict[str, list[AffectedResource]]:
    """By finding, the resources that the first condition finds, in their order; the second finds their savings."""
    saved: dict[tuple[str, int], list[Saving]] = {}
    for row in connection.execute(select(finding_savings).where(savings)):
        saved.setdefault((row.finding_id, row.position), []).append(saving_of(row))
    order = (finding_resources.c.finding_id, finding_resources.c.position)
    found: dict[str, list[AffectedResource]] = {}
    for row in connection.execute(select(finding_resources).where(resources).order_by(*order)):
        found.setdefault(row.finding_id, []).append(_resource(row, saved.get((row.finding_id, row.position), [])))
    return found


@dataclass(frozen=True)
class ScanParts:
    """What belongs to the findings of one scan, by finding: resources, those that were left out, whole savings."""

    resources: dict[str, list[AffectedResource]] = field(default_factory=dict)
    excluded: dict[str, list[AffectedResource]] = field(default_factory=dict)
    whole: dict[str, list[Saving]] = field(default_factory=dict)


def parts_in_scans(
    connection: Connection, tenant_id: str, scan_ids: Collection[str], *, has_evidence: bool
) -> dict[str, ScanParts]:
    """Return the parts of the findings of each scan, in two statements; without evidence, its text is not read."""
    found = {scan_id: ScanParts() for scan_id in scan_ids}
    saved: dict[tuple[str, int], list[Saving]] = {}
    savings_of_scans = select(finding_savings).where(_in_scans(finding_savings, tenant_id, scan_ids))
    for row in connection.execute(savings_of_scans.order_by(*SAVINGS_IN_ORDER)):
        if row.position == WHOLE_FINDING:
            found[row.scan_id].whole.setdefault(row.finding_id, []).append(saving_of(row))
        saved.setdefault((row.finding_id, row.position), []).append(saving_of(row))
    columns = [one for one in finding_resources.c if has_evidence or one.name != "evidence_json"]
    statement = select(*columns).where(_in_scans(finding_resources, tenant_id, scan_ids))
    order = (finding_resources.c.finding_id, finding_resources.c.position)
    for row in connection.execute(statement.order_by(*order)):
        kept = found[row.scan_id].excluded if row.is_excluded else found[row.scan_id].resources
        savings = saved.get((row.finding_id, row.position), [])
        kept.setdefault(row.finding_id, []).append(_resource(row, savings, has_evidence=has_evidence))
    return found


def _in_scans(table: Table, tenant_id: str, scan_ids: Collection[str]) -> ColumnElement[bool]:
    return and_(table.c.tenant_id == tenant_id, any_of(table.c.scan_id, sorted(scan_ids)))


def counted_savings(connection: Connection, finding: Finding) -> list[Saving]:
    """What of a finding counts as it is stored: the amount named for all of it, or what its resources save."""
    own = of_finding(finding_savings, finding)
    whole = connection.execute(select(finding_savings).where(own, finding_savings.c.position == WHOLE_FINDING)).all()
    if whole:
        return [saving_of(row) for row in whole]
    shown = and_(of_finding(finding_resources, finding), finding_resources.c.is_excluded == false())
    return savings_of(read_resources(connection, shown, own).get(finding.finding_id, ()))


def saving_of(row: Row[Any]) -> Saving:
    """The row as a saving."""
    return Saving(row.currency, row.monthly, SavingBasis(row.basis), row.yearly)


def evidence_text(evidence: Sequence[Evidence]) -> str:
    """Evidence as it is stored."""
    lines = [[line.label, line.value, *([line.source] if line.source else [])] for line in evidence]
    return json.dumps(lines, ensure_ascii=False)


def evidence_of(stored: str | None) -> tuple[Evidence, ...]:
    """Evidence as it was stored; None for none."""
    return tuple(Evidence(*line) for line in json.loads(stored)) if stored else ()


def _resource_values(each: AffectedResource) -> dict[str, Any]:
    texts = {name: getattr(each, name) for name in RESOURCE_TEXTS}
    note = fit(finding_resources.c.note, each.note)
    return {**texts, "evidence_json": evidence_text(each.evidence), "note": note}


def _saving_values(saving: Saving) -> dict[str, Any]:
    return {
        "currency": saving.currency,
        "monthly": saving.monthly,
        "basis": saving.basis,
        "yearly": saving.named_year,
    }


def _resource(row: Row[Any], savings: Sequence[Saving], *, has_evidence: bool = True) -> AffectedResource:
    return AffectedResource(
        row.resource_id,
        row.resource_name,
        row.resource_type,
        row.sub_account_id,
        row.resource_group,
        row.region_id,
        evidence=evidence_of(row.evidence_json) if has_evidence else (),
        savings=tuple(sorted(savings, key=lambda saving: saving.currency)),
        note=row.note,
        position=row.position,
        owner_tag=row.owner_tag,
    )
