"""Lay out the cost chart. Templates draw it as SVG; no amounts are calculated here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.core.formats import money, month
from web.rendering.cost_figures import Series

PLOT_HEIGHT = 280
"""Pixels between the highest and the lowest grid line."""

MARGIN = 18
"""Pixels above and below the plot for labels."""

TICKS_WANTED = 5
COLUMN_FILL = 0.66
"""The share of a month's width that its column fills."""


@dataclass(frozen=True)
class Tick:
    """A grid line at `y` pixels."""

    y: float
    label: str
    is_zero: bool


@dataclass(frozen=True)
class Segment:
    """One service in one month. `x` and `width` are percentages of the plot; `y` and `height` are pixels."""

    x: float
    y: float
    width: float
    height: float
    layer: int
    title: str


@dataclass(frozen=True)
class Column:
    """One month: its label at `centre` percent, and its total above the column."""

    centre: float
    label: str
    short_label: str
    top: float
    sum_label: str


@dataclass(frozen=True)
class StackedColumns:
    """A chart of months, each a stack of services; refunds are below the zero line."""

    height: int
    ticks: tuple[Tick, ...]
    segments: tuple[Segment, ...]
    columns: tuple[Column, ...]


class Scale:
    """Converts amounts to pixels, with round numbers for grid lines."""

    def __init__(self, lowest: Decimal, highest: Decimal) -> None:
        self.step = round_step((max(highest, Decimal(0)) - min(lowest, Decimal(0))) / TICKS_WANTED)
        self.first = int((min(lowest, Decimal(0)) / self.step).to_integral_value("ROUND_FLOOR"))
        self.last = int((max(highest, Decimal(0)) / self.step).to_integral_value("ROUND_CEILING"))
        if self.first == self.last:
            self.last += 1

    def y(self, amount: Decimal) -> float:
        """Return the pixels from the top of the chart."""
        steps = float(amount / self.step)
        return round(MARGIN + PLOT_HEIGHT * (self.last - steps) / (self.last - self.first), 2)

    def ticks(self) -> tuple[Tick, ...]:
        """Return one tick for each step, from the top down."""
        amounts = [self.step * number for number in range(self.last, self.first - 1, -1)]
        return tuple(Tick(self.y(amount), compact(amount), not amount) for amount in amounts)


def round_step(rough: Decimal) -> Decimal:
    """Return the next of 1, 2, 2.5 or 5 times a power of ten."""
    if rough <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * factor for factor in map(Decimal, ("1", "2", "2.5", "5", "10")) if power * factor >= rough)


def compact(amount: Decimal) -> str:
    """Return `12.5k` or `3M`, for axes only."""
    for unit, power in (("bn", 9), ("M", 6), ("k", 3)):
        if abs(amount) >= Decimal(10) ** power:
            return f"{_short(amount.scaleb(-power))}{unit}"
    return _short(amount)


def _short(amount: Decimal) -> str:
    if not amount:
        return "0"
    digits = max(0, 2 - max(amount.adjusted(), 0)) if abs(amount) >= 1 else 2 - amount.adjusted()
    text = f"{abs(amount):.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"\N{MINUS SIGN}{text}" if amount < 0 else text


def stacked_columns(layers: Sequence[Series], months: Sequence[date], currency: str) -> StackedColumns:
    """Return the chart of the stacked months."""
    ups = [sum((max(layer.amounts[i], Decimal(0)) for layer in layers), Decimal(0)) for i in range(len(months))]
    downs = [sum((min(layer.amounts[i], Decimal(0)) for layer in layers), Decimal(0)) for i in range(len(months))]
    scale = Scale(min(downs, default=Decimal(0)), max(ups, default=Decimal(0)))
    segments = [part for number in range(len(months)) for part in _stack(layers, number, months, currency, scale)]
    columns = tuple(
        _column(number, months, scale.y(ups[number]), ups[number] + downs[number]) for number in range(len(months))
    )
    return StackedColumns(PLOT_HEIGHT + 2 * MARGIN, scale.ticks(), tuple(segments), columns)


def _stack(layers: Sequence[Series], number: int, months: Sequence[date], currency: str, scale: Scale) -> list[Segment]:
    """Return the segments of one month: charges upwards from zero, refunds downwards."""
    reached = {True: Decimal(0), False: Decimal(0)}
    width = 100 / len(months)
    found = []
    for layer, series in enumerate(layers):
        amount = series.amounts[number]
        if not amount:
            continue
        start, end = reached[amount > 0], reached[amount > 0] + amount
        reached[amount > 0] = end
        top, bottom = scale.y(max(start, end)), scale.y(min(start, end))
        found.append(
            Segment(
                x=round(width * (number + (1 - COLUMN_FILL) / 2), 3),
                y=top,
                width=round(width * COLUMN_FILL, 3),
                height=round(bottom - top, 2),
                layer=layer,
                title=f"{series.name}, {month(months[number])}: {money(amount, currency)}",
            )
        )
    return found


def _column(number: int, months: Sequence[date], top: float, amount: Decimal) -> Column:
    first = months[number]
    return Column(
        centre=round(100 / len(months) * (number + 0.5), 3),
        label=f"{first:%b}" if number and first.month != 1 else f"{first:%b %y}",
        short_label=f"{first:%b}"[0],
        top=round(top - 6, 2),
        sum_label=compact(amount) if amount else "",
    )
