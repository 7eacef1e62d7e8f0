"""The rules together: one that fails does not take the others with it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from findings.draft import not_run
from findings.judge import Judged, Scope, judge
from findings.registry import RULES
from findings.resource import Resource
from findings.rule import EvidenceField, Facts, Lookup, Rule, Spend, SpendRule
from shared.core.billed_costs import MonthCost
from shared.core.findings import AffectedResource
from shared.core.meter_costs import MeterCost, SpendLine
from shared.evidence.fully_read import FullyReadSubscriptions
from tests.unit.findings.rules.test_service_rules import SUBSCRIPTION, a

MONTH = date(2026, 10, 1)
READ = FullyReadSubscriptions(frozenset({SUBSCRIPTION}), frozenset({SUBSCRIPTION}), ())
SCOPE = Scope(MONTH, date(2026, 11, 23), READ)
DISK = a("microsoft.compute/disks", sku="Premium_LRS", diskState="Unattached", diskSizeGB=64)
(UNATTACHED,) = (rule for rule in RULES if rule.name == "unattached_disks")


class OneDisk:
    """An inventory of one unattached disk, which was billed."""

    def resources(self, resource_types: frozenset[str]) -> Iterator[Resource]:
        return iter([DISK] if DISK.type in resource_types else [])

    def costs_of_month(self, month: date) -> Iterator[MonthCost]:
        return iter([MonthCost(DISK.resource_id, "GBP", Decimal("9.70"))] if month == MONTH else [])

    def meters_of_month(self, month: date) -> Iterator[MeterCost]:
        names = ("Storage", "Premium SSD", "P6")
        return iter([MeterCost(DISK.resource_id, "GBP", *names, Decimal("9.70"))] if month == MONTH else [])

    def spend(self) -> Iterator[SpendLine]:
        names = ("Storage", "Premium SSD", "P6", "Usage", "Usage-Based", "Azure")
        return iter([SpendLine(SUBSCRIPTION, MONTH, "GBP", *names, Decimal("9.70"))])


def broken(*_: object) -> bool:
    raise KeyError("a form that Azure has not sent before")


def judged(*rules: Rule, spend: tuple[SpendRule, ...] = ()) -> Judged:
    return judge(rules, spend, OneDisk(), SCOPE)


@pytest.mark.parametrize(
    "faulty",
    [
        replace(UNATTACHED, name="faulty", matches=broken),
        replace(UNATTACHED, name="faulty", exclusions=(replace(UNATTACHED.exclusions[0], matches=broken),)),
        replace(UNATTACHED, name="faulty", evidence=(EvidenceField("x", lambda _: str(broken())),)),
        replace(UNATTACHED, name="faulty", proven_by=broken),
        replace(UNATTACHED, name="faulty", idle_id=lambda _: str(broken())),
    ],
    ids=["condition", "exclusion", "evidence", "bill", "owner"],
)
def test_a_rule_that_fails_is_one_line_and_the_others_find_what_they_find(faulty: Rule) -> None:
    found = judged(faulty, UNATTACHED)
    assert [each.key for each in found.findings] == ["rule:unattached_disks"]
    assert found.failed == {"faulty": "KeyError"}
    line = not_run(found.failed, READ)
    assert line.title == "1 check could not run"
    assert [(one.resource_name, one.evidence[0].value) for one in line.resources] == [("faulty", "KeyError")]


def test_a_lookup_that_fails_takes_the_rules_with_it_that_ask_it_and_no_other() -> None:
    """What it lost would look missing, and so like waste."""
    lookup = Lookup((DISK.type,), lambda _: [str(broken())])
    asking = replace(
        UNATTACHED,
        name="asking",
        lookups=(lookup,),
        matches=lambda one, facts: not facts.known(lookup, one.resource_id),
    )
    found = judged(asking, UNATTACHED)
    assert [each.key for each in found.findings] == ["rule:unattached_disks"]
    assert found.failed == {"asking": "KeyError"}


def test_where_nothing_fails_there_is_no_line() -> None:
    assert not_run(judged(UNATTACHED).failed, READ).resources == ()


def a_spend_rule(name: str, *, fails: bool) -> SpendRule:
    def found_in(spend: Spend) -> list[AffectedResource]:
        total = sum(line.amount for line in spend.lines)
        return [] if fails and broken() else [AffectedResource(spend.resource_id, str(total), "", "", None, None)]

    rule = UNATTACHED
    return SpendRule(name, rule.text, rule.measure, rule.confidence, rule.effort, found_in, "cost rows")


def test_a_rule_over_the_bill_that_fails_is_one_line_too() -> None:
    found = judged(spend=(a_spend_rule("faulty", fails=True), a_spend_rule("sound", fails=False)))
    assert found.failed == {"faulty": "KeyError"}
    assert [(each.key, each.resources[0].resource_name) for each in found.findings] == [("rule:sound", "9.70")]


def test_an_amount_is_of_the_part_of_the_bill_that_the_rule_is_about() -> None:
    from shared.core.meter_costs import MeterPart

    premium = MeterPart("premium tier", lambda service, _, meter: service == "storage" and meter == "p6")
    other = MeterPart("licence", lambda *_: False)
    (one,) = judged(replace(UNATTACHED, part=premium)).findings
    assert [str(saving.monthly) for saving in one.resources[0].savings] == ["9.70"]
    assert "for the premium tier of each resource" in one.text
    (none,) = judged(replace(UNATTACHED, part=other)).findings
    assert none.resources[0].savings == ()
    assert none.resources[0].note == "No licence was billed for it in Oct 2026."
    (shown,) = judged(replace(UNATTACHED, part=premium, has_saving=False)).findings
    assert shown.resources[0].savings == ()
    assert ("Premium tier billed in Oct 2026", "£9.70") in [(e.label, e.value) for e in shown.resources[0].evidence]


def test_what_a_service_manages_is_left_out_of_every_finding() -> None:
    from findings.search import exclusion_of

    node = replace(DISK, group="mc_shop_cluster_uksouth")
    tagged = replace(DISK, tags={"aks-managed-orchestrator": "x"})
    for resource in (node, tagged):
        excluded = exclusion_of(UNATTACHED, resource, Facts(SCOPE.today))
        assert excluded is not None
        assert "manages" in excluded.sentence
