"""The customer's decisions about a finding: which resources they cover, and which are new since."""

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
    """A decision covers the resources that the finding had when it was made, or one of them.

    The sets hold resource ids: `undecided` without a decision, `fresh` added after the
    decision, `dismissed`, `done` (marked as done), and `back` (marked as done, absent in the
    previous review and now found again).
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
        """Return whether its resources have different decisions."""
        return bool(self.counts) and len(self.counts or ()) > 1

    @property
    def is_open(self) -> bool:
        """Return whether a decision is still needed."""
        return self.decision is Decision.OPEN or bool(self.undecided)

    @property
    def is_set_aside(self) -> bool:
        """Return whether all of it is dismissed."""
        only = (self.decision,) if self.counts is None else tuple(self.counts)
        return only == (Decision.DISMISSED,)

    @property
    def rest(self) -> str:
        """Return what the next decision covers, if not the whole finding."""
        if self.decision is Decision.OPEN or not self.undecided:
            return ""
        return "new resources" if self.undecided == self.fresh else "other resources"


OPEN = Standing()


def standing(
    state: FindingState | None, resources: Sequence[AffectedResource], before: Collection[str] | None = None
) -> Standing:
    """Return the decisions about a finding with these resources.

    `before` are the resource ids it had in the review between the decision and now, if any.
    """
    if state is None or state.decision is Decision.OPEN:
        return OPEN
    ids = {each.resource_id for each in resources}
    decisions = {resource_id: state.about(resource_id) for resource_id in ids}
    by_decision = {each: frozenset(one for one in ids if decisions[one] is each) for each in Decision}
    counts = Counter(decisions[each.resource_id] for each in resources)
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
    state: FindingState | None, resources: Sequence[AffectedResource], decision: Decision, only: Collection[str] = ()
) -> Mapping[str, Decision] | None:
    """Return the decision for each resource after a new one: for `only` some, for the open ones, or for all.

    None if all of them are open again.
    """
    if decision is Decision.OPEN and not only:
        return None
    now = standing(state, resources)
    known = dict((state.by_resource if state else None) or {})
    if state is not None and state.by_resource is None and state.decision is not Decision.OPEN:
        known = {each.resource_id: state.decision for each in resources}
    ids = {each.resource_id for each in resources}
    if only:
        found = {**dict.fromkeys(ids, Decision.OPEN), **known, **dict.fromkeys(only, decision)}
        return found if set(found.values()) != {Decision.OPEN} else None
    return {**known, **dict.fromkeys(now.undecided or ids, decision)}


def overall(decision: Decision, by_resource: Mapping[str, Decision] | None) -> Decision:
    """Return the finding's decision after one about some resources: the most frequent one that is not open."""
    if decision is not Decision.OPEN or by_resource is None:
        return decision
    counts = Counter(each for each in by_resource.values() if each is not Decision.OPEN)
    return counts.most_common(1)[0][0]


@dataclass(frozen=True)
class Timeline:
    """The times of the shown scan, of the previous review, and of the scans with decisions."""

    shown: datetime
    before: datetime | None
    decided: Mapping[str, datetime]

    @classmethod
    def of(cls, database: Database, scan: Scan, before_id: str | None, states: Iterable[FindingState]) -> Self:
        """Read the times from the database."""
        wanted = {before_id, *(state.scan_id for state in states)} - {None, scan.scan_id}
        times = Scans(database).requested_at(scan.tenant_id, [*filter(None, wanted)])
        return cls(scan.requested_at, times.get(before_id or ""), {scan.scan_id: scan.requested_at, **times})

    def standing(
        self, state: FindingState | None, resources: Sequence[AffectedResource], before: Collection[str]
    ) -> Standing:
        """Return the decisions about a finding in the shown scan.

        In an older scan, nothing is new since a decision about a later one.
        """
        decided_in = self.decided.get(state.scan_id) if state else None
        if state is None or decided_in is None or decided_in > self.shown:
            return standing(replace(state, by_resource=None) if state else None, resources)
        is_between = self.before is not None and decided_in < self.before
        return standing(state, resources, before if is_between else None)
