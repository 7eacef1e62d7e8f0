"""Findings as pages show them: text as HTML, savings counted once, what became of earlier ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from markupsafe import Markup

from shared.core.finding_overlap import Amounts, Claim, Counted, Totals, added, totals
from shared.core.findings import AffectedResource, Finding, FindingState, FindingStatus, Measure, Saving
from shared.core.models import Scan, Step
from shared.evidence.readings import readings
from shared.sql.engine.engine import Database
from shared.sql.findings.decisions import FindingStates
from shared.sql.findings.findings import Findings
from web.rendering.finding_decisions import Standing, Timeline
from web.rendering.markdown import markdown

PUBLISHED = (FindingStatus.PUBLISHED,)


@dataclass(frozen=True)
class Gone:
    """Resources of an earlier finding that are waste no more, and what a month of them used to cost."""

    title: str
    resources: int
    saved: Amounts


@dataclass(frozen=True)
class FindingView:
    """One finding. Amounts are a month's; `since` is the first scan in which this customer was shown it."""

    finding: Finding
    html: Markup
    resources: tuple[AffectedResource, ...]
    counted: Counted
    alternatives: tuple[str, ...]
    state: FindingState | None
    standing: Standing
    since: datetime | None
    gone: Gone | None


@dataclass(frozen=True)
class Review:
    """A scan's published findings. `resolved` are findings of the scan before that have nothing left."""

    views: tuple[FindingView, ...]
    totals: Totals
    resolved: tuple[Gone, ...]


@dataclass(frozen=True)
class Holding:
    """The findings of one scan with what belongs to them."""

    findings: Sequence[Finding]
    resources: Mapping[str, Sequence[AffectedResource]]
    whole: Mapping[str, Sequence[Saving]]
    left_out: Mapping[str, Sequence[AffectedResource]]

    def of_key(self, key: str) -> set[str]:
        """The ids of the resources that findings of this key name, whatever their state, with those left out."""
        own = [one.finding_id for one in self.findings if one.key == key]
        held = (*(self.resources.get(number, ()) for number in own), *(self.left_out.get(number, ()) for number in own))
        return {each.resource_id for some in held for each in some}

    def claims(self, statuses: Sequence[FindingStatus], standings: Mapping[str, Standing] | None = None) -> list[Claim]:
        """What of it may be counted: not what the customer has dismissed."""
        found = []
        for one in self.findings:
            stands = (standings or {}).get(one.key)
            if one.status not in statuses or (stands and stands.is_set_aside):
                continue
            resources = self.resources.get(one.finding_id, ())
            kept = [each for each in resources if not stands or each.resource_id not in stands.dismissed]
            found.append(Claim(one.key, one.measure, kept, self.whole.get(one.finding_id, ())))
        return found


NOTHING = Holding((), {}, {}, {})


def holding(database: Database, tenant_id: str, scan_id: str) -> Holding:
    """All findings of a scan, whatever their state."""
    stored, key = Findings(database), (tenant_id, scan_id)
    return Holding(stored.of_scan(*key), stored.resources(*key), stored.whole_savings(*key), stored.left_out(*key))


def review(
    database: Database, scan: Scan, steps: Sequence[Step], statuses: Sequence[FindingStatus] = PUBLISHED
) -> Review:
    """What the customer sees of a scan: what is published, and, for a preview, what is to be."""
    states = FindingStates(database, scan.tenant_id, scan.user_object_id)
    decisions, since = states.all(), states.first_seen()
    held = holding(database, scan.tenant_id, scan.scan_id)
    before_id = states.published_before(scan)
    before = holding(database, scan.tenant_id, before_id) if before_id else NOTHING
    gone = gone_since(before, held, readings(steps).inventory)
    shown = [one for one in held.findings if one.status in statuses]
    times = Timeline.of(database, scan, before_id, decisions.values())
    standings = {
        one.key: times.standing(decisions.get(one.key), held.resources.get(one.finding_id, ()), before.of_key(one.key))
        for one in shown
    }
    alone, counted = totals(held.claims(statuses)), totals(held.claims(statuses, standings))
    titles = {one.key: one.title for one in shown}
    views = tuple(
        FindingView(
            finding=one,
            html=markdown(one.text),
            resources=dearest_first(held.resources.get(one.finding_id, ())),
            counted=counted.by_finding.get(one.key, alone.by_finding[one.key]),
            alternatives=tuple(titles[key] for key in alone.by_finding[one.key].alternatives),
            state=decisions.get(one.key),
            standing=standings[one.key],
            since=since.get(one.key),
            gone=gone.get(one.key),
        )
        for one in shown
    )
    resolved = tuple(one for key, one in gone.items() if key not in standings)
    return Review(most_first(views), counted, resolved)


def gone_since(before: Holding, now: Holding, read: frozenset[str]) -> dict[str, Gone]:
    """By key, what earlier findings named and this scan, having read the subscription in full, did not find again."""
    found: dict[str, Gone] = {}
    for one in before.findings:
        if one.status is not FindingStatus.PUBLISHED or one.measure is Measure.COMMIT:
            continue
        still = now.of_key(one.key)
        missing = [
            each
            for each in before.resources.get(one.finding_id, ())
            if each.resource_id not in still and each.sub_account_id.lower() in read
        ]
        if missing:
            saved = added({saving.currency: saving.monthly} for each in missing for saving in each.savings)
            found[one.key] = Gone(one.title, len(missing), saved)
    return found


def dearest_first(resources: Sequence[AffectedResource]) -> tuple[AffectedResource, ...]:
    """The largest saving first, whatever its currency; those without one last, by name."""
    return tuple(sorted(resources, key=lambda each: (-_largest(each.savings), each.resource_name, each.resource_id)))


def _largest(savings: Sequence[Saving]) -> Decimal:
    return max((saving.monthly for saving in savings), default=Decimal(0))


def most_first(views: Sequence[FindingView]) -> tuple[FindingView, ...]:
    """What the bill proves, the largest first; what Azure estimates; what saves nothing; what was set aside last."""
    return tuple(sorted(views, key=_place))


def _place(view: FindingView) -> tuple[bool, bool, bool, Decimal, str]:
    own, estimate = view.counted.own, view.counted.own_estimate
    largest = max((own or estimate).values(), default=Decimal(0))
    return view.standing.is_set_aside, not own, not estimate, -largest, view.finding.title
