"""Commitments in the simulated estate: what they cover costs 0, what they cost is spread when amortized."""

from collections import Counter

import pytest

from simulator.estate.charges import CostRow, hours_of, month_number
from simulator.estate.committed_costs import is_commitment
from simulator.estate.costs import amortized_rows
from simulator.estate.estate import Estate

YEAR = range(month_number(2025, 11), month_number(2026, 11))
COMMITTED = Estate(1, "small", "committed")
SUBSCRIPTION = COMMITTED.subscriptions[0]
ACTUAL = COMMITTED.cost_rows(SUBSCRIPTION, YEAR)
AMORTIZED = list(amortized_rows(1, SUBSCRIPTION, YEAR))


def test_a_machine_that_a_reservation_covers_costs_nothing_and_runs_every_hour() -> None:
    covered = [row for row in ACTUAL if row.pricing_model == "Reservation"]
    assert covered
    assert {row.amount for row in covered} == {0.0}
    assert all(row.quantity == hours_of(row.month) for row in covered)


def test_a_savings_plan_covers_a_part_of_the_hours_and_the_rest_is_on_demand() -> None:
    covered = {(row.month, row.resource_id, row.meter) for row in ACTUAL if row.pricing_model == "SavingsPlan"}
    assert covered
    hours: dict[tuple[int, str, str], dict[str, float]] = {}
    for row in ACTUAL:
        key = (row.month, row.resource_id, row.meter)
        if key in covered:
            hours.setdefault(key, {})[row.pricing_model] = row.quantity
            assert row.amount == 0.0 or row.pricing_model == "OnDemand"
    for (month, _, _), own in hours.items():
        assert own == {"SavingsPlan": 0.75 * hours_of(month), "OnDemand": 0.25 * hours_of(month)}


def test_a_reservation_is_bought_up_front_and_a_savings_plan_by_the_month() -> None:
    bought = [row for row in ACTUAL if row.charge_type == "Purchase" and is_commitment(row)]
    assert Counter((row.service, row.frequency) for row in bought) == {
        ("Virtual Machines", "OneTime"): 1,
        ("Savings Plan", "Recurring"): 12,
    }
    assert {row.pricing_model for row in bought} == {"OnDemand"}


def test_amortized_the_same_money_is_used_and_unused_hours() -> None:
    """What a year's purchases cost is what the year's usage and unused hours come to."""
    bought = sum(row.amount for row in ACTUAL if row.charge_type == "Purchase" and is_commitment(row))
    spread = [row for row in AMORTIZED if is_commitment(row) and row.meter != "D4s v5 Reservation"]
    assert {row.charge_type for row in spread} == {"Usage", "UnusedReservation", "UnusedSavingsPlan"}
    assert min(row.amount for row in spread) >= 0
    assert sum(row.amount for row in spread) == pytest.approx(bought, abs=0.01)


def test_everything_else_is_the_same_in_both_views() -> None:
    def others(rows: list[CostRow]) -> list[CostRow]:
        kept = (row for row in rows if not is_commitment(row) and row.meter != "D4s v5 Reservation")
        return sorted(kept)

    assert others(ACTUAL) == others(AMORTIZED)


def test_an_estate_without_commitments_has_none() -> None:
    plain = Estate(1, "tiny")
    rows = plain.cost_rows(plain.subscriptions[0], YEAR)
    assert {row.pricing_model for row in rows} == {"OnDemand"}
