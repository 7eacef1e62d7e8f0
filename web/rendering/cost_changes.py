"""What moved from one month to the next, what is out of line, and where the costs go: from the scan's totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from shared.core.money import sum_exactly
from shared.sql.collected.cost_totals import CostTotal

MONTHS_TO_KNOW = 4
"""How many earlier months a value needs before a month of it can be out of line."""

OUT_OF_LINE_SHARE = Decimal("0.25")
"""A month is out of line if it is this far from the median of the months before it,"""

OUT_OF_LINE_SPREADS = 4
"""this many times as far as those months usually are,"""

OUT_OF_LINE_OF_TOTAL = Decimal("0.005")
"""and by at least this share of all costs of the month."""

ZERO = Decimal(0)


@dataclass(frozen=True)
class Change:
    """One value's cost in two months; None: no charge was recorded."""

    value: str | None
    before: Decimal | None
    after: Decimal | None

    @property
    def amount(self) -> Decimal:
        return sum_exactly((self.after or ZERO, -(self.before or ZERO)))

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def has_ended(self) -> bool:
        return self.after is None


@dataclass(frozen=True)
class Anomaly:
    """A month of one value that is out of line. `usual` is the median of the months before it."""

    value: str | None
    month: date
    amount: Decimal
    usual: Decimal

    @property
    def excess(self) -> Decimal:
        return self.amount - self.usual


def by_value(totals: Sequence[CostTotal], currency: str) -> dict[str | None, dict[date, Decimal]]:
    """Return each value's cost by month, in one currency."""
    found: dict[str | None, dict[date, Decimal]] = {}
    for total in totals:
        if total.billing_currency == currency:
            months = found.setdefault(total.value, {})
            months[total.charge_period_start] = months.get(total.charge_period_start, ZERO) + total.billed_cost
    return found


def changes(series: Mapping[str | None, Mapping[date, Decimal]], before: date, after: date) -> list[Change]:
    """Return what changed between two months, the largest change first; their sum is the change of the whole."""
    found = [Change(value, months.get(before), months.get(after)) for value, months in series.items()]
    moved = [change for change in found if change.amount]
    return sorted(moved, key=lambda change: (-abs(change.amount), change.value or ""))


def anomalies(series: Mapping[str | None, Mapping[date, Decimal]], months: Sequence[date]) -> list[Anomaly]:
    """Return the months that are out of line, the most money first. A value without a charge in a month has zero."""
    wholes = {month: sum_exactly(own.get(month, ZERO) for own in series.values()) for month in months}
    found = [
        anomaly
        for value, own in series.items()
        for number in range(MONTHS_TO_KNOW, len(months))
        if (anomaly := _out_of_line(value, own, months[: number + 1], wholes[months[number]]))
    ]
    return sorted(found, key=lambda one: (-abs(one.excess), one.value or ""))


def _out_of_line(
    value: str | None, own: Mapping[date, Decimal], months: Sequence[date], whole: Decimal
) -> Anomaly | None:
    *earlier, month = months
    known = [own[one] for one in earlier if one in own]
    if len(known) < MONTHS_TO_KNOW:
        return None
    usual, amount = median(known), own.get(month, ZERO)
    spread = median(abs(one - usual) for one in known)
    least = max(abs(usual) * OUT_OF_LINE_SHARE, spread * OUT_OF_LINE_SPREADS, abs(whole) * OUT_OF_LINE_OF_TOTAL)
    return Anomaly(value, month, amount, usual) if abs(amount - usual) > least else None
