from typing import Any

import pytest

from simulator.exchange import Response
from simulator.options import Options
from tests.unit.simulator.visitor import Visitor, payload

DETAILS = {
    "averageUtilizationPercentage", "benefitCost", "commitmentAmount", "coveragePercentage", "overageCost",
    "savingsAmount", "savingsPercentage", "totalCost", "wastageCost",
}  # fmt: skip


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(Options(size="small", speed_up=1.0))


def ask(visitor: Visitor, index: int, wanted: str, username: str = "owner") -> Response:
    path = visitor.world.estate.subscriptions[index].scope
    url = f"{path}/providers/Microsoft.CostManagement/benefitRecommendations"
    query = {"api-version": "2025-03-01", "$filter": wanted}
    return visitor.get(url, visitor.bearer(f"{username}@contoso.example"), **query)


def found(response: Response) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = payload(response)["value"]
    return items


def test_a_plan_has_its_details(visitor: Visitor) -> None:
    filtered = "properties/scope eq 'Single' and properties/term eq 'P1Y' and properties/lookBackPeriod eq 'Last30Days'"
    plan = found(ask(visitor, 1, filtered))[0]
    properties = plan["properties"]
    assert plan["kind"] == "SavingsPlan"
    assert (properties["term"], properties["scope"], properties["lookBackPeriod"]) == ("P1Y", "Single", "Last30Days")
    assert set(properties["recommendationDetails"]) == DETAILS
    saved = properties["costWithoutBenefit"] - properties["recommendationDetails"]["totalCost"]
    assert saved == pytest.approx(properties["recommendationDetails"]["savingsAmount"])


def test_defaults_are_shared_three_years_and_sixty_days(visitor: Visitor) -> None:
    properties = found(ask(visitor, 1, ""))[0]["properties"]
    assert (properties["term"], properties["scope"], properties["lookBackPeriod"]) == ("P3Y", "Shared", "Last60Days")
    assert "subscriptionId" not in properties


def test_reservations_come_along_unless_the_kind_is_named(visitor: Visitor) -> None:
    assert [item["kind"] for item in found(ask(visitor, 0, ""))] == ["SavingsPlan", "Reservation"]
    named = ask(visitor, 0, "properties/kind eq 'SavingsPlan'")
    assert [item["kind"] for item in found(named)] == ["SavingsPlan"]


def test_there_may_be_nothing(visitor: Visitor) -> None:
    assert found(ask(visitor, 2, "")) == []


def test_a_missing_role_is_401(visitor: Visitor) -> None:
    assert ask(visitor, 1, "", "reader").status == 401
