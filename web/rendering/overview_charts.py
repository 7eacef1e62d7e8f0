"""Lay out the overview's two small charts. Templates draw them as SVG; no amounts are calculated here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.core.findings import Measure
from shared.core.formats import money, month
from web.rendering.cost_chart import compact
from web.rendering.cost_figures import MonthFigure
from web.rendering.overview import MeasureSavings

HEIGHT = 96
"""Pixels of the highest column."""

FILL = 0.72
"""The share of a month's width that its column fills."""


@dataclass(frozen=True)
class MonthColumn:
    """One month. `x`, `width` and `centre` are percentages; `y` and `height` are pixels."""

    month: date
    x: float
    width: float
    centre: float
    y: float
    height: float
    label: str
    sum_label: str
    title: str


@dataclass(frozen=True)
class BarPart:
    """One measure's part of the bar. `x` and `width` are percentages."""

    measure: Measure
    layer: int
    x: float
    width: float


def month_columns(months: Sequence[MonthFigure], currency: str) -> tuple[MonthColumn, ...]:
    """Return one column for each month; a month of refunds or without a charge has no height."""
    largest = max((one.amount for one in months if one.amount is not None), default=Decimal(0))
    return tuple(_column(number, one, len(months), largest, currency) for number, one in enumerate(months))


def _column(number: int, figure: MonthFigure, count: int, largest: Decimal, currency: str) -> MonthColumn:
    width, amount = 100 / count, figure.amount
    height = float(max(amount, Decimal(0)) / largest * HEIGHT) if amount is not None and largest > 0 else 0.0
    shown = "no charge" if amount is None else money(amount, currency)
    return MonthColumn(
        month=figure.month,
        x=round(width * (number + (1 - FILL) / 2), 3),
        width=round(width * FILL, 3),
        centre=round(width * (number + 0.5), 3),
        y=round(HEIGHT - height, 2),
        height=round(height, 2),
        label=f"{figure.month:%b}",
        sum_label="" if amount is None else compact(amount),
        title=f"{month(figure.month)}: {shown}",
    )


def measure_bar(measures: Sequence[MeasureSavings]) -> tuple[BarPart, ...]:
    """Return the parts of a bar of 100 %; a measure without a positive share has none."""
    parts: list[BarPart] = []
    reached = 0.0
    for layer, one in enumerate(measures):
        width = float((one.share or Decimal(0)) * 100)
        if width > 0:
            parts.append(BarPart(one.measure, layer, round(reached, 3), round(width, 3)))
            reached += width
    return tuple(parts)
