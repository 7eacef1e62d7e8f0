"""How figures and times are written on pages. Nothing here rounds what is stored or added up."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from shared.core.money import a_year_of
from shared.core.terms import term

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

CURRENCY_DECIMALS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}
"""Where ISO 4217 says other than two."""


def exact(amount: Decimal) -> str:
    """Every digit, without an exponent and without trailing zeros."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(amount: Decimal, currency: str) -> str:
    """`GBP 1,234.57`; an amount too small to show is `under GBP 0.01`, never nothing. No currency: the number alone."""
    return _written(amount, currency, f"{currency}{NO_BREAK}" if currency else "")


def number(amount: Decimal, currency: str) -> str:
    """The same where the currency is in the heading: `1,234.57`."""
    return _written(amount, currency, "")


def _written(amount: Decimal, currency: str, label: str) -> str:
    unit = Decimal(1).scaleb(-CURRENCY_DECIMALS.get(currency, 2))
    rounded = amount.quantize(unit, rounding=ROUND_HALF_EVEN)
    sign = MINUS if amount < 0 else ""
    if amount and not rounded:
        return f"under{NO_BREAK}{sign}{label}{unit}"
    return f"{sign}{label}{abs(rounded):,}"


def whole(number: int) -> str:
    """`12,345`."""
    return f"{number:,}"


def percent(share: Decimal) -> str:
    """`12.3 %` of a share of one."""
    rounded = (share * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{abs(rounded)}{NO_BREAK}%"


def month(day: date) -> str:
    """`Nov 2025`."""
    return f"{day:%b %Y}"


def day(moment: date) -> str:
    """`3 November 2026`; of a moment, its day in UTC."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(UTC).date()
    return f"{moment.day} {moment:%B %Y}"


def moment(at: datetime) -> str:
    """`3 November 2026, 14:05 UTC`."""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M} UTC"


FILTERS: dict[str, Callable[..., object]] = {
    "exact": exact,
    "money": money,
    "number": number,
    "whole": whole,
    "percent": percent,
    "month": month,
    "day": day,
    "moment": moment,
    "term": term,
    "a_year": a_year_of,
}
