"""Costs amortized, by day, in one sum, narrowed: other views of the same money."""

from decimal import Decimal
from typing import Any

from simulator.estate.estate import Estate
from simulator.estate.subscriptions import Subscription, make_subscriptions
from simulator.exchange import Json
from tests.unit.simulator.arm.costs import Costs, definition, only


def rows(
    costs: Costs, *groupings: str, of: str = "ActualCost", subscription: Subscription | None = None, **dataset: Json
) -> list[dict[str, Any]]:
    body = definition(*groupings, type=of)
    body["dataset"] |= dataset
    pages = costs.pages(subscription or only(costs), body, 5000)
    names = [column["name"] for column in pages[0]["columns"]]
    return [dict(zip(names, row, strict=True)) for page in pages for row in page["rows"]]


def total(found: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(repr(row["Cost"])) for row in found), Decimal(0))


def test_amortized_costs_have_no_purchase_of_a_reservation_but_shares_of_it(costs: Costs) -> None:
    (buyer,) = [item for item in make_subscriptions(1, "small", "plain") if item.bought_reservations]
    costs.visitor.world.__dict__["estate"] = Estate(1, "small")
    actual = rows(costs, "ChargeType", "Meter", subscription=buyer)
    amortized = rows(costs, "ChargeType", "Meter", of="AmortizedCost", subscription=buyer)
    bought = [row for row in actual if (row["ChargeType"], row["Meter"]) == ("Purchase", "D4s v5 Reservation")]
    shares = [row for row in amortized if row["ChargeType"] == "UnusedReservation"]
    assert bought
    assert len(shares) == 12
    assert max(row["Cost"] for row in shares) < max(row["Cost"] for row in bought)
    assert not [row for row in amortized if (row["ChargeType"], row["Meter"]) == ("Purchase", "D4s v5 Reservation")]
    usage = [[row for row in found if row["ChargeType"] == "Usage"] for found in (actual, amortized)]
    assert usage[0] == usage[1]


def test_days_are_numbers_and_add_up_to_their_months(costs: Costs) -> None:
    monthly, daily = rows(costs, "ServiceName"), rows(costs, "ServiceName", granularity="Daily")
    assert {type(row["UsageDate"]) for row in daily} == {int}
    assert (min(row["UsageDate"] for row in daily), len({row["UsageDate"] for row in daily})) == (20251101, 365)
    assert abs(total(monthly) - total(daily)) < Decimal("0.001")


def test_the_whole_period_is_one_row_for_each_group(costs: Costs) -> None:
    whole = rows(costs, "ServiceName", granularity="None")
    groups = [(row["ServiceName"], row["Currency"]) for row in whole]
    assert len(set(groups)) == len(groups)
    assert abs(total(whole) - total(rows(costs, "ServiceName"))) < Decimal("0.001")


def test_a_filter_keeps_what_it_names_in_any_casing(costs: Costs) -> None:
    wanted = {"dimensions": {"name": "ServiceName", "operator": "In", "values": ["virtual MACHINES"]}}
    kept = rows(costs, "ServiceName", filter=wanted)
    assert {row["ServiceName"] for row in kept} == {"Virtual Machines"}
    assert kept == [row for row in rows(costs, "ServiceName") if row["ServiceName"] == "Virtual Machines"]
