"""How a finding stands with the customer: what was decided about which of its resources, and what is new since."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from shared.core.findings import AffectedResource, Decision, FindingState
from shared.core.models import Scan
from shared.sql.engine.engine import Database
from shared.sql.scans.scans import Scans


@dataclass(frozen=True)
class Standing:
    """A decision is about the resources that a finding had when it was made, or about one of them.

    `undecided` are the ids of the others, `fresh` of those that joined it later; `dismissed` of
    what was set aside, `done` of what was said to be done; `back` of what was said to be done,
    was gone in the review before, and is there again.
    """

    decision: Decision = Decision.OPEN
    counts: Mapping[Decision, int] | None = None
    undecided: frozenset[str] = frozenset()
    fresh: frozenset[str] = frozenset()
    dismissed: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    back: frozenset[str] = frozenset()

    @property
    def is_mixed(self) -> bool:
        """Whether not all of its resources were decided about alike."""
        return bool(self.counts) and len(self.counts or ()) > 1

    @property
    def is_open(self) -> bool:
        """Whether there is something left to decide about."""
        return self.decision is Decision.OPEN or bool(self.undecided)

    @property
    def is_set_aside(self) -> bool:
        """Whether nothing of it counts any more."""
        only = (self.decision,) if self.counts is None else tuple(self.counts)
        return only == (Decision.DISMISSED,)

    @property
    def rest(self) -> str:
        """What the next decision is about, where it is not the whole finding."""
        if self.decision is Decision.OPEN or not self.undecided:
            return ""
        return "what is new" if self.undecided == self.fresh else "the rest"


OPEN = Standing()


def standing(
    state: FindingState | None, resources: Sequence[AffectedResource], before: Collection[str] | None = None
) -> Standing:
    """How a finding with these resources stands. `before` are the ids that it had in the review between, if any."""
    if state is None or state.decision is Decision.OPEN:
        return OPEN
    ids = {each.resource_id for each in resources}
    about = {resource_id: state.about(resource_id) for resource_id in ids}
    by_decision = {word: frozenset(one for one in ids if about[one] is word) for word in Decision}
    counts = Counter(about[each.resource_id] for each in resources)
    return Standing(
        decision=state.decision,
        counts=dict(counts) if counts else None,
        undecided=by_decision[Decision.OPEN],
        fresh=by_decision[Decision.OPEN] - frozenset(ids if state.by_resource is None else state.by_resource),
        dismissed=by_decision[Decision.DISMISSED],
        done=by_decision[Decision.DONE],
        back=frozenset() if before is None else by_decision[Decision.DONE] - frozenset(before),
    )


def decided(
    state: FindingState | None, resources: Sequence[AffectedResource], decision: Decision, only: str = ""
) -> Mapping[str, Decision] | None:
    """What is then decided about each: a decision is about `only` one, or about what is open, or about all."""
    if decision is Decision.OPEN:
        return None
    now = standing(state, resources)
    known = dict((state.by_resource if state else None) or {})
    if state is not None and state.by_resource is None and state.decision is not Decision.OPEN:
        known = {each.resource_id: state.decision for each in resources}
    ids = {each.resource_id for each in resources}
    if only:
        return {**dict.fromkeys(ids, Decision.OPEN), **known, only: decision}
    return {**known, **dict.fromkeys(now.undecided or ids, decision)}


@dataclass(frozen=True)
class Timeline:
    """When the scans were asked for: the one that is shown, the review before it, and those that were decided about."""

    shown: datetime
    before: datetime | None
    decided: Mapping[str, datetime]

    @classmethod
    def of(cls, database: Database, scan: Scan, before_id: str | None, states: Iterable[FindingState]) -> Self:
        """Looks them up."""
        wanted = {before_id, *(state.scan_id for state in states)} - {None, scan.scan_id}
        found = [Scans(database).get(scan.tenant_id, scan_id) for scan_id in sorted(filter(None, wanted))]
        times = {one.scan_id: one.requested_at for one in found if one}
        return cls(scan.requested_at, times.get(before_id or ""), {scan.scan_id: scan.requested_at, **times})

    def standing(
        self, state: FindingState | None, resources: Sequence[AffectedResource], before: Collection[str]
    ) -> Standing:
        """How a finding stands in the shown scan. In an older one nothing is new since a decision about a later one."""
        decided_in = self.decided.get(state.scan_id) if state else None
        if state is None or decided_in is None or decided_in > self.shown:
            return standing(replace(state, by_resource=None) if state else None, resources)
        is_between = self.before is not None and decided_in < self.before
        return standing(state, resources, before if is_between else None)
