"""The catalogue of checks: what each reads, which properties, what its amount is, and where the fact is documented."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from findings.commands import in_words
from findings.managed import MANAGED
from findings.registry import ADVISOR_RULES, RESERVATION_RULE, RULES, SAVINGS_PLAN_RULE, SPEND_RULES
from findings.rule import AdvisorRule, CommitmentRule, Rule, SpendRule
from shared.core.inventory_properties import PROPERTIES

ADVISOR_MONEY = "Azure's estimate at retail prices"
OFFER_MONEY = "Azure's estimate at negotiated prices; alternatives are never added"


@dataclass(frozen=True)
class CatalogueEntry:
    """One check. `properties` are pairs of a resource type and the names of the properties that it reads there."""

    id: str
    title: str
    description: str
    remedy: str
    reads: tuple[str, ...]
    properties: tuple[tuple[str, tuple[str, ...]], ...]
    exclusions: tuple[str, ...]
    measure: str
    confidence: str
    effort: str
    money: str
    source: str
    command: str = ""
    undo: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the entry with its properties by type."""
        return {**asdict(self), "properties": {kind: list(names) for kind, names in self.properties}}


def entries() -> Iterator[CatalogueEntry]:
    """Yield all checks, in the order in which drafts are listed."""
    for rule in RULES:
        yield _of_rule(rule)
    for spend in SPEND_RULES:
        yield _entry(spend, (spend.reads,), spend.money_basis)
    for advised in ADVISOR_RULES:
        yield _entry(advised, ("Advisor recommendations",), ADVISOR_MONEY)
    yield _entry(RESERVATION_RULE, ("reservation recommendations",), OFFER_MONEY)
    yield _entry(SAVINGS_PLAN_RULE, ("savings plan recommendations",), OFFER_MONEY)


def _of_rule(rule: Rule) -> CatalogueEntry:
    """Return the entry of a rule over the inventory; lookups are of other types than the rule's own."""
    found = {kind: _listed(kind, rule.reads) for kind in rule.resource_types}
    for lookup in rule.lookups:
        for kind in lookup.resource_types:
            found[kind] = tuple(dict.fromkeys((*found.get(kind, ()), *_listed(kind, lookup.reads))))
    properties = tuple((kind, names) for kind, names in found.items() if names)
    excluded = (*(each.sentence for each in rule.exclusions), MANAGED.sentence)
    kinds = tuple(dict.fromkeys(found))
    entry = _entry(rule, ("inventory", *kinds), rule.money_basis, properties, excluded)
    return replace(entry, command=in_words(rule), undo=rule.undo)


def _listed(kind: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the names that are read for this type: a rule of several types may use one of them only."""
    return tuple(name for name in names if name in PROPERTIES.get(kind, {}))


def _entry(
    rule: Rule | SpendRule | AdvisorRule | CommitmentRule[Any],
    reads: tuple[str, ...],
    money: str,
    properties: tuple[tuple[str, tuple[str, ...]], ...] = (),
    excluded: tuple[str, ...] = (),
) -> CatalogueEntry:
    title = rule.text.title.format(count="", them=rule.text.plural).strip()
    return CatalogueEntry(
        id=rule.name,
        title=title[0].upper() + title[1:],
        description=rule.text.why,
        remedy=rule.text.remedy,
        reads=reads,
        properties=properties,
        exclusions=excluded,
        measure=rule.measure.value,
        confidence=rule.confidence.value,
        effort=rule.effort.value,
        money=money,
        source=rule.text.source,
    )
