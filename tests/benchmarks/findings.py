"""`python -m tests.benchmarks.findings`: what the checks find in ten estates beside the truth, and how fast.

The first table has precision and recall of each check over ten seeds, and the savings beside the true ones. The second
part judges a large estate and compares the processor time with one plain pass over the same rows.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.prepared import continue_prepared

if __name__ == "__main__":
    continue_prepared("tests.benchmarks.findings")

from findings.draft import drafts_of
from findings.judge import Scope, judge
from findings.registry import ADVISOR_RULES, RULES, SPEND_RULES
from findings.resource import Resource
from shared.core.billed_costs import COMPUTE_SERVICE, MonthCost
from shared.core.meter_costs import MeterCost, SpendLine
from shared.evidence.fully_read import FullyReadSubscriptions
from simulator.estate.estate import Estate, month_of
from simulator.estate.records import resource_record
from simulator.estate.waste import look_alikes, waste
from tests.support.estate_scan import TODAY, scanned
from tests.unit.findings.files.resources import resources_of_records

SEEDS = range(1, 11)
NAMES = frozenset([*(rule.name for rule in RULES), *(rule.name for rule in ADVISOR_RULES)])
RESOURCES, ROWS_EACH, MONTHS = 54_000, 18, 12
MONTH = date(2026, 10, 1)


@dataclass
class Score:
    """Of each rule: what it found rightly, wrongly, and what it missed; amounts in pounds."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    resembling: Counter[str] = field(default_factory=Counter)
    saved: Decimal = Decimal(0)
    true: Decimal = Decimal(0)


def scored() -> Score:
    """Judge an estate of every kind of waste for each seed."""
    score = Score()
    for seed in SEEDS:
        estate = Estate(seed, "tiny", "varied")
        true: dict[tuple[str, str], Decimal] = {}
        for subscription in estate.subscriptions:
            score.resembling.update(rule for rule, _ in look_alikes(estate, subscription, TODAY))
            for rule, resource_id, amount, _ in waste(estate, subscription, TODAY):
                true[rule, resource_id] = true.get((rule, resource_id), Decimal(0)) + (amount or 0)
        found = dict(_found(estate))
        score.right.update(rule for rule, _ in found.keys() & true.keys())
        score.wrong.update(rule for rule, _ in found.keys() - true.keys())
        score.missed.update(rule for rule, _ in true.keys() - found.keys())
        score.saved += sum(found.values())
        score.true += sum(true.values())
    return score


def _found(estate: Estate) -> Iterator[tuple[tuple[str, str], Decimal]]:
    with tempfile.TemporaryDirectory() as folder:
        database, scan = scanned(Path(folder), estate)
        for draft in drafts_of(database, scan):
            rule = draft.key.removeprefix("rule:")
            for one in draft.resources if rule in NAMES else ():
                yield (rule, one.resource_id), sum((saving.monthly for saving in one.savings), Decimal(0))
        database.dispose()


def table(score: Score) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"{'check':<44}{'found':>7}{'wrong':>7}{'missed':>8}{'look-alikes':>13}{'precision':>11}{'recall':>8}"
    for name in sorted(NAMES):
        right, wrong, missed = score.right[name], score.wrong[name], score.missed[name]
        precision, recall = _share(right, right + wrong), _share(right, right + missed)
        yield f"{name:<44}{right:>7}{wrong:>7}{missed:>8}{score.resembling[name]:>13}{precision:>11}{recall:>8}"
    yield f"savings of all findings taken alone: {score.saved:,.2f}; the truth: {score.true:,.2f}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


class LargeEstate:
    """The resources of a varied estate again and again, each with its rows of twelve months."""

    def __init__(self, resources: int) -> None:
        estate = Estate(1, "small", "varied")
        present = estate.resources(estate.subscriptions[0], month_of(TODAY))
        self.sample = resources_of_records([resource_record(each, TODAY) for each in present])
        self.rounds = resources // len(self.sample)

    def each(self) -> Iterator[Resource]:
        for number in range(self.rounds):
            for one in self.sample:
                yield Resource(**{**one.__dict__, "resource_id": f"{one.resource_id}-{number}"})

    def resources(self, resource_types: frozenset[str]) -> Iterator[Resource]:
        return (one for one in self.each() if one.type in resource_types)

    def rows(self) -> Iterator[tuple[str, int, str, Decimal]]:
        """Every cost row: resource, month, service, amount."""
        for number in range(self.rounds):
            for one in self.sample:
                name = f"{one.resource_id}-{number}"
                for row in range(ROWS_EACH):
                    yield name, row % MONTHS, COMPUTE_SERVICE, Decimal(row)

    def costs_of_month(self, month: date) -> Iterator[MonthCost]:
        return (MonthCost(name, "GBP", amount, 1, amount) for name, at, _, amount in self.rows() if at == month.month)

    def meters_of_month(self, month: date) -> Iterator[MeterCost]:
        return (MeterCost(name, "GBP", what, "", "", cost) for name, at, what, cost in self.rows() if at == month.month)

    def spend(self) -> Iterator[SpendLine]:
        return iter(())


def judged(estate: LargeEstate) -> tuple[float, int]:
    """Return the processor time of judging the estate, and the number of resources in its findings."""
    subscriptions = frozenset(one.subscription_id for one in estate.sample)
    scope = Scope(MONTH, TODAY, FullyReadSubscriptions(subscriptions, subscriptions, ()))
    start = time.process_time()
    found = judge(RULES, SPEND_RULES, estate, scope)
    return time.process_time() - start, sum(len(each.resources) for each in found.findings)


def one_pass(estate: LargeEstate) -> float:
    """Return the processor time of looking at each resource and each row once."""
    start = time.process_time()
    seen = sum(len(one.properties) for one in estate.each()) + sum(amount > 0 for *_, amount in estate.rows())
    return time.process_time() - start if seen else 0.0


def main() -> None:
    """Print both parts."""
    for line in table(scored()):
        sys.stdout.write(line + "\n")
    estate = LargeEstate(RESOURCES)
    plain = one_pass(estate)
    spent, found = judged(estate)
    count = estate.rounds * len(estate.sample)
    sys.stdout.write(
        f"\n{count:,} resources, {count * ROWS_EACH:,} cost rows, {len(RULES)} rules: {spent:.1f} s of processor time, "
        f"{spent / plain:.1f} times one plain pass ({plain:.1f} s); {found:,} resources found\n"
    )


if __name__ == "__main__":
    main()
