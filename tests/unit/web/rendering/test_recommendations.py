import json
from decimal import Decimal
from typing import Any

from shared.sql.collected.recommendations import (
    AdvisorRecommendation,
    ReservationRecommendation,
    SavingsPlanRecommendation,
)
from web.rendering.recommendations import (
    advisor_choices,
    advisor_groups,
    per_month,
    reservation_choices,
    savings_plan_choices,
)

SUBSCRIPTION = "aaaaaaaa-0000-4000-8000-000000000001"


def advice(**changed: Any) -> AdvisorRecommendation:  # noqa: ANN401 - fields of several types
    values: dict[str, Any] = dict.fromkeys(AdvisorRecommendation.__dataclass_fields__)
    given = {
        "sub_account_id": SUBSCRIPTION,
        "recommendation_id": "r",
        "recommendation_type_id": "type",
        "resource_id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/One",
        "monthly_savings": Decimal(10),
        "savings_currency": "GBP",
        "is_suppressed": False,
    }
    return AdvisorRecommendation(**{**values, **given, **changed})


def reservation(**changed: Any) -> ReservationRecommendation:  # noqa: ANN401 - likewise
    values: dict[str, Any] = dict.fromkeys(ReservationRecommendation.__dataclass_fields__)
    given = {
        "sub_account_id": SUBSCRIPTION,
        "kind": "modern",
        "sku_name": "Standard_D2s_v3",
        "region_id": "uksouth",
        "look_back_days": 60,
        "net_savings": Decimal(120),
        "currency": "GBP",
    }
    return ReservationRecommendation(**{**values, **given, **changed})


def test_alternatives_are_one_choice_with_the_best_first_and_no_sum() -> None:
    sku = {"extended_properties_json": json.dumps({"sku": "Standard_B4ms", "region": "eastus"})}
    rows = [
        advice(monthly_savings=Decimal(amount), term=term, **sku)
        for amount, term in ((47, "P1Y"), (73, "P3Y"), (41, "P1Y"))
    ]
    (choice,) = advisor_choices(rows)
    assert choice.best.monthly == Decimal(73)
    assert [other.monthly for other in choice.alternatives] == [Decimal(47), Decimal(41)]


def test_reservations_of_two_skus_are_two_savings_though_the_resource_is_the_subscription() -> None:
    rows = [advice(extended_properties_json=json.dumps({"sku": sku})) for sku in ("B4ms", "B8ms")]
    assert len(advisor_choices(rows)) == 2


def test_one_resource_s_id_in_two_casings_is_one_resource() -> None:
    assert len(advisor_choices([advice(resource_id="/x/VM-1"), advice(resource_id="/X/vm-1")])) == 1


def test_two_currencies_are_two_choices() -> None:
    found = advisor_choices([advice(), advice(savings_currency="USD")])
    assert [choice.currency for choice in found] == ["GBP", "USD"]


def test_only_a_year_s_amount_is_divided_by_twelve() -> None:
    (choice,) = advisor_choices([advice(monthly_savings=None, annual_savings=Decimal(120))])
    assert choice.best.monthly == Decimal(10)


def test_a_twelfth_of_the_year_is_shown_rather_than_the_rounded_month() -> None:
    (choice,) = advisor_choices([advice(monthly_savings=Decimal(47), annual_savings=Decimal(570))])
    assert choice.best.monthly == Decimal("47.5")


def test_no_amount_is_not_zero_and_comes_last() -> None:
    rows = [advice(resource_id="a", monthly_savings=None), advice(resource_id="b", monthly_savings=Decimal("0.5"))]
    assert [choice.best.monthly for choice in advisor_choices(rows)] == [Decimal("0.5"), None]


def test_savings_are_scaled_from_the_look_back_to_a_month() -> None:
    assert per_month(Decimal(120), 60) == Decimal(120) * 365 / 720
    assert per_month(Decimal(14), 7) == Decimal(14) * 365 / 84
    assert per_month(None, 60) is None
    assert per_month(Decimal(1), None) is None


def test_a_week_s_savings_are_not_mistaken_for_less_than_two_months() -> None:
    (choice,) = reservation_choices([reservation(), reservation(look_back_days=7, net_savings=Decimal(20), term="P3Y")])
    assert choice.best.row.look_back_days == 7


def test_terms_and_scopes_are_alternatives_and_regions_are_not() -> None:
    rows = [reservation(term=term, benefit_scope=scope) for term in ("P1Y", "P3Y") for scope in ("Single", "Shared")]
    assert [len(choice.alternatives) for choice in reservation_choices(rows)] == [3]
    assert len(reservation_choices([*rows, reservation(region_id="ukwest")])) == 2


def test_a_shared_offer_and_each_subscriptions_own_are_alternatives_of_one_another() -> None:
    own = [reservation(sub_account_id=each, benefit_scope="Single") for each in ("a", "b")]
    assert len(reservation_choices(own)) == 2
    (choice,) = reservation_choices([*own, reservation(benefit_scope="Shared", net_savings=Decimal(500))])
    assert (choice.best.row.benefit_scope, len(choice.alternatives)) == ("Shared", 2)


def test_a_legacy_reservation_has_no_currency() -> None:
    (choice,) = reservation_choices([reservation(kind="legacy", currency=None)])
    assert choice.currency is None


def test_savings_plans_of_a_subscription_are_alternatives() -> None:
    values: dict[str, Any] = dict.fromkeys(SavingsPlanRecommendation.__dataclass_fields__)
    given: dict[str, Any] = {"sub_account_id": SUBSCRIPTION, "look_back_days": 60, "currency": "GBP"}
    rows = [
        SavingsPlanRecommendation(**{**values, **given, "term": term, "net_savings": Decimal(amount)})
        for term, amount in (("P1Y", 100), ("P3Y", 200))
    ]
    (choice,) = savings_plan_choices(rows)
    assert choice.best.row.term == "P3Y"


def test_the_same_advice_for_many_resources_is_one_group_and_their_savings_are_added() -> None:
    rows = [
        advice(resource_id=f"vm-{number}", solution="Shut it down", monthly_savings=Decimal(number))
        for number in (1, 3)
    ]
    other = advice(resource_id="disk", solution="Delete it", monthly_savings=Decimal(2))
    several, single = advisor_groups([*rows, other])
    assert (several.advice, several.combined) == ("Shut it down", Decimal(4))
    assert [choice.best.monthly for choice in several.choices] == [Decimal(3), Decimal(1)]
    assert (single.advice, single.combined) == ("Delete it", None)


def test_commitments_are_not_added_even_for_different_skus() -> None:
    skus = [json.dumps({"sku": sku}) for sku in ("B4ms", "B8ms")]
    rows = [advice(solution="Reserve it", term="P1Y", extended_properties_json=sku) for sku in skus]
    (group,) = advisor_groups(rows)
    assert (len(group.choices), group.combined) == (2, None)


def test_advice_without_an_amount_comes_last_and_claims_none() -> None:
    rows = [advice(resource_id=f"disk-{number}", solution="Delete it", monthly_savings=None) for number in (1, 2)]
    first, last = advisor_groups([*rows, advice(solution="Shut it down")])
    assert (first.advice, last.advice, last.combined) == ("Shut it down", "Delete it", None)
