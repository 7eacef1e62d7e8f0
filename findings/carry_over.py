"""Keeps the reviewers' changes: findings they wrote are carried over to the next scan, or updated after a re-pull."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from findings.earlier_judgement import ResourceKey, earlier_review, key_of
from shared.core.findings import AffectedResource, DraftFinding, Finding, FindingStatus, Saving, SavingFrom
from shared.core.models import Scan, ScanKey
from shared.core.owner_tags import owner_in
from shared.evidence.fully_read import FullyReadSubscriptions
from shared.evidence.offers import StoredEvidence, cited_again, offers_of, offers_of_all, stored_evidence
from shared.sql.collected.evidence_rows import EvidenceRows
from shared.sql.collected.inventory import InventoryPages, InventoryRow
from shared.sql.engine.engine import Database
from shared.sql.findings.decisions import FindingStates
from shared.sql.findings.findings import Findings

UNREAD = "We could not read its subscription in this scan."
NAMED_BY_HAND = "A reviewer entered the savings manually: check the amount."
NO_RESOURCE = "The finding lists no resource, so nothing could be updated: check that it still applies."


@dataclass(frozen=True)
class StoredFinding:
    """A finding with its resources, the keys of excluded resources, and the savings entered for the whole finding."""

    finding: Finding
    resources: tuple[AffectedResource, ...]
    excluded: frozenset[ResourceKey]
    whole: tuple[Saving, ...]


@dataclass(frozen=True)
class CurrentRows:
    """The rows this scan has stored for the resources in question. `inventory` is by id."""

    read: FullyReadSubscriptions
    inventory: Mapping[str, InventoryRow]
    rows: StoredEvidence


def stored_findings(database: Database, scan_key: ScanKey) -> list[StoredFinding]:
    """Return the findings of a scan, except discarded ones."""
    findings = Findings(database)
    kept = findings.of_scan(scan_key, (FindingStatus.DRAFT, FindingStatus.PUBLISHED))
    if not kept:
        return []
    resources, excluded, whole = (
        findings.resources(scan_key),
        findings.excluded(scan_key),
        findings.whole_savings(scan_key),
    )
    return [
        StoredFinding(
            one,
            tuple(resources.get(one.finding_id, ())),
            frozenset(map(key_of, excluded.get(one.finding_id, ()))),
            tuple(whole.get(one.finding_id, ())),
        )
        for one in kept
    ]


def with_reviewer_changes(
    database: Database, scan: Scan, read: FullyReadSubscriptions, drafts: Sequence[DraftFinding]
) -> list[DraftFinding]:
    """Return the rules' drafts with the reviewers' changes applied, followed by the findings that reviewers wrote."""
    own = stored_findings(database, scan.key)
    touched = {one.finding.key: one for one in own if one.finding.is_edited}
    earlier = [one for one in _published_before(database, scan) if one.finding.key not in touched]
    written = [*(one for one in touched.values() if one.finding.is_written), *earlier]
    wanted = {each.resource_id for one in (*touched.values(), *earlier) for each in one.resources}
    current = _current(database, scan, read, sorted(wanted))
    before = earlier_review(database, scan)
    merged = [
        _merged(draft, touched[draft.key], current) if draft.key in touched else before.applied(draft)
        for draft in drafts
    ]
    return [*merged, *_carried(written, scan, current)]


def _published_before(database: Database, scan: Scan) -> list[StoredFinding]:
    """Return the findings that reviewers wrote in this user's latest published review."""
    before = FindingStates(database, scan.tenant_id, scan.user_object_id).published_before(scan)
    found = stored_findings(database, ScanKey(scan.tenant_id, before)) if before else []
    return [one for one in found if one.finding.is_written and one.finding.status is FindingStatus.PUBLISHED]


