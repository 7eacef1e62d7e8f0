"""One line of costs, and the usage of one meter in one month."""

from calendar import monthrange
from typing import NamedTuple

from simulator.estate.catalogue import Meter
from simulator.estate.resources import Resource

MIX = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


class CostRow(NamedTuple):
    """One line: `month` is year * 12 + month - 1, `amount` is the double that Azure prints.

    Usage that a commitment covers costs 0 and keeps its quantity, which is in the meter's unit.
    """

    month: int
    resource_id: str
    service: str
    subcategory: str
    meter: str
    location: str
    charge_type: str
    pricing_model: str
    publisher: str
    frequency: str
    currency: str
    amount: float
    quantity: float


def month_number(year: int, month: int) -> int:
    """Months counted through: year * 12 + month - 1."""
    return year * 12 + month - 1


def scramble(value: int) -> int:
    """A well mixed 64-bit number from any number."""
    value = (value * MIX) & MASK
    value ^= value >> 29
    value = (value * 0xBF58476D1CE4E5B9) & MASK
    return value ^ (value >> 32)


def hours_of(month: int) -> float:
    """The hours of a calendar month."""
    return 24.0 * monthrange(month // 12, month % 12 + 1)[1]


def usage_row(resource: Resource, number: int, month: int) -> CostRow:
    """What the meter of this number measured in the month, at the on-demand price."""
    meter, base = resource.meters[number]
    chance = scramble(resource.noise + month * 1_000_003 + number * 7919)
    return CostRow(
        month,
        resource.resource_id.lower(),
        meter.service or resource.kind.service,
        meter.subcategory,
        meter.name,
        resource.region,
        "Usage",
        "OnDemand",
        "Azure",
        "UsageBased",
        meter.currency or resource.currency,
        printed(_amount(base, month + resource.phase, resource.trend_months, chance), chance),
        _quantity(meter, number, month, chance),
    )


def _quantity(meter: Meter, number: int, month: int, chance: int) -> float:
    """What the meter counted: its own unit, hours for the resource's main meter, or a few of anything."""
    if meter.quantity:
        return meter.quantity
    return hours_of(month) if number == 0 and not meter.service else float(chance % 90 + 1)


def _amount(base: float, position: int, trend_months: int, chance: int) -> float:
    """A slow rise and fall, with some noise."""
    place = position % trend_months / trend_months
    trend = 0.7 + 1.2 * abs(2 * place - 1)
    return base * trend * (0.9 + (chance & 0xFFFF) / 0xFFFF * 0.2)


def printed(amount: float, chance: int) -> float:
    """The amount as Azure gives it: mostly 17 digits, often 6 decimals, at times exactly 0 or 7e-06."""
    kind = chance >> 56
    if kind < 3:
        return 0.0
    if kind < 6:
        return 7e-06
    if kind < 90:
        return round(amount, 6)
    return amount if amount >= 1 else round(amount, 12)
