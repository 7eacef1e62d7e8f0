"""Exact arithmetic with amounts."""

from collections.abc import Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from functools import reduce

EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, Overflow])
"""Adds and multiplies without rounding: a result that did not fit would raise."""

MONTHS_IN_YEAR = Decimal(12)


def sum_exactly(amounts: Iterable[Decimal]) -> Decimal:
    """The sum to the last decimal; Python's own context would round to 28 digits."""
    return reduce(EXACT.add, amounts, Decimal(0))


def a_year_of(month: Decimal) -> Decimal:
    """Twelve such months, to the last decimal."""
    return EXACT.multiply(month, MONTHS_IN_YEAR)
