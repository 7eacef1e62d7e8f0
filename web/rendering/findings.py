"""Prepare findings for pages: text as HTML, savings counted once, what became of earlier ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from markupsafe import Markup

from shared.core.finding_overlap import Claim, Counted, Totals, totals
from shared.core.findings import AffectedResource, Finding, FindingState, FindingStatus, Measure, Saving
from shared.core.models import Scan, ScanKey
from shared.sql.engine.engine import Database
from shared.sql.findings.decisions import FindingStates
from shared.sql.findings.findings import Findings
from web.rendering.finding_decisions import Standing, Timeline
from web.rendering.markdown import markdown
from web.rendering.resource_fates import FateGroup, fates_since

PUBLISHED = (FindingStatus.PUBLISHED,)


@dataclass(frozen=True)
class FindingView:
    """One finding. Amounts are monthly; `since` is the first scan whose report showed it to this customer.

    `added` counts the resources that the previous review's finding did not have.
    """

    finding: Finding
    resources: tuple[AffectedResource, ...]
    counted: Counted
    alternatives: tuple[str, ...]
    state: FindingState | None
    standing: Standing
    since: datetime | None
    fates: tuple[FateGroup, ...]
    added: int = 0

    @property
    def html(self) -> Markup:
        """Return the finding's text as HTML."""
        return markdown(self.finding.text)


@dataclass(frozen=True)
class PublishedFindings:
    """A scan's published findings, and what became of the resources that earlier reviews named.

    `previous_at` is when the scan of the previous review began; None for the first review.
    """

    views: tuple[FindingView, ...]
    totals: Totals
    fates: tuple[FateGroup, ...]
    previous_at: datetime | None = None


@dataclass(frozen=True)
class FindingSet:
    """The findings of one scan with their resources and savings."""

    findings: Sequence[Finding]
    resources: Mapping[str, Sequence[AffectedResource]]
    whole: Mapping[str, Sequence[Saving]]
    excluded: Mapping[str, Sequence[AffectedResource]]

    def of_key(self, key: str) -> set[str]:
        """Return the ids of all resources of findings with this key, in any state, including those left out."""
        own = [one.finding_id for one in self.findings if one.key == key]
        held = (*(self.resources.get(number, ()) for number in own), *(self.excluded.get(number, ()) for number in own))
        return {each.resource_id for some in held for each in some}

    def claims(self, statuses: Sequence[FindingStatus], standings: Mapping[str, Standing] | None = None) -> list[Claim]:
        """Return the savings that count: all except those that the customer dismissed."""
        found = []
        for one in self.findings:
            stands = (standings or {}).get(one.key)
            if one.status not in statuses or (stands and stands.is_set_aside):
                continue
            resources = self.resources.get(one.finding_id, ())
            kept = [each for each in resources if not stands or each.resource_id not in stands.dismissed]
            found.append(Claim(one.key, one.measure, kept, self.whole.get(one.finding_id, ())))
        return found


NO_FINDINGS = FindingSet((), {}, {}, {})


def finding_set(database: Database, scan_key: ScanKey) -> FindingSet:
    """Return all findings of a scan, in any state."""
    return _finding_sets(database, scan_key.tenant_id, [scan_key.scan_id], has_evidence=True)[scan_key.scan_id]


def _finding_sets(
    database: Database, tenant_id: str, scan_ids: Sequence[str], *, has_evidence: bool
) -> dict[str, FindingSet]:
    found = Findings(database).in_scans(tenant_id, scan_ids, has_evidence=has_evidence)
    return {
        scan_id: FindingSet(
            sorted(own, key=lambda one: ([*Measure].index(one.measure), one.title, one.finding_id)),
            parts.resources,
            parts.whole,
            parts.excluded,
        )
        for scan_id, (own, parts) in found.items()
    }


def review(
    database: Database,
    scan: Scan,
    statuses: Sequence[FindingStatus] = PUBLISHED,
    *,
    is_summary: bool = False,
) -> PublishedFindings:
    """Return the review as the customer sees it: the published findings or, for a preview, those of `statuses`.

    A summary is for sums and lists: it is read without evidence, and no view has `since`.
    """
    states = FindingStates(database, scan.tenant_id, scan.user_object_id)
    decisions, since = states.all(), {} if is_summary else states.first_seen()
    before_id = states.published_before(scan)
    wanted = [scan.scan_id, *([before_id] if before_id else [])]
    sets = _finding_sets(database, scan.tenant_id, wanted, has_evidence=not is_summary)
    held, before = sets[scan.scan_id], sets[before_id] if before_id else NO_FINDINGS
    fates = fates_since(database, scan)
    shown = [one for one in held.findings if one.status in statuses]
    times = Timeline.of(database, scan, before_id, decisions.values())
    standings = {
        one.key: times.standing(decisions.get(one.key), held.resources.get(one.finding_id, ()), before.of_key(one.key))
        for one in shown
    }
    alone = totals(held.claims(statuses))
    is_reduced = any(one.dismissed or one.is_set_aside for one in standings.values())
    counted = totals(held.claims(statuses, standings)) if is_reduced else alone
    titles = {one.key: one.title for one in shown}
    views = tuple(
        FindingView(
            finding=one,
            resources=by_savings(held.resources.get(one.finding_id, ())),
            counted=counted.by_finding.get(one.key, alone.by_finding[one.key]),
            alternatives=tuple(titles[key] for key in alone.by_finding[one.key].alternatives),
            state=decisions.get(one.key),
            standing=standings[one.key],
            since=since.get(one.key),
            fates=tuple(each for each in fates if each.key == one.key),
            added=_added(held.resources.get(one.finding_id, ()), before.of_key(one.key)) if before_id else 0,
        )
        for one in shown
    )
    return PublishedFindings(in_order(views), counted, fates, times.before)


def _added(resources: Sequence[AffectedResource], before: Collection[str]) -> int:
    return sum(each.resource_id not in before for each in resources)


def by_savings(resources: Sequence[AffectedResource]) -> tuple[AffectedResource, ...]:
    """Return the resources by savings, largest first, in any currency; those without savings last, by name."""
    return tuple(sorted(resources, key=lambda each: (-_largest(each.savings), each.resource_name, each.resource_id)))


def _largest(savings: Sequence[Saving]) -> Decimal:
    return max((saving.monthly for saving in savings), default=Decimal(0))


def in_order(views: Sequence[FindingView]) -> tuple[FindingView, ...]:
    """Return findings with billed savings first, then Azure's estimates, then those without savings, dismissed last."""
    return tuple(sorted(views, key=_order))


def _order(view: FindingView) -> tuple[bool, bool, bool, Decimal, str]:
    own, estimate = view.counted.own, view.counted.own_estimate
    largest = max((own or estimate).values(), default=Decimal(0))
    return view.standing.is_set_aside, not own, not estimate, -largest, view.finding.title
