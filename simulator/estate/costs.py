"""The cost rows of one subscription: what its resources cost in each calendar month."""

from collections.abc import Iterator

from simulator.estate.charges import CostRow, printed, scramble, usage_row
from simulator.estate.committed_costs import covered_rows, effective_rows, is_commitment, is_covered, purchases
from simulator.estate.resources import Resource, make_resources
from simulator.estate.subscriptions import CostAccess, Subscription


def cost_rows(seed: int, subscription: Subscription, months: range) -> Iterator[CostRow]:
    """All rows of those months, in a fixed order."""
    if subscription.cost_access is not CostAccess.NO_DATA:
        resources = make_resources(seed, subscription)
        for resource in resources:
            yield from _resource_rows(resource, months)
        yield from _other_rows(seed, subscription, months)
        if subscription.has_commitments:
            yield from purchases(seed, subscription, resources, months)


def _resource_rows(resource: Resource, months: range) -> Iterator[CostRow]:
    for number in range(len(resource.meters)):
        for month in months:
            if resource.exists_in(month):
                row = usage_row(resource, number, month)
                yield from covered_rows(row, resource.commitment) if is_covered(resource, number) else (row,)


def _other_rows(seed: int, subscription: Subscription, months: range) -> Iterator[CostRow]:
    """Purchases without a resource id, refunds, rounding and the subscription's own charges."""
    key = scramble(seed * 31 + subscription.index)
    pricing = f"{subscription.scope}/providers/microsoft.security/pricings/virtualmachines"
    currency = "USD" if subscription.has_dollars else subscription.currency
    own = subscription.currency
    defender = ("Microsoft Defender for Cloud", "Defender for Servers", "Standard P2 Node", "")
    reservation = ("Virtual Machines", "Dsv5 Series", RESERVATION, "Unassigned")
    for month in months:
        chance = scramble(key + month)
        share = (chance & 0xFFFF) / 0xFFFF
        yield CostRow(month, pricing, *defender, "Usage", "OnDemand", "Azure", "UsageBased", own, printed(90 + 60 * share, chance), 8.0)  # fmt: skip # noqa: E501
        yield CostRow(month, "", "SaaS", "Contoso Backup for Azure", "Monthly plan", "Unassigned", "Purchase", "OnDemand", "Marketplace", "Recurring", currency, 249.0, 1.0)  # fmt: skip # noqa: E501
        yield CostRow(month, "", "Rounding", "", "Rounding adjustment", "", "RoundingAdjustment", "OnDemand", "Azure", "OneTime", own, round((share - 0.5) / 1e4, 9), 0.0)  # fmt: skip # noqa: E501
        if month % 5 == subscription.index % 5:
            yield CostRow(month, pricing, *defender, "Refund", "OnDemand", "Azure", "OneTime", own, -round(12 * share, 6), 0.0)  # fmt: skip # noqa: E501
        if not subscription.bought_reservations:
            continue
        if month % 12 == chance % 12 or month % 4 == 1:
            yield CostRow(month, "", *reservation, "Purchase", "OnDemand", "Azure", "OneTime", own, printed(1100 + 900 * share, chance), 1.0)  # fmt: skip # noqa: E501
        if month % 5 == subscription.index % 5:
            yield CostRow(month, "", *reservation, "Refund", "OnDemand", "Azure", "OneTime", own, -printed(180 + 300 * share, chance), -1.0)  # fmt: skip # noqa: E501


RESERVATION = "D4s v5 Reservation"
TERM_MONTHS = 12


def amortized_rows(seed: int, subscription: Subscription, months: range) -> Iterator[CostRow]:
    """The same costs with each reservation's purchase spread over its term, as unused reservation.

    Purchases of the year before count too. Marketplace purchases stay in the month that they were billed in.
    Where commitments cover machines, their usage carries its share and the hours left over are unused.
    """
    for row in cost_rows(seed, subscription, range(months.start - TERM_MONTHS + 1, months.stop)):
        if row.meter == RESERVATION and row.charge_type == "Purchase":
            for month in range(max(row.month, months.start), min(row.month + TERM_MONTHS, months.stop)):
                share = round(row.amount / TERM_MONTHS, 6)
                yield row._replace(
                    month=month,
                    charge_type="UnusedReservation",
                    pricing_model="Reservation",
                    frequency="UsageBased",
                    amount=share,
                )
        elif row.month in months and not is_commitment(row):
            yield row
    if subscription.has_commitments:
        yield from effective_rows(subscription, make_resources(seed, subscription), months)
