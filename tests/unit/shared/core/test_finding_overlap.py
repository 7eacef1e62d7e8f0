"""Offers of commitments are alternatives: no total and no finding adds them."""

from decimal import Decimal

from shared.core.finding_overlap import Claim, totals
from shared.core.findings import AffectedResource, Measure, Saving, SavingBasis


def offer(name: str, currency: str, monthly: int) -> AffectedResource:
    estimate = Saving(currency, Decimal(monthly), SavingBasis.AZURE_NEGOTIATED)
    return AffectedResource("/subscriptions/s", name, "reservation", "s", None, None, savings=(estimate,))


OFFERS = [offer("D4s", "GBP", 30), offer("E4s", "GBP", 70), offer("P30", "GBP", 50), offer("B4ms", "USD", 9)]


def test_a_finding_of_offers_has_the_best_and_the_smallest_of_them_and_no_sum() -> None:
    counted = totals([Claim("rule:reservations", Measure.COMMIT, OFFERS)]).by_finding["rule:reservations"]
    assert counted.own_estimate == {"GBP": Decimal(70), "USD": Decimal(9)}
    assert counted.least_estimate == {"GBP": Decimal(30), "USD": Decimal(9)}
    assert (counted.estimated, counted.proven) == ({}, {})


def test_other_estimates_are_of_different_resources_and_added() -> None:
    counted = totals([Claim("rule:advisor", Measure.RESIZE, OFFERS[:1])]).by_finding["rule:advisor"]
    assert counted.own_estimate == {"GBP": Decimal(30)}
    assert counted.least_estimate == {}


def test_the_total_names_the_bases_of_its_amounts() -> None:
    billed = AffectedResource(
        "/a", "a", "vm", "s", None, None, savings=(Saving("GBP", Decimal(1), SavingBasis.BILLED),)
    )
    public = AffectedResource(
        "/b", "b", "vm", "s", None, None, savings=(Saving("GBP", Decimal(2), SavingBasis.PUBLIC_PRICE),)
    )
    found = totals([Claim("rule:one", Measure.REMOVE, [billed, public]), Claim("rule:two", Measure.COMMIT, OFFERS)])
    assert found.bases == {SavingBasis.BILLED, SavingBasis.PUBLIC_PRICE}
    assert found.proven == {"GBP": Decimal(3)}
