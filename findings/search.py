"""Applies the rules to the inventory of one scan: what matches, what is excluded, and what it costs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from findings.resource import Resource, resource_of
from findings.rule import Exclusion, Facts, Lookup, Rule
from shared.core.billed_costs import BilledCosts
from shared.core.findings import AffectedResource, Evidence
from shared.core.models import Scan
from shared.core.owner_tags import owner_of
from shared.evidence.fully_read import FullyReadSubscriptions
from shared.sql.findings.sources import FindingSources


@dataclass(frozen=True)
class InventoryReader:
    """Streams the resources of one scan, limited to the subscriptions that rules may conclude from.

    `quota_ids` are the subscriptions' offers by lower-case id.
    """

    sources: FindingSources
    scan: Scan
    fully_read: FullyReadSubscriptions
    quota_ids: Mapping[str, str]

    def resources(self, resource_types: frozenset[str]) -> Iterator[Resource]:
        """Yield the resources of these types."""
        for row in self.sources.resources(self.scan.key, resource_types):
            if row.sub_account_id.lower() in self.fully_read.inventory:
                yield resource_of(row)

    def facts(self, rules: Sequence[Rule], today: date) -> Facts:
        """Collect the lookups of all these rules in one pass."""
        lookups = {lookup for rule in rules for lookup in rule.lookups}
        wanted = frozenset(kind for lookup in lookups for kind in lookup.resource_types)
        collected: dict[Lookup, set[str]] = {lookup: set() for lookup in lookups}
        for resource in self.resources(wanted):
            for lookup in lookups:
                if resource.type in lookup.resource_types:
                    collected[lookup].update(lookup.ids_of(resource))
        facts = Facts(today, {lookup: frozenset(ids) for lookup, ids in collected.items()})
        return replace(facts, dev_test_subscriptions=self._dev_test())

    def _dev_test(self) -> frozenset[str]:
        return frozenset(each for each, quota in self.quota_ids.items() if "devtest" in quota.lower())


@dataclass
class Matches:
    """The resources one rule matched. `excluded` counts the excluded ones by the sentence of their exclusion."""

    rule: Rule
    resources: list[Resource] = field(default_factory=list)
    excluded: Counter[str] = field(default_factory=Counter)

    def wanted_costs(self) -> Iterable[str]:
        """Yield the ids of the resources whose cost the finding needs."""
        for resource in self.resources:
            if self.rule.has_saving:
                yield resource.resource_id
            if self.rule.idle_id is not None:
                yield self.rule.idle_id(resource)


def search(rules: Sequence[Rule], resources: Iterable[Resource], facts: Facts) -> list[Matches]:
    """Apply each rule to each resource of its types, in one pass; only matches are kept in memory."""
    found = [Matches(rule) for rule in rules]
    by_type: dict[str, list[Matches]] = {}
    for each in found:
        for kind in each.rule.resource_types:
            by_type.setdefault(kind, []).append(each)
    for resource in resources:
        for each in by_type.get(resource.type, ()):
            _apply(each, resource, facts)
    return found


def _apply(found: Matches, resource: Resource, facts: Facts) -> None:
    if not found.rule.matches(resource, facts):
        return
    exclusion = exclusion_of(found.rule, resource, facts)
    if exclusion:
        found.excluded[exclusion.sentence] += 1
    else:
        found.resources.append(resource)


def exclusion_of(rule: Rule, resource: Resource, facts: Facts) -> Exclusion | None:
    """Return the first exclusion that matches the resource."""
    return next((exclusion for exclusion in rule.exclusions if exclusion.matches(resource, facts)), None)


def affected(found: Matches, costs: BilledCosts) -> tuple[AffectedResource, ...]:
    """Return the resources of a finding with their evidence and savings."""
    return tuple(
        _affected(found.rule, resource, costs) for resource in found.resources if _is_idle(found, resource, costs)
    )


def _is_idle(found: Matches, resource: Resource, costs: BilledCosts) -> bool:
    idle_id = found.rule.idle_id
    return idle_id is None or costs.did_not_run(idle_id(resource), resource.subscription_id)


def _affected(rule: Rule, resource: Resource, costs: BilledCosts) -> AffectedResource:
    savings, note = costs.savings(resource.resource_id, resource.subscription_id) if rule.has_saving else ((), None)
    return AffectedResource(
        resource_id=resource.resource_id,
        resource_name=resource.name,
        resource_type=resource.type,
        sub_account_id=resource.subscription_id,
        resource_group=resource.group,
        region_id=resource.region,
        evidence=tuple(Evidence(each.label, value) for each in rule.evidence if (value := each.value_of(resource))),
        savings=savings,
        note=note,
        owner_tag=owner_of(resource.tags),
    )
