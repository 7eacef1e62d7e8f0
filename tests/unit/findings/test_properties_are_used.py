"""What the rules read is what they say they read, and what the inventory collects, in both directions."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from findings.registry import RULES
from findings.resource import Resource
from findings.rule import Facts, Rule
from findings.search import collected
from shared.core.inventory_properties import PROPERTIES
from simulator.estate.estate import Estate, month_of
from simulator.estate.records import resource_record
from tests.support.estate_scan import TODAY
from tests.unit.findings.files.resources import resources_of_records
from tests.unit.findings.rules.test_service_rules import FITS, RESEMBLES

NOT_OF_THE_TYPE = {
    ("microsoft.compute/virtualmachinescalesets", "powerState"): "instances are stopped one by one",
    ("microsoft.sql/managedinstances", "elasticPoolId"): "an instance is in no pool",
    ("microsoft.sql/servers/elasticpools", "elasticPoolId"): "a pool is in no pool",
}
"""What a rule of several types asks of a type that has no such property, and why its absence is right."""


class Recording(dict[str, Any]):
    """Properties that note which of them were asked for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - JSON
        self.asked.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)


@cache
def resources() -> tuple[Resource, ...]:
    """The simulated estate, and the samples of single rules."""
    estates = [Estate(1, "small"), Estate(1, "tiny", "varied"), Estate(1, "tiny", "committed")]
    records = [
        resource_record(resource, TODAY)
        for estate in estates
        for resource in estate.resources(estate.subscriptions[0], month_of(TODAY))
    ]
    return (*resources_of_records(records), *(sample for _, sample in (*FITS, *RESEMBLES)))


@cache
def facts() -> Facts:
    return Facts(TODAY, collected(RULES, resources()))


def judged_by(rule: Rule, resource: Resource) -> set[str]:
    """The properties that decide."""
    properties = Recording(resource.properties)
    one = replace(resource, properties=properties)
    rule.matches(one, facts())
    for exclusion in rule.exclusions:
        exclusion.matches(one, facts())
    if rule.idle_id is not None:
        rule.idle_id(one)
    return properties.asked


def shown_by(rule: Rule, resource: Resource) -> set[str]:
    """The properties that are evidence."""
    properties = Recording(resource.properties)
    for line in rule.evidence:
        line.value_of(replace(resource, properties=properties))
    return properties.asked


def of_types(rule: Rule) -> Iterator[Resource]:
    return (each for each in resources() if each.type in rule.resource_types)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_reads_the_properties_that_it_names_and_no_other(rule: Rule) -> None:
    asked = {name for each in of_types(rule) for name in judged_by(rule, each) | shown_by(rule, each)}
    listed = {name for kind in rule.resource_types for name in PROPERTIES.get(kind, {})}
    assert asked & listed == set(rule.reads)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_decides_is_collected_for_each_type_of_the_rule(rule: Rule) -> None:
    """Else a condition could never hold: an exclusion that excludes nothing, waste that is none."""
    for each in of_types(rule):
        for name in judged_by(rule, each):
            assert name in PROPERTIES.get(each.type, {}) or (each.type, name) in NOT_OF_THE_TYPE, (each.type, name)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.lookups], ids=lambda rule: rule.name)
def test_a_lookup_reads_the_properties_that_it_names_and_no_other(rule: Rule) -> None:
    for lookup in rule.lookups:
        asked: set[str] = set()
        for each in (one for one in resources() if one.type in lookup.resource_types):
            properties = Recording(each.properties)
            list(lookup.ids_of(replace(each, properties=properties)))
            asked |= properties.asked
        assert asked == set(lookup.reads)


def test_nothing_is_collected_that_no_rule_uses() -> None:
    used = {
        (kind, name)
        for rule in RULES
        for kinds, names in (
            (rule.resource_types, rule.reads),
            *((one.resource_types, one.reads) for one in rule.lookups),
        )
        for kind in kinds
        for name in names
    }
    collected_ones = {(kind, name) for kind, leaves in PROPERTIES.items() for name in leaves}
    assert collected_ones - used == set()
