"""Calculate the report's figures from the scan's totals: exact sums, one currency at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.core.money import sum_exactly
from shared.sql.collected.cost_totals import CostTotal

SERVICES_IN_CHART = 7

ZERO = Decimal(0)


@dataclass(frozen=True)
class MonthFigure:
    """One month. `amount` is None if there was no charge. `change` is from the previous month, if both are known."""

    month: date
    amount: Decimal | None
    change: Decimal | None
    change_share: Decimal | None


@dataclass(frozen=True)
class Series:
    """One layer of the chart: an amount for each month of the period."""

    name: str
    amounts: tuple[Decimal, ...]
    total: Decimal


@dataclass(frozen=True)
class DimensionTotal:
    """The total of one value of a dimension; `value` is None for costs without one. `share` is of a positive total.

    With a `value_count` above 1 it is the total of so many other values together.
    """

    value: str | None
    amount: Decimal
    share: Decimal | None
    value_count: int = 1


@dataclass(frozen=True)
class CurrencyFigures:
    """All figures of one currency. Amounts in different currencies are never added."""

    currency: str
    total: Decimal
    months: tuple[MonthFigure, ...]
    layers: tuple[Series, ...]
    services: tuple[DimensionTotal, ...]
    subscriptions: tuple[DimensionTotal, ...]
    resource_groups: tuple[DimensionTotal, ...]
    regions: tuple[DimensionTotal, ...]


def figures(totals: Mapping[str, Sequence[CostTotal]], months: Sequence[date]) -> tuple[CurrencyFigures, ...]:
    """Return the figures of each currency, sorted by code. `totals` are by dimension."""
    currencies = sorted({total.billing_currency for rows in totals.values() for total in rows})
    return tuple(_currency(currency, totals, months) for currency in currencies)


def _currency(currency: str, totals: Mapping[str, Sequence[CostTotal]], months: Sequence[date]) -> CurrencyFigures:
    own = {name: [total for total in rows if total.billing_currency == currency] for name, rows in totals.items()}
    services = own["service"]
    total = sum_exactly(row.billed_cost for row in services)
    return CurrencyFigures(
        currency=currency,
        total=total,
        months=month_figures(services, months),
        layers=layers(services, months),
        services=dimension_totals(services, total),
        subscriptions=dimension_totals(own["subscription"], total),
        resource_groups=dimension_totals(own["resource_group"], total),
        regions=dimension_totals(own["region"], total),
    )


def month_figures(rows: Sequence[CostTotal], months: Sequence[date]) -> tuple[MonthFigure, ...]:
    """Return each month's total and its change from the previous month."""
    sums = {
        month: sum_exactly(amounts)
        for month in months
        if (amounts := [row.billed_cost for row in rows if row.charge_period_start == month])
    }
    found: list[MonthFigure] = []
    for number, month in enumerate(months):
        before = sums.get(months[number - 1]) if number else None
        found.append(_month_figure(month, sums.get(month), before))
    return tuple(found)


def _month_figure(month: date, amount: Decimal | None, before: Decimal | None) -> MonthFigure:
    if amount is None or before is None:
        return MonthFigure(month, amount, None, None)
    change = sum_exactly((amount, before.copy_negate()))
    return MonthFigure(month, amount, change, change / before if before > 0 else None)


def layers(rows: Sequence[CostTotal], months: Sequence[date], plural: str = "services") -> tuple[Series, ...]:
    """Return the values with the largest amounts, largest first, and all others as one layer."""
    by_service: dict[str, list[CostTotal]] = {}
    for row in rows:
        by_service.setdefault(row.value or "No service", []).append(row)
    ranked = sorted(
        by_service.items(), key=lambda item: (-sum_exactly(abs(row.billed_cost) for row in item[1]), item[0])
    )
    found = [_series(name, own, months) for name, own in ranked[:SERVICES_IN_CHART]]
    rest = [row for _, own in ranked[SERVICES_IN_CHART:] for row in own]
    if rest:
        count = len(ranked) - SERVICES_IN_CHART
        found.append(_series(f"{count} other {plural.removesuffix('s') if count == 1 else plural}", rest, months))
    return tuple(found)


def _series(name: str, rows: Sequence[CostTotal], months: Sequence[date]) -> Series:
    amounts = tuple(
        sum_exactly(row.billed_cost for row in rows if row.charge_period_start == month) for month in months
    )
    return Series(name, amounts, sum_exactly(amounts))


def dimension_totals(rows: Sequence[CostTotal], total: Decimal) -> tuple[DimensionTotal, ...]:
    """Return each value's total over the period, most expensive first, and all others together last."""
    by_value: dict[tuple[str | None, int], list[Decimal]] = {}
    for row in rows:
        by_value.setdefault((row.value, row.value_count), []).append(row.billed_cost)
    found = [(*key, sum_exactly(amounts)) for key, amounts in by_value.items()]
    found.sort(key=lambda each: (each[1] > 1, -each[2], each[0] or ""))
    return tuple(DimensionTotal(value, amount, share_of(amount, total), count) for value, count, amount in found)


def share_of(amount: Decimal, total: Decimal) -> Decimal | None:
    """Return the share of a positive total; None for any other total."""
    return amount / total if total > 0 else None
