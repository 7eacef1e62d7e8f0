"""Findings that reviewers wrote, read again: in the next scan as drafts, in their own when its rows have changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.core.findings import AffectedResource, DraftFinding, Finding, FindingStatus, Saving, SavingFrom
from shared.core.models import Scan
from shared.evidence.offers import Rows, cited_again, offers_of, offers_of_all, rows_of
from shared.evidence.readings import Readings
from shared.sql.collected.evidence_rows import EvidenceRows
from shared.sql.collected.inventory import InventoryPages, InventoryRow
from shared.sql.engine.engine import Database
from shared.sql.findings.decisions import FindingStates
from shared.sql.findings.findings import Findings

UNREAD = "Its subscription could not be read in this scan."
NAMED_BY_HAND = "The saving was named by hand: check the figure."
NO_RESOURCE = "It names no resource, so that nothing could be read again: check that it still holds."

Place = tuple[str, str]
"""What tells the resources of a finding apart: commitments of one subscription share its id."""


@dataclass(frozen=True)
class Stored:
    """A finding as it is stored, with what belongs to it."""

    finding: Finding
    resources: tuple[AffectedResource, ...]
    left_out: frozenset[Place]
    whole: tuple[Saving, ...]


@dataclass(frozen=True)
class Present:
    """What a scan has of the resources that are asked about. `inventory` is by id."""

    read: Readings
    inventory: Mapping[str, InventoryRow]
    rows: Rows


def place_of(resource: AffectedResource) -> Place:
    """What tells this resource apart from others of its finding."""
    return resource.resource_id, resource.resource_name


def stored(database: Database, tenant_id: str, scan_id: str) -> list[Stored]:
    """A scan's findings, those apart that a reviewer discarded."""
    findings, key = Findings(database), (tenant_id, scan_id)
    kept = findings.of_scan(*key, (FindingStatus.DRAFT, FindingStatus.PUBLISHED))
    if not kept:
        return []
    resources, left_out, whole = findings.resources(*key), findings.left_out(*key), findings.whole_savings(*key)
    return [
        Stored(
            one,
            tuple(resources.get(one.finding_id, ())),
            frozenset(map(place_of, left_out.get(one.finding_id, ()))),
            tuple(whole.get(one.finding_id, ())),
        )
        for one in kept
    ]


def with_written(database: Database, scan: Scan, read: Readings, drafts: Sequence[DraftFinding]) -> list[DraftFinding]:
    """The rules' drafts with what reviewers did to them, and behind them the findings that reviewers wrote."""
    own = stored(database, scan.tenant_id, scan.scan_id)
    touched = {one.finding.key: one for one in own if one.finding.is_edited}
    earlier = [one for one in _published_before(database, scan) if one.finding.key not in touched]
    written = [*(one for one in touched.values() if one.finding.is_written), *earlier]
    wanted = {each.resource_id for one in (*touched.values(), *earlier) for each in one.resources}
    here = _present(database, scan, read, sorted(wanted))
    merged = [_merged(draft, touched[draft.key], here) if draft.key in touched else draft for draft in drafts]
    return [*merged, *_again(written, scan, here)]


def _published_before(database: Database, scan: Scan) -> list[Stored]:
    """What reviewers wrote in this user's latest review that was published."""
    before = FindingStates(database, scan.tenant_id, scan.user_object_id).published_before(scan)
    found = stored(database, scan.tenant_id, before) if before else []
    return [one for one in found if one.finding.is_written and one.finding.status is FindingStatus.PUBLISHED]


def _present(database: Database, scan: Scan, read: Readings, resource_ids: Sequence[str]) -> Present:
    rows = EvidenceRows(database, scan.tenant_id, scan.scan_id)
    found = InventoryPages(database).named(scan.tenant_id, scan.scan_id, resource_ids)
    return Present(read, {row.resource_id: row for row in found}, rows_of(rows, scan, read, resource_ids))


def _merged(draft: DraftFinding, touched: Stored, here: Present) -> DraftFinding:
    """What the rule finds now, without what a reviewer left out and with what they cited, read again."""
    cited = {place_of(each): [line for line in each.evidence if line.source] for each in touched.resources}
    resources: list[AffectedResource] = []
    for each in draft.resources:
        if place_of(each) not in touched.left_out:
            offers = offers_of(here.rows, each.resource_id, each.sub_account_id)
            again = cited_again(cited.get(place_of(each), ()), offers)
            resources.append(replace(each, evidence=(*each.evidence, *again)))
    evidence = cited_again(touched.finding.evidence, offers_of_all(here.rows, resources))
    return replace(draft, resources=tuple(resources), evidence=evidence)


def _again(written: Sequence[Stored], scan: Scan, here: Present) -> Iterator[DraftFinding]:
    for one in written:
        resources = tuple(_resources(one, here))
        is_carried = one.finding.scan_id != scan.scan_id
        if one.resources and not resources and is_carried:
            continue  # All of it is gone: the customer is told so, and nothing is left to find.
        values = {name: getattr(one.finding, name) for name in ("key", "title", "text", "measure", "confidence")}
        yield DraftFinding(
            **values,
            effort=one.finding.effort,
            resources=resources,
            owner=one.finding.owner,
            saving_from=one.finding.saving_from,
            whole=one.whole,
            evidence=cited_again(one.finding.evidence, offers_of_all(here.rows, resources)),
            carried_from=one.finding.scan_id if is_carried else one.finding.carried_from,
            to_check=_to_check(one, resources) if is_carried else one.finding.to_check,
        )


def _resources(one: Stored, here: Present) -> Iterator[AffectedResource]:
    """Those that are still there, with this scan's figures; and those of which this scan cannot tell."""
    for each in one.resources:
        row = here.inventory.get(each.resource_id)
        if row is not None:
            yield _read_again(one.finding, each, row, here)
        elif each.sub_account_id.lower() not in here.read.inventory:
            yield replace(each, evidence=cited_again(each.evidence, ()), savings=(), note=UNREAD)


def _read_again(finding: Finding, each: AffectedResource, row: InventoryRow, here: Present) -> AffectedResource:
    offers = offers_of(here.rows, row.resource_id, row.sub_account_id)
    is_counted = finding.saving_from is SavingFrom.RESOURCES
    savings, note = here.rows.billed.savings(row.resource_id, row.sub_account_id) if is_counted else ((), None)
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
    )


def _to_check(one: Stored, resources: Sequence[AffectedResource]) -> str | None:
    """What a reviewer has to look at before this is published again."""
    unread = sum(each.note == UNREAD for each in resources)
    gone = len(one.resources) - len(resources)
    said = [
        NAMED_BY_HAND if one.finding.saving_from is SavingFrom.NAMED else "",
        NO_RESOURCE if not one.resources else "",
        f"Of its {len(one.resources):,} resources {gone:,} are gone." if gone else "",
        f"Of its {len(one.resources):,} resources {unread:,} could not be read in this scan." if unread else "",
    ]
    return " ".join(filter(None, said)) or None
