from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from shared.core import formats

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("1234567.891", "GBP", "£1,234,567.89"),
        ("-12.005", "GBP", "\N{MINUS SIGN}£12.00"),
        ("1234567.5", "JPY", "¥1,234,568"),
        ("1.2345", "KWD", f"KWD{NB}1.234"),
        ("0", "EUR", "€0.00"),
        ("1234.5", "USD", "$1,234.50"),
        ("1234.5", "AUD", f"AUD{NB}1,234.50"),
        ("5", "", "5.00"),
    ],
)
def test_money_has_separators_and_the_currency_s_own_decimals(amount: str, currency: str, written: str) -> None:
    assert formats.money(Decimal(amount), currency) == written


def test_an_amount_too_small_to_show_is_not_shown_as_nothing() -> None:
    assert formats.money(Decimal("0.0000007"), "GBP") == f"under{NB}£0.01"
    assert formats.number(Decimal("0.2"), "JPY") == f"under{NB}1"


def test_the_exact_value_keeps_every_digit_and_no_exponent() -> None:
    assert formats.exact(Decimal("7E-17")) == "0.00000000000000007"
    assert formats.exact(Decimal("123456789012345678901234567890.120")) == "123456789012345678901234567890.12"
    assert formats.exact(Decimal("1E+3")) == "1000"
    assert formats.exact(Decimal("-0.50")) == "-0.5"


def test_a_share_is_written_per_cent() -> None:
    assert formats.percent(Decimal("0.12345")) == "12.3%"
    assert formats.percent(Decimal("-0.5")) == "\N{MINUS SIGN}50.0%"
    assert formats.percent(Decimal(0)) == "0.0%"


def test_a_share_too_small_to_show_is_not_shown_as_zero() -> None:
    assert formats.percent(Decimal("0.00049")) == "under\N{NO-BREAK SPACE}0.1%"
    assert formats.percent(Decimal("-0.00001")) == "under\N{NO-BREAK SPACE}\N{MINUS SIGN}0.1%"


def test_days_and_moments_are_in_utc_and_in_words() -> None:
    at = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
    assert formats.moment(at) == "3 Nov 2026, 14:05 UTC"
    assert formats.day(date(2026, 1, 31)) == "31 Jan 2026"
    assert formats.month(date(2025, 11, 1)) == "Nov 2025"


@pytest.mark.parametrize(
    ("code", "written"),
    [("P1Y", "1 year"), ("P3Y", "3 years"), ("P1M", "1 month"), ("odd", "odd"), (None, "no term given")],
)
def test_a_term_is_written_in_years(code: str | None, written: str) -> None:
    assert formats.term(code) == written


@pytest.mark.parametrize("names", [{}, {"c7ef204d-be1a-5456-87ef-e71360147335": ""}])
def test_a_subscription_is_named_and_its_id_never_stands_alone(names: dict[str, str]) -> None:
    identifier = "C7EF204D-be1a-5456-87ef-e71360147335"
    assert formats.subscription(identifier, names) == "Subscription without a name (c7ef204d…)"
    assert formats.subscription(identifier, {identifier.lower(): "Production"}) == "Production"
