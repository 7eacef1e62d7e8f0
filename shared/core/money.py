"""Exact arithmetic with amounts."""

from collections.abc import Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from functools import reduce

EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, Overflow])
"""Adds and multiplies without rounding; raises if a result does not fit."""

MONTHS_IN_YEAR = Decimal(12)


def sum_exactly(amounts: Iterable[Decimal]) -> Decimal:
    """Return the exact sum; Python's default context would round to 28 digits."""
    return reduce(EXACT.add, amounts, Decimal(0))


def a_year_of(month: Decimal) -> Decimal:
    """Return twelve times the monthly amount, exactly."""
    return EXACT.multiply(month, MONTHS_IN_YEAR)
