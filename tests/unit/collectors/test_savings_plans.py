"""Savings plan recommendations."""

from decimal import Decimal
from typing import Any

import pytest

from collectors.savings_plans import COLLECTOR, COLUMNS
from shared.arm.request import Json
from shared.core.errors import UnexpectedPayload
from tests.support.arm_replay import CONTEXT, SUBSCRIPTION

PLAN = {
    "kind": "SavingsPlan",
    "properties": {
        "scope": "Shared",
        "term": "P3Y",
        "lookBackPeriod": "Last30Days",
        "armSkuName": "Compute_Savings_Plan",
        "currencyCode": "GBP",
        "costWithoutBenefit": Decimal("1203.5"),
        "recommendationDetails": {
            "commitmentAmount": Decimal("0.097"),
            "totalCost": Decimal("900.25"),
            "savingsAmount": Decimal("303.25"),
            "averageUtilizationPercentage": Decimal("99.1"),
            "coveragePercentage": 80,
        },
    },
}


def _read(*value: Json) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in COLLECTOR.rows(CONTEXT, {"value": list(value)}, True)]


def test_a_savings_plan_becomes_a_row() -> None:
    assert _read(PLAN) == [
        {
            "sub_account_id": SUBSCRIPTION,
            "benefit_scope": "Shared",
            "term": "P3Y",
            "look_back_days": 30,
            "sku_name": "Compute_Savings_Plan",
            "hourly_commitment": Decimal("0.097"),
            "cost_without_benefit": Decimal("1203.5"),
            "cost_with_benefit": Decimal("900.25"),
            "net_savings": Decimal("303.25"),
            "average_utilization_percent": Decimal("99.1"),
            "coverage_percent": Decimal(80),
            "currency": "GBP",
        }
    ]


def test_reservations_among_them_are_passed_over() -> None:
    assert _read({"kind": "Reservation", "properties": {"term": "P1Y"}}) == []


@pytest.mark.parametrize("item", [{}, {"kind": "SavingsPlan"}, {"kind": "SavingsPlan", "properties": {"term": "P1Y"}}])
def test_an_unknown_shape_is_refused(item: Json) -> None:
    with pytest.raises(UnexpectedPayload):
        _read(item)


def test_each_term_is_asked_for_in_each_scope() -> None:
    filters = [request.query["$filter"] for request in COLLECTOR.requests(CONTEXT)]
    assert len(set(filters)) == 4
    assert all("lookBackPeriod eq 'Last30Days'" in each for each in filters)
