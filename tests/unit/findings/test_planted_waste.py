"""The drafts on the simulated estate: all planted waste is found, no look-alike is matched, savings are exact."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from findings.draft import drafts_of
from findings.registry import ADVISOR_RULES, RULES
from shared.core.finding_overlap import Claim, totals
from shared.core.findings import DraftFinding, Measure, SavingBasis
from shared.sql.scans.subscriptions import Subscriptions
from simulator.estate.estate import Estate
from simulator.estate.resources import make_resources
from simulator.estate.waste import last_month, look_alikes, waste
from tests.support.estate_scan import NOW, TODAY, listed, scanned

Line = tuple[str, str, str, str | None]
SEEDS = range(1, 11)


def named(found: Iterable[DraftFinding]) -> Iterator[Line]:
    """(rule, resource id, what a month of it saves, currency) of every resource of every draft."""
    for draft in found:
        rule = draft.key.removeprefix("rule:")
        for each in draft.resources:
            for saving in each.savings:
                yield rule, each.resource_id, f"{saving.monthly:f}", saving.currency
            if not each.savings:
                yield rule, each.resource_id, "nothing", None


def planted(estate: Estate) -> Iterator[Line]:
    for subscription in estate.subscriptions:
        for rule, resource_id, amount, currency in waste(estate, subscription, TODAY):
            yield rule, resource_id, "nothing" if amount is None else f"{amount:f}", currency


def plain(lines: Iterator[Line]) -> list[Line]:
    """Amounts written alike, so that they can be compared to the last digit."""
    commitments = ("reservations", "savings_plans")
    return sorted(
        (rule, resource_id, amount if amount == "nothing" else f"{Decimal(amount).normalize():f}", currency or "")
        for rule, resource_id, amount, currency in lines
        if rule not in commitments
    )


@cache
def drafts(seed: int, size: str, estate: str = "plain") -> tuple[DraftFinding, ...]:
    """What all rules find in a scan of this estate; every test that judges it reads the same scan."""
    with TemporaryDirectory() as folder:
        database, scan = scanned(Path(folder), Estate(seed, size, estate))
        found = tuple(drafts_of(database, scan))
        database.dispose()
        return found


@pytest.mark.parametrize("size", ["tiny", pytest.param("small", marks=pytest.mark.slow)])
@pytest.mark.parametrize("seed", SEEDS)
def test_planted_waste_is_found_to_the_penny_and_nothing_else(seed: int, size: str) -> None:
    assert plain(named(drafts(seed, size))) == plain(planted(Estate(seed, size)))


@pytest.mark.parametrize("size", ["tiny", pytest.param("small", marks=pytest.mark.slow)])
@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_where_commitments_cover_machines_too(seed: int, size: str) -> None:
    assert plain(named(drafts(seed, size, "committed"))) == plain(planted(Estate(seed, size, "committed")))


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_where_every_kind_of_waste_is_planted(seed: int) -> None:
    assert plain(named(drafts(seed, "tiny", "varied"))) == plain(planted(Estate(seed, "tiny", "varied")))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_savings_of_all_findings_are_never_more_than_the_bill(seed: int) -> None:
    """Nor those of one resource, of which only the first measure counts."""
    estate = Estate(seed, "tiny", "varied")
    (subscription,) = estate.subscriptions
    billed = last_month(estate, subscription, TODAY)
    found = drafts(seed, "tiny", "varied")
    counted = totals(Claim(each.key, each.measure, each.resources, each.whole) for each in found)
    for currency, saved in counted.proven.items():
        assert saved <= sum(own.get(currency, Decimal(0)) for own in billed.values() if own.get(currency, 0) > 0)
    for draft in found:
        for one in draft.resources:
            for saving in one.savings:
                if not saving.basis.is_estimate:
                    assert saving.monthly <= billed[one.resource_id][saving.currency]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_resource_in_several_findings_counts_in_the_first_measure_alone(seed: int) -> None:
    found = drafts(seed, "tiny", "varied")
    claims = [Claim(each.key, each.measure, each.resources, each.whole) for each in found]
    counted = totals(claims)
    best: dict[tuple[str, str], tuple[int, str, Decimal]] = {}
    for draft in found:
        for one in draft.resources:
            for saving in one.savings:
                if not saving.basis.is_estimate and draft.measure is not Measure.COMMIT:
                    rank = (list(Measure).index(draft.measure), draft.key, saving.monthly)
                    key = (one.resource_id, saving.currency)
                    best[key] = min(best.get(key, rank), rank)
    for currency, saved in counted.proven.items():
        assert saved == sum(rank[2] for (_, code), rank in best.items() if code == currency)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_covered_machine_ran_although_it_cost_nothing(seed: int) -> None:
    """Its disks are of no machine that has not run; those of a machine with traffic alone are."""
    (subscription,) = Estate(seed, "tiny", "committed").subscriptions
    covered = {each.resource_id.lower() for each in make_resources(seed, subscription) if each.commitment}
    assert covered
    (idle,) = (each for each in drafts(seed, "tiny", "committed") if each.key == "rule:disks_of_deallocated_machines")
    names = {line.value for each in idle.resources for line in each.evidence if line.label == "Virtual machine"}
    assert names
    assert not names & {resource_id.rpartition("/")[2] for resource_id in covered}


@pytest.mark.parametrize("seed", SEEDS)
def test_removing_what_a_commitment_covers_frees_it_and_saves_none_of_it(seed: int) -> None:
    (stopped,) = (each for each in drafts(seed, "tiny", "committed") if each.key == "rule:stopped_machines")
    freed = [each for each in stopped.resources if each.note]
    reserved = [each for each in freed if "frees the reservation" in str(each.note)]
    planned = [each for each in freed if "frees the savings plan" in str(each.note)]
    assert [len(each.savings) for each in reserved] == [0]
    assert [len(each.savings) for each in planned] == [1], "the hours beyond the plan are billed"


@pytest.mark.parametrize("estate_kind", ["hard", "committed", "varied"])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_look_alike_is_matched_by_its_rule(seed: int, estate_kind: str) -> None:
    estate = Estate(seed, "tiny", estate_kind)
    found = {(rule, resource_id) for rule, resource_id, _, _ in named(drafts(seed, "tiny", estate_kind))}
    wrong = {pair for subscription in estate.subscriptions for pair in look_alikes(estate, subscription, TODAY)}
    assert wrong
    assert found & wrong == set()


@pytest.mark.parametrize("seed", SEEDS)
def test_partly_read_subscriptions_are_judged_by_the_data_read(seed: int) -> None:
    assert plain(named(drafts(seed, "tiny", "hard"))) == plain(planted(Estate(seed, "tiny", "hard")))


def test_offers_stand_once_with_their_terms_side_by_side_and_what_cannot_be_undone() -> None:
    """Four subscriptions are answered the same shared offers; each covers its usage once."""
    found = {each.key: each for each in drafts(1, "small")}
    for rule in ("rule:reservations", "rule:savings_plans"):
        shared = [
            (each.resource_name, each.region_id, each.savings)
            for each in found[rule].resources
            if ("Scope", "Shared") in {(line.label, line.value) for line in each.evidence}
        ]
        assert shared
        assert len(set(shared)) == len(shared)
        for each in found[rule].resources:
            labels = [line.label for line in each.evidence]
            assert {"Best offer for 1 year", "Best offer for 3 years", "Cannot be undone"} <= set(labels)
            assert any(label.startswith("Range of ") for label in labels)
            assert all("pays off from" in line.value for line in each.evidence if line.label.startswith("Best offer"))


def test_each_amount_has_the_basis_of_where_it_comes_from() -> None:
    of_azure = {
        "rule:advisor_right_sizing": SavingBasis.AZURE_RETAIL,
        "rule:reservations": SavingBasis.AZURE_NEGOTIATED,
        "rule:savings_plans": SavingBasis.AZURE_NEGOTIATED,
    }
    for draft in drafts(1, "small"):
        bases = {saving.basis for each in draft.resources for saving in each.savings}
        assert bases <= {of_azure.get(draft.key, SavingBasis.BILLED)}


@pytest.mark.parametrize(
    ("quota_id", "at", "said", "unsaid"),
    [
        ("CSP_2015-05-01", NOW, ["Azure's public prices"], ["you were billed", "had not closed"]),
        ("PayAsYouGo_2014-09-01", NOW, ["what you were billed"], ["public prices", "had not closed"]),
        ("PayAsYouGo_2014-09-01", NOW.replace(day=3), ["had not closed that month"], ["public prices"]),
    ],
)
def test_a_draft_says_whose_prices_its_savings_are_at_and_whether_the_month_is_open(
    tmp_path: Path, quota_id: str, at: datetime, said: list[str], unsaid: list[str]
) -> None:
    estate = Estate(2, "tiny")
    database, scan = scanned(tmp_path, estate, at)
    listed_again = [replace(listed(each), quota_id=quota_id) for each in estate.subscriptions]
    Subscriptions(database).replace(scan.key, listed_again)
    found = [each for each in drafts_of(database, scan) if any(one.savings for one in each.resources)]
    database.dispose()
    of_rules = [each for each in found if "How the savings are calculated" in each.text]
    assert of_rules
    for draft in of_rules:
        assert all(each in draft.text for each in said)
        assert not any(each in draft.text for each in unsaid)


def test_every_rule_has_planted_waste_and_a_look_alike() -> None:
    estate = Estate(1, "tiny", "varied")
    (first,) = estate.subscriptions
    found = {rule for rule, _, _, _ in waste(estate, first, TODAY)}
    wrong = {rule for rule, _ in look_alikes(estate, first, TODAY)}
    rules = {rule.name for rule in RULES}
    assert rules | {rule.name for rule in ADVISOR_RULES} <= found
    assert rules <= wrong


def test_the_judged_estates_contain_waste_of_every_rule() -> None:
    estates = [*(Estate(seed, "tiny", "hard") for seed in SEEDS), Estate(1, "tiny", "varied")]
    found = {
        rule
        for estate in estates
        for subscription in estate.subscriptions
        for rule, _, _, _ in waste(estate, subscription, TODAY)
    }
    assert {rule.name for rule in RULES} <= found
