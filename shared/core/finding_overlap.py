"""A resource's saving is counted once: deleting, resizing and reserving it are alternatives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shared.core.findings import AffectedResource, Measure, Saving, SavingBasis
from shared.core.money import a_year_of, sum_exactly

ORDER = tuple(Measure)
NEVER_ADDED = frozenset({Measure.COMMIT})
"""Commitments cover what is left after all else: they are alternatives to everything."""

Amounts = Mapping[str, Decimal]
"""A month's savings by currency."""


@dataclass(frozen=True)
class Claim:
    """A finding as far as it matters for counting. `whole` are savings that a reviewer named for all of it."""

    key: str
    measure: Measure
    resources: Sequence[AffectedResource]
    whole: Sequence[Saving] = ()


@dataclass(frozen=True)
class Counted:
    """What of one finding counts: `proven` by the bill or by a reviewer, `estimated` by Azure.

    `own` and `own_estimate` are its savings taken alone; `alternatives` are the keys of
    findings that claimed a resource of it before.
    """

    proven: Amounts
    estimated: Amounts
    own: Amounts
    own_estimate: Amounts
    alternatives: tuple[str, ...]


@dataclass(frozen=True)
class Totals:
    """A month's savings of all findings together, by currency; amounts of two currencies are never added."""

    proven: Amounts
    estimated: Amounts
    by_finding: Mapping[str, Counted] = field(default_factory=dict)

    @property
    def proven_yearly(self) -> Amounts:
        """Twelve such months."""
        return {currency: a_year_of(amount) for currency, amount in self.proven.items()}


def totals(claims: Iterable[Claim]) -> Totals:
    """Counts each resource in the first finding that saves something by it: removing before resizing."""
    claimed: dict[str, str] = {}
    by_finding: dict[str, Counted] = {}
    for claim in sorted(claims, key=lambda claim: (ORDER.index(claim.measure), claim.key)):
        by_finding[claim.key] = _counted(claim, claimed)
    found = by_finding.values()
    return Totals(added(one.proven for one in found), added(one.estimated for one in found), by_finding)


def _counted(claim: Claim, claimed: dict[str, str]) -> Counted:
    earlier = sorted({claimed[each.resource_id] for each in claim.resources if each.resource_id in claimed})
    free = [each for each in claim.resources if each.resource_id not in claimed]
    own = claim.whole or [saving for each in claim.resources for saving in each.savings]
    counted = claim.whole if claim.whole and not earlier else [saving for each in free for saving in each.savings]
    if (claim.whole and earlier) or claim.measure in NEVER_ADDED:
        counted = []
    if claim.measure not in NEVER_ADDED:
        claimed.update({each.resource_id: claim.key for each in free if each.savings or claim.whole})
    return Counted(_sums(counted, False), _sums(counted, True), _sums(own, False), _sums(own, True), tuple(earlier))


def _sums(savings: Iterable[Saving], is_estimate: bool) -> Amounts:
    return added(
        {saving.currency: saving.monthly}
        for saving in savings
        if (saving.basis is SavingBasis.AZURE_ESTIMATE) is is_estimate
    )


def added(amounts: Iterable[Amounts]) -> Amounts:
    """The sums by currency, to the last decimal, sorted by currency."""
    parts: dict[str, list[Decimal]] = {}
    for each in amounts:
        for currency, amount in each.items():
            parts.setdefault(currency, []).append(amount)
    return {currency: sum_exactly(parts[currency]) for currency in sorted(parts)}
