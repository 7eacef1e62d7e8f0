"""Format amounts, shares, days and commitment terms for people: pages, mails and evidence use the same functions.

Nothing here rounds what is stored or added up.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

CURRENCY_SYMBOLS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "KRW": "₩", "USD": "$"}
"""Only symbols that stand for one of Azure's billing currencies; all others are written by their ISO 4217 code."""

CURRENCY_DECIMALS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}
"""Where ISO 4217 defines other than two decimals."""


def exact(amount: Decimal) -> str:
    """Return every digit, without an exponent and without trailing zeros."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(amount: Decimal, currency: str) -> str:
    """Return `£1,234.57` or `CHF 1,234.57`; without a currency, the number alone.

    An amount too small to show is `under £0.01`, never zero.
    """
    return _amount(amount, currency, CURRENCY_SYMBOLS.get(currency) or (f"{currency}{NO_BREAK}" if currency else ""))


def number(amount: Decimal, currency: str) -> str:
    """Return the amount as `money` does, but without the currency, for columns whose heading names it."""
    return _amount(amount, currency, "")


def _amount(amount: Decimal, currency: str, label: str) -> str:
    unit = Decimal(1).scaleb(-CURRENCY_DECIMALS.get(currency, 2))
    rounded = amount.quantize(unit, rounding=ROUND_HALF_EVEN)
    sign = MINUS if amount < 0 else ""
    if amount and not rounded:
        return f"under{NO_BREAK}{sign}{label}{unit}"
    return f"{sign}{label}{abs(rounded):,}"


def whole(number: int) -> str:
    """Return `12,345`."""
    return f"{number:,}"


def percent(share: Decimal) -> str:
    """Return a share of one as `12.3%`. A share too small to show is `under 0.1%`, never zero."""
    rounded = (share * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    sign = MINUS if share < 0 else ""
    if share and not rounded:
        return f"under{NO_BREAK}{sign}0.1%"
    return f"{sign}{abs(rounded)}%"


def month(day: date) -> str:
    """Return `Nov 2025`."""
    return f"{day:%b %Y}"


def day(moment: date) -> str:
    """Return `3 Nov 2026`; of a datetime, its day in UTC."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(UTC).date()
    return f"{moment.day} {moment:%b %Y}"


def moment(at: datetime) -> str:
    """Return `3 Nov 2026, 14:05 UTC`."""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M} UTC"


def term(code: str | None) -> str:
    """Return the ISO 8601 duration `P3Y` as `3 years`; anything else stays as Azure wrote it."""
    known = re.fullmatch(r"P(\d+)([YM])", code or "")
    if not known:
        return code or "no term given"
    count, unit = int(known[1]), {"Y": "year", "M": "month"}[known[2]]
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def unnamed_subscription(subscription_id: str) -> str:
    """Return `Subscription without a name (c7ef204d…)`."""
    return f"Subscription without a name ({subscription_id[:8].lower()}…)"


def subscription(subscription_id: str, names: Mapping[str, str]) -> str:
    """Return the subscription's name, from names by lower-case id."""
    return names.get(subscription_id.lower()) or unnamed_subscription(subscription_id)
