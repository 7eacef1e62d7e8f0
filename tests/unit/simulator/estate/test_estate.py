import pytest

from simulator.estate.charges import month_number
from simulator.estate.costs import cost_rows
from simulator.estate.estate import Estate
from simulator.estate.grouping import FULL_GROUPINGS, SIMPLE_GROUPINGS, grouped
from simulator.estate.resources import make_resources
from simulator.estate.subscriptions import CostAccess

NOVEMBER = month_number(2026, 11)
YEAR = range(NOVEMBER - 12, NOVEMBER)


@pytest.fixture
def estate() -> Estate:
    return Estate(1, "small")


def test_the_same_seed_gives_the_same_estate(estate: Estate) -> None:
    again = Estate(1, "small")
    assert [item.subscription_id for item in estate.subscriptions] == [
        item.subscription_id for item in again.subscriptions
    ]
    first, second = estate.subscriptions[1], again.subscriptions[1]
    assert estate.cost_rows(first, YEAR) == again.cost_rows(second, YEAR)


def test_another_seed_gives_another_estate(estate: Estate) -> None:
    other = Estate(2, "small")
    assert not {item.subscription_id for item in estate.subscriptions} & {
        item.subscription_id for item in other.subscriptions
    }


def test_a_month_costs_the_same_whatever_else_is_asked_for(estate: Estate) -> None:
    subscription = estate.subscriptions[0]
    alone = set(cost_rows(1, subscription, range(YEAR.start + 3, YEAR.start + 4)))
    within = {row for row in cost_rows(1, subscription, YEAR) if row.month == YEAR.start + 3}
    assert alone == within


@pytest.mark.parametrize("years", [-5, 0, 5, 20])
def test_the_estate_lives_on_in_every_year(estate: Estate, years: int) -> None:
    start = YEAR.start + 12 * years
    months = range(start, start + 12)
    subscription = estate.subscriptions[0]
    count = len(estate.cost_rows(subscription, months))
    assert count == pytest.approx(len(estate.cost_rows(subscription, YEAR)), rel=0.1)


def test_costs_and_inventory_are_about_the_same_resources(estate: Estate) -> None:
    subscription = estate.subscriptions[0]
    billed = {row.resource_id for row in estate.cost_rows(subscription, YEAR) if "resourcegroups" in row.resource_id}
    present = {item.resource_id.lower() for item in estate.resources(subscription, NOVEMBER)}
    ever = {item.resource_id.lower() for item in make_resources(1, subscription)}
    assert billed <= ever
    assert billed & present
    assert billed - present, "some costs are of deleted resources"
    assert present - billed, "some resources cost nothing"


def test_ids_in_costs_are_in_another_casing_than_in_the_inventory(estate: Estate) -> None:
    resources = make_resources(1, estate.subscriptions[0])
    assert all(item.resource_id != item.resource_id.lower() for item in resources)


def test_the_full_groupings_tell_every_line_apart(estate: Estate) -> None:
    rows = list(grouped(estate.cost_rows(estate.subscriptions[1], YEAR), FULL_GROUPINGS))
    keys = [row[:3] for row in rows]
    assert len(set(keys)) == len(keys)


def test_fewer_groupings_give_fewer_lines(estate: Estate) -> None:
    rows = estate.cost_rows(estate.subscriptions[1], YEAR)
    assert len(list(grouped(rows, SIMPLE_GROUPINGS))) < len(rows)
    months = [row[0] for row in grouped(rows, ())]
    assert sorted(months) == sorted([*YEAR, *YEAR]), "one line a month and currency"


def test_every_oddity_of_a_real_tenant_is_there() -> None:
    subscriptions = Estate(1, "medium").subscriptions
    assert {item.cost_access for item in subscriptions} == {
        CostAccess.FULL, CostAccess.TWO_GROUPINGS, CostAccess.NO_DATA,
    }  # fmt: skip
    assert {item.state for item in subscriptions} == {"Enabled", "Warned", "Disabled"}
    assert {item.column_style for item in subscriptions} == {0, 1, 2}
    assert any(item.has_dollars for item in subscriptions)
    assert any(item.has_modern_agreement for item in subscriptions)


def test_only_a_hard_estate_has_subscriptions_that_azure_refuses() -> None:
    plain, hard = Estate(1, "tiny"), Estate(1, "tiny", "hard")
    assert hard.subscriptions[0].subscription_id == plain.subscriptions[0].subscription_id
    assert {item.cost_access for item in hard.subscriptions[1:]} == {
        CostAccess.OFFER_REFUSED, CostAccess.CHARGES_HIDDEN, CostAccess.NO_OFFER, CostAccess.NO_AIRS,
    }  # fmt: skip
