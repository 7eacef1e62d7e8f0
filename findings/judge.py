"""Applies all rules to the rows of one review, wherever they are: a stored scan or files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Protocol

from findings.commands import in_words
from findings.draft_text import CostMonth, text_of
from findings.resource import Resource
from findings.rule import Costs, Facts, Rule, Spend, SpendRule
from findings.search import RULE_FAULTS, Matches, affected, collected, search
from shared.core.billed_costs import BilledCosts, MonthCost, billed_costs
from shared.core.findings import AffectedResource, DraftFinding
from shared.core.meter_costs import MeterCost, MeterCosts, SpendLine, meter_costs
from shared.core.price_basis import is_open
from shared.evidence.fully_read import FullyReadSubscriptions


class Rows(Protocol):
    """What the rules read, streamed; ids are in lower case."""

    def resources(self, resource_types: frozenset[str]) -> Iterator[Resource]:
        """Yield the resources of these types in the subscriptions that were read in full."""

    def costs_of_month(self, month: date) -> Iterator[MonthCost]:
        """Yield what each resource cost in that month, by currency."""

    def meters_of_month(self, month: date) -> Iterator[MeterCost]:
        """Yield the meters of each resource in that month."""

    def spend(self) -> Iterator[SpendLine]:
        """Yield the meters of each subscription in all months, one subscription after the other."""


@dataclass(frozen=True)
class Scope:
    """What is judged: the last complete month, the day of reading, and what was read of which subscriptions.

    `names` and `quota_ids` (the offers) are by lower-case subscription id.
    """

    month: date
    today: date
    read: FullyReadSubscriptions
    quota_ids: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def dev_test(self) -> frozenset[str]:
        """Return the subscriptions with a dev/test offer."""
        return frozenset(each for each, quota in self.quota_ids.items() if "devtest" in quota.lower())


@dataclass(frozen=True)
class Judged:
    """The findings with at least one resource, and the rules that failed with the name of their exception.

    `billed` has the costs of the resources that were matched, and of those that the caller asked for.
    """

    findings: tuple[DraftFinding, ...]
    failed: Mapping[str, str]
    billed: BilledCosts


def judge(
    rules: Sequence[Rule],
    spend_rules: Sequence[SpendRule],
    rows: Rows,
    scope: Scope,
    also_wanted: frozenset[str] = frozenset(),
) -> Judged:
    """Return what the rules find. Rows are streamed; only matches stay in memory.

    `also_wanted` are ids of resources whose costs the caller needs.
    """
    lookups = frozenset(kind for rule in rules for lookup in rule.lookups for kind in lookup.resource_types)
    facts = Facts(scope.today, collected(rules, rows.resources(lookups)), scope.dev_test)
    types = frozenset(kind for rule in rules for kind in rule.resource_types)
    matches = search(rules, rows.resources(types), facts)
    costs = costs_of(matches, rows, scope, also_wanted)
    found = [one for each in matches if not each.fault and (one := _of_rule(each, costs, scope))]
    failed = {each.rule.name: each.fault for each in matches if each.fault}
    found += _of_spend(spend_rules, rows, scope, failed)
    return Judged(tuple(one for one in found if one.resources), failed, costs.billed)


def costs_of(matches: Sequence[Matches], rows: Rows, scope: Scope, also_wanted: frozenset[str]) -> Costs:
    """Read the costs of what was matched, and the single meters where a rule judges a part of the bill."""
    read, month = scope.read, scope.month
    wanted = also_wanted.union(resource_id for each in matches for resource_id in each.wanted_costs())
    parts = frozenset(one.resource_id for each in matches if each.rule.part for one in each.resources)
    billed = billed_costs(month, read.costs, wanted, rows.costs_of_month(month), read.costs_in_part, read.public_prices)
    return Costs(billed, meter_costs(rows.meters_of_month(month), parts) if parts else MeterCosts())


def _of_rule(found: Matches, costs: Costs, scope: Scope) -> DraftFinding | None:
    """Return the finding of one rule; None for one that fails, which is noted as its fault."""
    rule = found.rule
    try:
        resources = affected(found, costs)
    except RULE_FAULTS as fault:
        found.fault = type(fault).__name__
        return None
    bases = frozenset(saving.basis for resource in resources for saving in resource.savings)
    amounts = None
    if rule.has_saving:
        label = rule.part.label if rule.part else ""
        amounts = CostMonth(scope.month, bases, is_open(scope.month, scope.today), label)
    return finding(
        rule, resources, text_of(rule.text, amounts, found.excluded, scope.read.unread, rule.undo, in_words(rule))
    )


def finding(rule: Rule | SpendRule, resources: Sequence[AffectedResource], text: str) -> DraftFinding:
    """Return the draft of a rule of our own."""
    return DraftFinding(
        key=f"rule:{rule.name}",
        title=rule.text.title_for(len(resources)),
        text=text,
        measure=rule.measure,
        confidence=rule.confidence,
        effort=rule.effort,
        resources=tuple(resources),
    )


def _of_spend(rules: Sequence[SpendRule], rows: Rows, scope: Scope, failed: dict[str, str]) -> Iterator[DraftFinding]:
    found: dict[str, list[AffectedResource]] = {rule.name: [] for rule in rules}
    for spend in _bills(rows.spend(), scope) if rules else ():
        for rule in rules:
            if rule.name not in failed:
                _try(rule, spend, found[rule.name], failed)
    for rule in rules:
        if rule.name not in failed:
            yield finding(rule, found[rule.name], text_of(rule.text, None))


def _bills(lines: Iterable[SpendLine], scope: Scope) -> Iterator[Spend]:
    """Yield the bill of each subscription whose costs were read."""
    for subscription_id, own in groupby(lines, attrgetter("subscription_id")):
        key = subscription_id.lower()
        if key in scope.read.costs:
            name = scope.names.get(key) or subscription_id
            yield Spend(subscription_id, name, scope.month, tuple(own), key in scope.dev_test)


def _try(rule: SpendRule, spend: Spend, found: list[AffectedResource], failed: dict[str, str]) -> None:
    try:
        found.extend(rule.found_in(spend))
    except RULE_FAULTS as fault:
        failed[rule.name] = type(fault).__name__
