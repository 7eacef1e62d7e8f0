"""The rules over one scan: what fits, what was left out on purpose, and what it cost."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from findings.resource import Resource
from findings.rule import Exclusion, Facts, Rule
from shared.core.billed_costs import BilledCosts
from shared.core.findings import AffectedResource, Evidence


@dataclass
class Hits:
    """What one rule found. `left_out` counts what fitted and is excluded, by the exclusion's sentence."""

    rule: Rule
    resources: list[Resource] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def wanted_costs(self) -> Iterable[str]:
        """The resources whose cost has to be known to go on."""
        for resource in self.resources:
            if self.rule.has_saving:
                yield resource.resource_id
            if self.rule.idle_id is not None:
                yield self.rule.idle_id(resource)


def search(rules: Sequence[Rule], resources: Iterable[Resource], facts: Facts) -> list[Hits]:
    """Each rule over each resource of its types, in one pass. What is kept is what fits."""
    hits = [Hits(rule) for rule in rules]
    by_type: dict[str, list[Hits]] = {}
    for hit in hits:
        for kind in hit.rule.resource_types:
            by_type.setdefault(kind, []).append(hit)
    for resource in resources:
        for hit in by_type.get(resource.type, ()):
            _look(hit, resource, facts)
    return hits


def _look(hit: Hits, resource: Resource, facts: Facts) -> None:
    if not hit.rule.fits(resource, facts):
        return
    excluded = excluding(hit.rule, resource, facts)
    if excluded:
        hit.left_out[excluded.sentence] += 1
    else:
        hit.resources.append(resource)


def excluding(rule: Rule, resource: Resource, facts: Facts) -> Exclusion | None:
    """The first exclusion that the resource falls under."""
    return next((exclusion for exclusion in rule.exclusions if exclusion.fits(resource, facts)), None)


def affected(hit: Hits, costs: BilledCosts) -> tuple[AffectedResource, ...]:
    """The resources of a finding with their evidence and savings."""
    return tuple(_affected(hit.rule, resource, costs) for resource in hit.resources if _is_idle(hit, resource, costs))


def _is_idle(hit: Hits, resource: Resource, costs: BilledCosts) -> bool:
    idle_id = hit.rule.idle_id
    return idle_id is None or costs.stood_still(idle_id(resource), resource.subscription_id)


def _affected(rule: Rule, resource: Resource, costs: BilledCosts) -> AffectedResource:
    savings, note = costs.savings(resource.resource_id, resource.subscription_id) if rule.has_saving else ((), None)
    return AffectedResource(
        resource_id=resource.resource_id,
        resource_name=resource.name,
        resource_type=resource.type,
        sub_account_id=resource.subscription_id,
        resource_group=resource.group,
        region_id=resource.region,
        evidence=tuple(Evidence(shown.label, value) for shown in rule.shows if (value := shown.read(resource))),
        savings=savings,
        note=note,
    )
