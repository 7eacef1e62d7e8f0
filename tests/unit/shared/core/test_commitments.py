"""Coverage, utilization and the layers of a bill, worked out by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.core.commitments import Charge, CostView, Layer, commitment_figures, layer_costs

ON_DEMAND = Charge(
    CostView.AMORTIZED, "GBP", "Virtual Machines", "Usage", "Standard", None, "Azure", Decimal(100)
)  # fmt: skip
RESERVED = replace(ON_DEMAND, pricing_category="Committed", commitment_discount_type="Reservation", cost=Decimal(60))
IDLE = replace(RESERVED, charge_type="UnusedReservation", cost=Decimal(20))
PLAN = replace(RESERVED, commitment_discount_type="Savings Plan", cost=Decimal(30))
IDLE_PLAN = replace(PLAN, charge_type="UnusedSavingsPlan", cost=Decimal(10))


def test_coverage_is_of_eligible_usage_and_utilization_of_what_was_paid() -> None:
    both, reserved, plan = commitment_figures([ON_DEMAND, RESERVED, IDLE, PLAN, IDLE_PLAN])
    assert [one.kind for one in (both, reserved, plan)] == ["", "Reservation", "Savings Plan"]
    assert [both.covered, both.eligible, both.unused] == [90, 190, 30]
    assert (both.coverage, both.utilization) == (Decimal(90) / 190, Decimal("0.75"))
    assert (reserved.coverage, reserved.utilization) == (Decimal(60) / 190, Decimal("0.75"))
    assert [plan.covered, plan.unused, plan.utilization] == [30, 10, Decimal("0.75")]


@pytest.mark.parametrize(
    "change",
    [
        {"pricing_category": "Dynamic"},
        {"pricing_category": None},
        {"service_name": "Storage"},
        {"charge_type": "Purchase"},
        {"publisher": "Marketplace"},
        {"view": CostView.ACTUAL},
        {"currency": "USD"},
    ],
    ids=str,
)
def test_what_no_commitment_could_cover_is_not_eligible(change: dict[str, str]) -> None:
    (figures, _) = commitment_figures([RESERVED, replace(ON_DEMAND, **change)])  # type: ignore[arg-type]
    assert [figures.eligible, figures.coverage] == [60, 1]


def test_usage_that_is_covered_is_eligible_whatever_its_service() -> None:
    (figures, _) = commitment_figures([replace(RESERVED, service_name="Storage")])
    assert figures.eligible == 60


def test_without_a_commitment_there_are_no_figures() -> None:
    assert commitment_figures([ON_DEMAND]) == []


def test_a_commitment_that_nothing_used_is_used_by_none() -> None:
    (figures, _) = commitment_figures([IDLE])
    assert [figures.coverage, figures.utilization, figures.unused] == [None, 0, 20]


@pytest.mark.parametrize(
    ("charge_type", "publisher", "layer"),
    [
        ("Usage", "Azure", Layer.USAGE),
        ("Purchase", "Azure", Layer.PURCHASES),
        ("Purchase", "Marketplace", Layer.MARKETPLACE),
        ("Refund", "marketplace", Layer.MARKETPLACE),
        ("Refund", "Azure", Layer.REFUNDS),
        ("UnusedSavingsPlan", "Azure", Layer.UNUSED),
        ("Tax", None, Layer.OTHER),
        ("RoundingAdjustment", "Azure", Layer.OTHER),
        (None, None, Layer.UNKNOWN),
    ],
)
def test_each_charge_has_one_layer(charge_type: str | None, publisher: str | None, layer: Layer) -> None:
    assert replace(ON_DEMAND, charge_type=charge_type, publisher=publisher).layer is layer


def test_the_layers_add_up_in_each_view_and_the_views_stay_apart() -> None:
    bought = replace(ON_DEMAND, view=CostView.ACTUAL, charge_type="Purchase", cost=Decimal(80))
    used = replace(ON_DEMAND, view=CostView.ACTUAL)
    found = layer_costs([ON_DEMAND, used, RESERVED, IDLE, bought])
    assert [(one.layer, one.actual, one.amortized) for one in found] == [
        (Layer.USAGE, Decimal(100), Decimal(160)),
        (Layer.UNUSED, None, Decimal(20)),
        (Layer.PURCHASES, Decimal(80), None),
    ]
