"""Forecast the next months of a series from at least twelve, with the error that it had on months held back.

Three simple methods compete: the last month again, the mean of the last three, and a straight line. The one with the
smallest error on held-back months is used; none if even that error is too large. Twelve months hold no second
season, so there is no seasonal method.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.core.money import sum_exactly

MONTHS_NEEDED = 12
HORIZON = 3
FEWEST_TO_LEARN_FROM = 6
LARGEST_ERROR = Decimal("0.15")
"""Above this mean absolute error, as a share of the actual amounts, nothing is forecast."""

Method = Callable[[Sequence[Decimal]], list[Decimal]]


@dataclass(frozen=True)
class Forecast:
    """The next months' amounts. `error` is the mean absolute error on `held_back` forecasts, as a share of them."""

    amounts: tuple[Decimal, ...]
    error: Decimal
    held_back: int
    method: str


def forecast(amounts: Sequence[Decimal]) -> Forecast | None:
    """Return the forecast of the next HORIZON months; None if these months cannot carry one."""
    if len(amounts) < MONTHS_NEEDED or any(amount <= 0 for amount in amounts):
        return None
    tried = [(*_back_test(method, amounts), name) for name, method in METHODS.items()]
    error, held_back, name = min(tried)
    if error > LARGEST_ERROR:
        return None
    return Forecast(tuple(METHODS[name](amounts)), error, held_back, name)


def _back_test(method: Method, amounts: Sequence[Decimal]) -> tuple[Decimal, int]:
    """Forecast from each beginning of the series and compare with what followed."""
    misses, actual = [], []
    for known in range(FEWEST_TO_LEARN_FROM, len(amounts)):
        for said, came in zip(method(amounts[:known]), amounts[known:], strict=False):
            misses.append(abs(said - came))
            actual.append(came)
    return sum_exactly(misses) / sum_exactly(actual), len(misses)


def _last_month(amounts: Sequence[Decimal]) -> list[Decimal]:
    return [amounts[-1]] * HORIZON


def _mean_of_three(amounts: Sequence[Decimal]) -> list[Decimal]:
    return [sum_exactly(amounts[-3:]) / 3] * HORIZON


def _line(amounts: Sequence[Decimal]) -> list[Decimal]:
    """Fit a straight line by least squares and extend it; an amount below zero becomes zero."""
    count = len(amounts)
    middle, mean = Decimal(count - 1) / 2, sum_exactly(amounts) / count
    spread = sum_exactly((number - middle) ** 2 for number in range(count))
    slope = sum_exactly((number - middle) * (amount - mean) for number, amount in enumerate(amounts)) / spread
    return [max(mean + slope * (count + step - middle), Decimal(0)) for step in range(HORIZON)]


METHODS: dict[str, Method] = {
    "the last month again": _last_month,
    "the mean of the last three months": _mean_of_three,
    "a straight line through all months": _line,
}
