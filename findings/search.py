"""Applies the rules to an inventory: what matches, what is excluded, and what it costs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from findings.managed import MANAGED
from findings.resource import Resource
from findings.rule import Costs, Exclusion, Facts, Lookup, Rule
from shared.core.billed_costs import BilledCosts
from shared.core.findings import AffectedResource, Evidence, Saving
from shared.core.formats import month
from shared.core.meter_costs import MeterCosts, MeterPart
from shared.core.owner_tags import owner_of

RULE_FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a pure function of a rule can raise on a shape that Azure has not sent before."""


def collected(rules: Sequence[Rule], resources: Iterable[Resource]) -> dict[Lookup, frozenset[str]]:
    """Collect the lookups of all these rules in one pass over the resources of their types.

    A lookup that fails is left out: the rules that ask it fail then, instead of taking for missing what it lost.
    """
    found: dict[Lookup, set[str]] = {lookup: set() for rule in rules for lookup in rule.lookups}
    by_type: dict[str, list[Lookup]] = {}
    for lookup in found:
        for kind in lookup.resource_types:
            by_type.setdefault(kind, []).append(lookup)
    for resource in resources:
        for lookup in by_type.get(resource.type, ()):
            _collect(found, lookup, resource)
    return {lookup: frozenset(ids) for lookup, ids in found.items()}


def _collect(found: dict[Lookup, set[str]], lookup: Lookup, resource: Resource) -> None:
    try:
        if lookup in found:
            found[lookup].update(lookup.ids_of(resource))
    except RULE_FAULTS:
        del found[lookup]


@dataclass
class Matches:
    """The resources one rule matched. `excluded` counts the excluded ones by the sentence of their exclusion.

    `fault` is the name of the exception that ended the rule: its matches are then incomplete and not shown.
    """

    rule: Rule
    resources: list[Resource] = field(default_factory=list)
    excluded: Counter[str] = field(default_factory=Counter)
    idle_ids: set[str] = field(default_factory=set)
    fault: str = ""

    def wanted_costs(self) -> Iterator[str]:
        """Yield the ids of the resources whose cost the finding needs."""
        yield from (resource.resource_id for resource in self.resources)
        yield from self.idle_ids


def search(rules: Sequence[Rule], resources: Iterable[Resource], facts: Facts) -> list[Matches]:
    """Apply each rule to each resource of its types, in one pass; only matches are kept in memory."""
    found = [Matches(rule) for rule in rules]
    by_type: dict[str, list[Matches]] = {}
    for each in found:
        for kind in each.rule.resource_types:
            by_type.setdefault(kind, []).append(each)
    for resource in resources:
        for each in by_type.get(resource.type, ()):
            if not each.fault:
                _try(each, resource, facts)
    return found


def _try(found: Matches, resource: Resource, facts: Facts) -> None:
    """Apply one rule; one that fails is set aside, and the others go on."""
    try:
        _apply(found, resource, facts)
    except RULE_FAULTS as fault:
        found.fault = type(fault).__name__
        found.resources.clear()
        found.excluded.clear()


def _apply(found: Matches, resource: Resource, facts: Facts) -> None:
    if not found.rule.matches(resource, facts):
        return
    exclusion = exclusion_of(found.rule, resource, facts)
    if exclusion:
        found.excluded[exclusion.sentence] += 1
    else:
        found.resources.append(resource)
        if found.rule.idle_id is not None:
            found.idle_ids.add(found.rule.idle_id(resource))


def exclusion_of(rule: Rule, resource: Resource, facts: Facts) -> Exclusion | None:
    """Return the first exclusion that matches the resource: the rule's own, then those that every rule has."""
    every = (*rule.exclusions, MANAGED)
    return next((exclusion for exclusion in every if exclusion.matches(resource, facts)), None)


def affected(found: Matches, costs: Costs) -> tuple[AffectedResource, ...]:
    """Return the resources of a finding with their evidence and savings."""
    return tuple(
        _affected(found.rule, resource, costs.billed, costs.meters)
        for resource in found.resources
        if _is_proven(found.rule, resource, costs)
    )


def _is_proven(rule: Rule, resource: Resource, costs: Costs) -> bool:
    """Return whether the bill confirms what the inventory says, for the rules that need that."""
    if rule.idle_id is not None and not costs.billed.did_not_run(rule.idle_id(resource), resource.subscription_id):
        return False
    return rule.proven_by is None or rule.proven_by(resource, costs)


def _affected(rule: Rule, resource: Resource, costs: BilledCosts, meters: MeterCosts) -> AffectedResource:
    savings, note = _savings(rule, resource, costs, meters)
    shown = [Evidence(each.label, value) for each in rule.evidence if (value := each.value_of(resource))]
    if not rule.has_saving:
        shown += _billed(rule.part, resource, costs, meters)
    return AffectedResource(
        resource_id=resource.resource_id,
        resource_name=resource.name,
        resource_type=resource.type,
        sub_account_id=resource.subscription_id,
        resource_group=resource.group,
        region_id=resource.region,
        evidence=tuple(shown),
        savings=savings,
        note=note,
        owner_tag=owner_of(resource.tags),
    )


def _savings(
    rule: Rule, resource: Resource, costs: BilledCosts, meters: MeterCosts
) -> tuple[tuple[Saving, ...], str | None]:
    """Return the whole bill, or the part that ends; what is unknown of the whole is unknown of the part."""
    if not rule.has_saving:
        return (), None
    whole, note = costs.savings(resource.resource_id, resource.subscription_id)
    if rule.part is None or not whole:
        return whole, note
    basis = whole[0].basis
    part = meters.amounts(resource.resource_id, rule.part)
    found = tuple(Saving(currency, amount, basis) for currency, amount in part.items() if amount > 0)
    return found, note if found else f"No {rule.part.label} was billed for it in {month(costs.month)}."


def _billed(part: MeterPart | None, resource: Resource, costs: BilledCosts, meters: MeterCosts) -> Iterator[Evidence]:
    """Yield what is at stake: an amount on the bill, of which the measure ends an unknown share."""
    amount = meters.in_words(resource.resource_id, part) if part else costs.in_words(resource.resource_id)
    if amount:
        what = f"{part.label[0].upper()}{part.label[1:]} billed" if part else "Billed"
        yield Evidence(f"{what} in {month(costs.month)}", amount)
