"""What commitments do to a subscription's costs: covered usage at 0, purchases, and the amortized view.

https://learn.microsoft.com/azure/cost-management-billing/reservations/understand-reserved-instance-usage-ea

A reservation is paid up front once a year; a savings plan is paid by the month, and covers some of
the hours of a machine while the rest is on demand.
"""

from collections.abc import Iterable, Iterator

from simulator.estate.charges import CostRow, usage_row
from simulator.estate.resources import Resource
from simulator.estate.subscriptions import Subscription

DISCOUNTED = 0.6
"""What a covered hour costs, as a share of its on-demand price."""

PLAN_HOURS = 0.75
"""The share of a machine's hours that the savings plan covers."""

HIGHEST_USE = 2.1
"""The most that a meter costs in a month, as a multiple of its base: what was committed to is never exceeded."""

YEAR = 12
RESERVED, PLAN = "Reservation", "SavingsPlan"
PURCHASES = {
    RESERVED: ("Virtual Machines", "Dsv5 Series", "D4s v5 Reserved Instance, up front", "OneTime"),
    PLAN: ("Savings Plan", "Compute Savings Plan", "Compute Savings Plan, monthly", "Recurring"),
}
"""Service, subcategory, meter and frequency of a purchase."""

Resources = Iterable[Resource]


def is_covered(resource: Resource, number: int) -> bool:
    """Whether a commitment covers the meter of this number: only the compute of a machine."""
    return bool(resource.commitment) and number == 0


def is_commitment(row: CostRow) -> bool:
    """Whether the row is what a commitment costs or covers in the actual view."""
    is_purchase = row.charge_type == "Purchase" and row.meter in {meter for _, _, meter, _ in PURCHASES.values()}
    return is_purchase or row.pricing_model in PURCHASES


def covered_rows(row: CostRow, commitment: str) -> Iterator[CostRow]:
    """The usage in the actual view: what is covered costs 0, with its quantity."""
    if commitment == RESERVED:
        yield row._replace(pricing_model=RESERVED, amount=0.0)
        return
    yield row._replace(pricing_model=PLAN, amount=0.0, quantity=row.quantity * PLAN_HOURS)
    overage = round(row.amount * (1 - PLAN_HOURS), 6)
    yield row._replace(amount=overage, quantity=row.quantity * (1 - PLAN_HOURS))


def purchases(seed: int, subscription: Subscription, resources: Resources, months: range) -> Iterator[CostRow]:
    """What was paid for the commitments in those months."""
    committed = _committed(resources)
    anniversary = (seed + subscription.index) % YEAR
    for month in months:
        for commitment, monthly in committed.items():
            if commitment == PLAN:
                yield _purchase(subscription, commitment, month, monthly)
            elif month % YEAR == anniversary:
                yield _purchase(subscription, commitment, month, monthly * YEAR)


def _purchase(subscription: Subscription, commitment: str, month: int, amount: float) -> CostRow:
    """A purchase row says OnDemand, as Azure's do."""
    service, subcategory, meter, frequency = PURCHASES[commitment]
    names = (service, subcategory, meter, "Unassigned", "Purchase", "OnDemand", "Azure", frequency)
    return CostRow(month, "", *names, subscription.currency, round(amount, 6), 1.0)


def effective_rows(subscription: Subscription, resources: Resources, months: range) -> Iterator[CostRow]:
    """The same commitments in the amortized view: covered usage at its share, then what was left unused."""
    covered = [resource for resource in resources if is_covered(resource, 0)]
    for month in months:
        unused = _committed(covered)
        for resource in covered:
            if resource.exists_in(month):
                row = effective_row(resource, month)
                unused[resource.commitment] -= row.amount
                yield row
        for commitment, amount in unused.items():
            yield _unused(subscription, commitment, month, amount)


def effective_row(resource: Resource, month: int) -> CostRow:
    """The covered usage of a machine at what the commitment's share of it costs."""
    row = usage_row(resource, 0, month)
    share = 1.0 if resource.commitment == RESERVED else PLAN_HOURS
    amount = round(row.amount * share * DISCOUNTED, 6)
    return row._replace(pricing_model=resource.commitment, amount=amount, quantity=row.quantity * share)


def _unused(subscription: Subscription, commitment: str, month: int, amount: float) -> CostRow:
    service, subcategory, meter, _ = PURCHASES[commitment]
    names = (service, subcategory, meter, "Unassigned", f"Unused{commitment}", commitment, "Azure", "UsageBased")
    return CostRow(month, "", *names, subscription.currency, round(amount, 6), 0.0)


def _committed(resources: Resources) -> dict[str, float]:
    """What was committed to a month, by kind of commitment: more than the machines ever use."""
    found: dict[str, float] = {}
    for resource in resources:
        if is_covered(resource, 0):
            share = 1.0 if resource.commitment == RESERVED else PLAN_HOURS
            most = resource.meters[0][1] * HIGHEST_USE * share * DISCOUNTED
            found[resource.commitment] = found.get(resource.commitment, 0.0) + most
    return found
