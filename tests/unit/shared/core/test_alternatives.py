"""Offers of commitments: a shared one counts once, and what covers the same usage is an alternative."""

from dataclasses import replace
from decimal import Decimal

from shared.core.alternatives import alternatives, each_shared_once
from shared.sql.collected.recommendations import SavingsPlanRecommendation

SHARED = SavingsPlanRecommendation(
    "sub-1", "Shared", "P1Y", 30, "Compute", Decimal(1), Decimal(100), Decimal(60), Decimal(40), None, None, "GBP"
)
SINGLE = replace(SHARED, benefit_scope="Single")


def groups(*offers: SavingsPlanRecommendation) -> list[list[SavingsPlanRecommendation]]:
    return alternatives(offers, lambda offer: offer.sku_name)


def test_a_shared_offer_answered_for_five_subscriptions_is_one_offer() -> None:
    answered = [replace(SHARED, sub_account_id=f"sub-{number}") for number in range(5)]
    assert each_shared_once(answered) == [answered[0]]


def test_shared_offers_of_two_billing_scopes_differ_and_are_two() -> None:
    other = replace(SHARED, sub_account_id="sub-2", net_savings=Decimal(41))
    assert each_shared_once([SHARED, other]) == [SHARED, other]


def test_equal_offers_for_two_subscriptions_alone_are_two() -> None:
    other = replace(SINGLE, sub_account_id="sub-2")
    assert each_shared_once([SINGLE, other, SINGLE]) == [SINGLE, other, SINGLE]


def test_a_subscriptions_own_offers_are_alternatives_of_one_another_alone() -> None:
    longer, other = replace(SINGLE, term="P3Y"), replace(SINGLE, sub_account_id="sub-2")
    assert groups(SINGLE, longer, other) == [[SINGLE, longer], [other]]


def test_where_a_shared_offer_covers_the_usage_all_are_alternatives() -> None:
    other = replace(SINGLE, sub_account_id="sub-2")
    assert groups(SINGLE, SHARED, other) == [[SINGLE, SHARED, other]]


def test_offers_in_another_currency_or_for_other_usage_are_no_alternatives() -> None:
    dollars, other = replace(SHARED, currency="USD"), replace(SHARED, sku_name="Databases")
    assert groups(SHARED, dollars, other) == [[SHARED], [dollars], [other]]
