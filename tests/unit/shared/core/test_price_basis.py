"""Whose prices an amount is at, and whether its month can still change."""

from datetime import date

import pytest

from shared.core.findings import SavingBasis
from shared.core.price_basis import BASIS_LABELS, at_public_prices, basis_note, is_open


@pytest.mark.parametrize(
    ("quota_id", "is_public"),
    [
        ("CSP_2015-05-01", True),
        ("AzurePlan_2018-09-01", True),
        ("EnterpriseAgreement_2014-09-01", False),
        ("PayAsYouGo_2014-09-01", False),
        ("MSDNDevTest_2014-09-01", False),
        ("", False),
    ],
)
def test_a_partners_subscriptions_are_at_public_prices(quota_id: str, is_public: bool) -> None:
    assert at_public_prices({"sub": quota_id}) == ({"sub"} if is_public else frozenset())


@pytest.mark.parametrize(
    ("read_on", "still_open"),
    [
        (date(2026, 11, 1), True),
        (date(2026, 11, 4), True),
        (date(2026, 11, 5), False),
        (date(2026, 12, 1), False),
    ],
)
def test_a_month_is_open_before_the_fifth_day_of_the_next(read_on: date, still_open: bool) -> None:
    assert is_open(date(2026, 10, 1), read_on) is still_open


def test_december_is_open_into_january() -> None:
    assert is_open(date(2026, 12, 1), date(2027, 1, 4))


def test_a_sum_over_several_bases_says_so() -> None:
    assert basis_note({SavingBasis.BILLED}) == "your bill"
    assert basis_note({SavingBasis.REVIEWER, SavingBasis.BILLED}) == "mixed: your bill; our reviewer"
    assert basis_note(()) == ""


def test_every_basis_has_its_words_and_no_two_the_same() -> None:
    assert set(BASIS_LABELS) == set(SavingBasis)
    assert len(set(BASIS_LABELS.values())) == len(SavingBasis)
