"""Count each resource's savings once: deleting, resizing and reserving it are alternatives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shared.core.findings import AffectedResource, Measure, Saving, SavingBasis
from shared.core.money import sum_exactly

ORDER = tuple(Measure)
NEVER_ADDED = frozenset({Measure.COMMIT})
"""Commitments are alternatives to every other measure, because they cover what remains after it."""

Amounts = Mapping[str, Decimal]
"""A month's savings by currency."""


@dataclass(frozen=True)
class Claim:
    """A finding's data for counting. `whole` are savings that a reviewer entered for the whole finding."""

    key: str
    measure: Measure
    resources: Sequence[AffectedResource]
    whole: Sequence[Saving] = ()


@dataclass(frozen=True)
class Counted:
    """What of one finding counts: `proven` by the bill or by a reviewer, `estimated` by Azure.

    `own` and `own_estimate` are its savings taken alone. Offers of commitments are alternatives and
    never added: there `own_estimate` is the best and `least_estimate` the smallest of them, of
    each currency; `least_estimate` is empty for all others. `alternatives` are the keys of
    findings that claimed a resource of it before. The years and the bases are of what is proven.
    """

    proven: Amounts
    estimated: Amounts
    own: Amounts
    own_estimate: Amounts
    alternatives: tuple[str, ...]
    proven_yearly: Amounts = field(default_factory=dict)
    own_yearly: Amounts = field(default_factory=dict)
    least_estimate: Amounts = field(default_factory=dict)
    bases: frozenset[SavingBasis] = frozenset()


@dataclass(frozen=True)
class Totals:
    """A month's savings of all findings together, by currency; amounts of two currencies are never added.

    `bases` are those of the proven savings: a sum over several says so.
    """

    proven: Amounts
    estimated: Amounts
    by_finding: Mapping[str, Counted] = field(default_factory=dict)
    proven_yearly: Amounts = field(default_factory=dict)
    bases: frozenset[SavingBasis] = frozenset()


def totals(claims: Iterable[Claim]) -> Totals:
    """Count each resource in the first finding with savings for it: removal before resizing."""
    claimed: dict[str, str] = {}
    by_finding: dict[str, Counted] = {}
    for claim in sorted(claims, key=lambda claim: (ORDER.index(claim.measure), claim.key)):
        by_finding[claim.key] = _counted(claim, claimed)
    found = by_finding.values()
    return Totals(
        added(one.proven for one in found),
        added(one.estimated for one in found),
        by_finding,
        added(one.proven_yearly for one in found),
        frozenset(basis for one in found for basis in one.bases),
    )


def _counted(claim: Claim, claimed: dict[str, str]) -> Counted:
    earlier = sorted({claimed[each.resource_id] for each in claim.resources if each.resource_id in claimed})
    free = [each for each in claim.resources if each.resource_id not in claimed]
    own = claim.whole or [saving for each in claim.resources for saving in each.savings]
    counted = claim.whole if claim.whole and not earlier else [saving for each in free for saving in each.savings]
    if (claim.whole and earlier) or claim.measure in NEVER_ADDED:
        counted = []
    if claim.measure not in NEVER_ADDED:
        claimed.update({each.resource_id: claim.key for each in free if each.savings or claim.whole})
    combine = best if claim.measure in NEVER_ADDED else added
    return Counted(
        proven=added({saving.currency: saving.monthly} for saving in _proven(counted)),
        estimated=added({saving.currency: saving.monthly} for saving in _estimates(counted)),
        own=added({saving.currency: saving.monthly} for saving in _proven(own)),
        own_estimate=combine({saving.currency: saving.monthly} for saving in _estimates(own)),
        alternatives=tuple(earlier),
        proven_yearly=added({saving.currency: saving.yearly} for saving in _proven(counted)),
        own_yearly=added({saving.currency: saving.yearly} for saving in _proven(own)),
        bases=frozenset(saving.basis for saving in _proven(counted)),
        least_estimate=least(_estimates(own)) if claim.measure in NEVER_ADDED else {},
    )


def _proven(savings: Iterable[Saving]) -> list[Saving]:
    return [saving for saving in savings if not saving.basis.is_estimate]


def _estimates(savings: Iterable[Saving]) -> list[Saving]:
    return [saving for saving in savings if saving.basis.is_estimate]


def added(amounts: Iterable[Amounts]) -> Amounts:
    """Return exact sums by currency, sorted by currency."""
    parts: dict[str, list[Decimal]] = {}
    for each in amounts:
        for currency, amount in each.items():
            parts.setdefault(currency, []).append(amount)
    return {currency: sum_exactly(parts[currency]) for currency in sorted(parts)}


def best(amounts: Iterable[Amounts]) -> Amounts:
    """Return the largest amount of each currency, sorted by currency: of alternatives, which are never added."""
    found: dict[str, Decimal] = {}
    for each in amounts:
        for currency, amount in each.items():
            found[currency] = max(amount, found.get(currency, amount))
    return dict(sorted(found.items()))


def least(savings: Iterable[Saving]) -> Amounts:
    """Return the smallest monthly amount of each currency."""
    found: dict[str, Decimal] = {}
    for saving in savings:
        found[saving.currency] = min(saving.monthly, found.get(saving.currency, saving.monthly))
    return dict(sorted(found.items()))
