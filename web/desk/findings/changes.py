"""What has changed under a finding since a reviewer touched it: old and new, resource by resource."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.core.finding_overlap import Amounts, added
from shared.core.findings import AffectedResource
from shared.sql.findings.parts import savings_of
from shared.sql.findings.proposals import Proposal

Place = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """One resource: what it saved, and what it would save now. None: it was not there, or is not any more."""

    name: str
    before: Amounts | None
    after: Amounts | None


@dataclass(frozen=True)
class Changes:
    """All of a finding. Resources whose saving is the same are not listed."""

    noticed_at: datetime
    before: Amounts
    after: Amounts
    count_before: int
    count_after: int
    resources: tuple[Change, ...]


def changes_of(resources: Sequence[AffectedResource], proposal: Proposal) -> Changes:
    """The stored resources beside those that the rows give reason for now."""
    return Changes(
        noticed_at=proposal.proposed_at,
        before=_sums(resources),
        after=_sums(proposal.resources),
        count_before=len(resources),
        count_after=len(proposal.resources),
        resources=tuple(_each(_by_place(resources), _by_place(proposal.resources))),
    )


def _each(before: Mapping[Place, AffectedResource], after: Mapping[Place, AffectedResource]) -> Iterator[Change]:
    for place in sorted(before.keys() | after.keys(), key=lambda place: (place[1], place[0])):
        old, new = (_sums([here[place]]) if place in here else None for here in (before, after))
        if old != new:
            yield Change(place[1], old, new)


def _by_place(resources: Sequence[AffectedResource]) -> dict[Place, AffectedResource]:
    return {(each.resource_id, each.resource_name): each for each in resources}


def _sums(resources: Sequence[AffectedResource]) -> Amounts:
    return added({saving.currency: saving.monthly} for saving in savings_of(resources))
