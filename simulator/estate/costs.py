"""The cost rows of one subscription: what its resources cost in each calendar month."""

from collections.abc import Iterator
from typing import NamedTuple

from simulator.estate.resources import Resource, make_resources
from simulator.estate.subscriptions import CostAccess, Subscription

MIX = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


class CostRow(NamedTuple):
    """One line: `month` is year * 12 + month - 1, `amount` is the double that Azure prints."""

    month: int
    resource_id: str
    service: str
    subcategory: str
    meter: str
    location: str
    charge_type: str
    publisher: str
    currency: str
    amount: float


def month_number(year: int, month: int) -> int:
    """Months counted through: year * 12 + month - 1."""
    return year * 12 + month - 1


def scramble(value: int) -> int:
    """A well mixed 64-bit number from any number."""
    value = (value * MIX) & MASK
    value ^= value >> 29
    value = (value * 0xBF58476D1CE4E5B9) & MASK
    return value ^ (value >> 32)


def cost_rows(seed: int, subscription: Subscription, months: range) -> Iterator[CostRow]:
    """All rows of those months, in a fixed order."""
    if subscription.cost_access is not CostAccess.NO_DATA:
        for resource in make_resources(seed, subscription):
            yield from _resource_rows(resource, months)
        yield from _other_rows(seed, subscription, months)


def _resource_rows(resource: Resource, months: range) -> Iterator[CostRow]:
    resource_id = resource.resource_id.lower()
    location = resource.region
    for number, (meter, base) in enumerate(resource.meters):
        for month in months:
            if resource.exists_in(month):
                chance = scramble(resource.noise + month * 1_000_003 + number * 7919)
                yield CostRow(
                    month,
                    resource_id,
                    resource.kind.service,
                    meter.subcategory,
                    meter.name,
                    location,
                    "Usage",
                    "Azure",
                    meter.currency or resource.currency,
                    printed(_amount(base, month + resource.phase, resource.trend_months, chance), chance),
                )


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


def _other_rows(seed: int, subscription: Subscription, months: range) -> Iterator[CostRow]:
    """Purchases without a resource id, refunds, rounding and the subscription's own charges."""
    key = scramble(seed * 31 + subscription.index)
    pricing = f"{subscription.scope}/providers/microsoft.security/pricings/virtualmachines"
    currency = "USD" if subscription.has_dollars else subscription.currency
    own = subscription.currency
    for month in months:
        chance = scramble(key + month)
        share = (chance & 0xFFFF) / 0xFFFF
        yield CostRow(month, pricing, "Microsoft Defender for Cloud", "Defender for Servers", "Standard P2 Node", "", "Usage", "Azure", own, printed(90 + 60 * share, chance))  # fmt: skip # noqa: E501
        yield CostRow(month, "", "SaaS", "Contoso Backup for Azure", "Monthly plan", "Unassigned", "Purchase", "Marketplace", currency, 249.0)  # fmt: skip # noqa: E501
        yield CostRow(month, "", "Rounding", "", "Rounding adjustment", "", "RoundingAdjustment", "Azure", own, round((share - 0.5) / 1e4, 9))  # fmt: skip # noqa: E501
        if month % 12 == chance % 12 or month % 4 == 1:
            yield CostRow(month, "", "Virtual Machines", "Dsv5 Series", "D4s v5 Reservation", "Unassigned", "Purchase", "Azure", own, printed(1100 + 900 * share, chance))  # fmt: skip # noqa: E501
        if month % 5 == subscription.index % 5:
            yield CostRow(month, "", "Virtual Machines", "Dsv5 Series", "D4s v5 Reservation", "Unassigned", "Refund", "Azure", own, -printed(180 + 300 * share, chance))  # fmt: skip # noqa: E501
            yield CostRow(month, pricing, "Microsoft Defender for Cloud", "Defender for Servers", "Standard P2 Node", "", "Refund", "Azure", own, -round(12 * share, 6))  # fmt: skip # noqa: E501


RESERVATION = "D4s v5 Reservation"
TERM_MONTHS = 12


def amortized_rows(seed: int, subscription: Subscription, months: range) -> Iterator[CostRow]:
    """The same costs with each reservation's purchase spread over its term, as unused reservation.

    Purchases of the year before count too. Marketplace purchases stay in the month that they were billed in.
    """
    for row in cost_rows(seed, subscription, range(months.start - TERM_MONTHS + 1, months.stop)):
        if row.meter == RESERVATION and row.charge_type == "Purchase":
            for month in range(max(row.month, months.start), min(row.month + TERM_MONTHS, months.stop)):
                share = round(row.amount / TERM_MONTHS, 6)
                yield row._replace(month=month, charge_type="UnusedReservation", amount=share)
        elif row.month in months:
            yield row