def _current(database: Database, scan: Scan, read: FullyReadSubscriptions, resource_ids: Sequence[str]) -> CurrentRows:
    rows = EvidenceRows(database, scan.key)
    found = InventoryPages(database).named(scan.key, resource_ids)
    return CurrentRows(read, {row.resource_id: row for row in found}, stored_evidence(rows, scan, read, resource_ids))


def _merged(draft: DraftFinding, touched: StoredFinding, current: CurrentRows) -> DraftFinding:
    """Return the rule's draft without excluded resources and with the reviewer's evidence updated."""
    cited = {key_of(each): [line for line in each.evidence if line.source] for each in touched.resources}
    resources: list[AffectedResource] = []
    for each in draft.resources:
        if key_of(each) not in touched.excluded:
            offers = offers_of(current.rows, each.resource_id, each.sub_account_id)
            updated = cited_again(cited.get(key_of(each), ()), offers)
            resources.append(replace(each, evidence=(*each.evidence, *updated)))
    evidence = cited_again(touched.finding.evidence, offers_of_all(current.rows, resources))
    return replace(draft, resources=tuple(resources), evidence=evidence)


def _carried(written: Sequence[StoredFinding], scan: Scan, current: CurrentRows) -> Iterator[DraftFinding]:
    for one in written:
        resources = tuple(_resources(one, current))
        is_carried = one.finding.scan_id != scan.scan_id
        if one.resources and not resources and is_carried:
            continue  # All its resources were deleted: the customer sees that, and there is nothing left to save.
        values = {name: getattr(one.finding, name) for name in ("key", "title", "text", "measure", "confidence")}
        yield DraftFinding(
            **values,
            effort=one.finding.effort,
            resources=resources,
            owner=one.finding.owner,
            saving_from=one.finding.saving_from,
            whole=one.whole,
            evidence=cited_again(one.finding.evidence, offers_of_all(current.rows, resources)),
            carried_from=one.finding.scan_id if is_carried else one.finding.carried_from,
            to_check=_to_check(one, resources) if is_carried else one.finding.to_check,
        )


def _resources(one: StoredFinding, current: CurrentRows) -> Iterator[AffectedResource]:
    """Yield the resources that still exist, with this scan's figures, and those this scan could not read."""
    for each in one.resources:
        row = current.inventory.get(each.resource_id)
        if row is not None:
            yield _updated(one.finding, each, row, current)
        elif each.sub_account_id.lower() not in current.read.inventory:
            yield replace(each, evidence=cited_again(each.evidence, ()), savings=(), note=UNREAD)


def _updated(finding: Finding, each: AffectedResource, row: InventoryRow, current: CurrentRows) -> AffectedResource:
    offers = offers_of(current.rows, row.resource_id, row.sub_account_id)
    is_counted = finding.saving_from is SavingFrom.RESOURCES
    savings, note = current.rows.billed.savings(row.resource_id, row.sub_account_id) if is_counted else ((), None)
    return AffectedResource(
        resource_id=row.resource_id,
        resource_name=row.resource_name,
        resource_type=row.resource_type,
        sub_account_id=row.sub_account_id,
        resource_group=row.resource_group,
        region_id=row.region_id,
        evidence=cited_again(each.evidence, offers),
        savings=savings,
        note=note,
        owner_tag=owner_in(row.tags_json),
    )


def _to_check(one: StoredFinding, resources: Sequence[AffectedResource]) -> str | None:
    """Return what a reviewer must check before publishing the finding again; None if nothing."""
    unread = sum(each.note == UNREAD for each in resources)
    deleted = len(one.resources) - len(resources)
    said = [
        NAMED_BY_HAND if one.finding.saving_from is SavingFrom.NAMED else "",
        NO_RESOURCE if not one.resources else "",
        f"{deleted:,} of {len(one.resources):,} resources no longer exist." if deleted else "",
        f"{unread:,} of {len(one.resources):,} resources could not be read in this scan." if unread else "",
    ]
    return " ".join(filter(None, said)) or None
