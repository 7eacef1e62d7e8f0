"""The differences between a finding a reviewer changed and the current data, resource by resource."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.core.finding_overlap import Amounts, added
from shared.core.findings import AffectedResource
from shared.sql.findings.parts import savings_of
from shared.sql.findings.proposals import Proposal

ResourceKey = tuple[str, str]


@dataclass(frozen=True)
class ResourceChange:
    """The savings of one resource before and now. None: the resource was not, or is no longer, part of the finding."""

    name: str
    before: Amounts | None
    after: Amounts | None


@dataclass(frozen=True)
class FindingChanges:
    """The changes of a finding. Resources with unchanged savings are not listed."""

    noticed_at: datetime
    before: Amounts
    after: Amounts
    count_before: int
    count_after: int
    resources: tuple[ResourceChange, ...]


def changes_of(resources: Sequence[AffectedResource], proposal: Proposal) -> FindingChanges:
    """Compare the stored resources with those the current data supports."""
    return FindingChanges(
        noticed_at=proposal.proposed_at,
        before=_sums(resources),
        after=_sums(proposal.resources),
        count_before=len(resources),
        count_after=len(proposal.resources),
        resources=tuple(_each(_by_key(resources), _by_key(proposal.resources))),
    )


def _each(
    before: Mapping[ResourceKey, AffectedResource], after: Mapping[ResourceKey, AffectedResource]
) -> Iterator[ResourceChange]:
    for key in sorted(before.keys() | after.keys(), key=lambda key: (key[1], key[0])):
        old, new = (_sums([resources[key]]) if key in resources else None for resources in (before, after))
        if old != new:
            yield ResourceChange(key[1], old, new)


def _by_key(resources: Sequence[AffectedResource]) -> dict[ResourceKey, AffectedResource]:
    return {(each.resource_id, each.resource_name): each for each in resources}


def _sums(resources: Sequence[AffectedResource]) -> Amounts:
    return added({saving.currency: saving.monthly} for saving in savings_of(resources))
