"""Cost rows grouped by dimensions, as Cost Management groups them."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal, localcontext

from simulator.estate.charges import CostRow
from simulator.estate.subscriptions import CostAccess, Subscription

SIMPLE_GROUPINGS = ("ResourceId", "ServiceName")
METER_GROUPINGS = (*SIMPLE_GROUPINGS, "MeterSubcategory", "Meter", "ResourceLocation", "ChargeType")
FULL_GROUPINGS = (*METER_GROUPINGS, "PricingModel", "PublisherType", "Frequency")
LADDER = (FULL_GROUPINGS, METER_GROUPINGS, SIMPLE_GROUPINGS)
"""What a client asks for that wants to know as much as it may: the next if the one before is refused."""

GroupedRow = tuple[int, tuple[str, ...], str, float, float]
"""(month, values of the groupings, currency, amount, quantity)."""


def _resource_group(row: CostRow) -> str:
    parts = row.resource_id.split("/")
    return parts[4] if len(parts) > 4 and parts[3] == "resourcegroups" else ""


def _resource_type(row: CostRow) -> str:
    _, _, provider = row.resource_id.rpartition("/providers/")
    namespace, *rest = provider.split("/")
    return "/".join([namespace, *rest[::2]])


def _unfilled(_row: CostRow) -> str:
    return ""


VALUES: dict[str, Callable[[CostRow], str]] = {
    "ResourceId": lambda row: row.resource_id,
    "ServiceName": lambda row: row.service,
    "MeterCategory": lambda row: row.service,
    "MeterSubcategory": lambda row: row.subcategory,
    "Meter": lambda row: row.meter,
    "ResourceLocation": lambda row: row.location,
    "ChargeType": lambda row: row.charge_type,
    "PublisherType": lambda row: row.publisher,
    "ResourceGroup": _resource_group,
    "ResourceGroupName": _resource_group,
    "ResourceType": _resource_type,
    "SubscriptionId": lambda row: row.resource_id.split("/")[2] if row.resource_id else "",
    "PricingModel": lambda row: row.pricing_model,
    "Frequency": lambda row: row.frequency,
}
UNFILLED = (
    "SubscriptionName", "ServiceFamily", "UnitOfMeasure", "PartNumber", "BillingAccountId", "BillingAccountName",
    "BillingProfileId", "BillingProfileName", "InvoiceSectionId", "InvoiceSectionName", "InvoiceId", "Product",
    "ProductId", "ResourceGuid", "ServiceTier", "ReservationId", "ReservationName", "BillingMonth", "BenefitId",
    "BenefitName", "CostAllocationRuleName",
)  # fmt: skip
"""Valid names whose values this simulation leaves empty."""

DIMENSIONS = (*VALUES, *UNFILLED)


def grouped(rows: Iterable[CostRow], groupings: tuple[str, ...]) -> Iterator[GroupedRow]:
    """One row per month, values and currency; amounts are added exactly, then printed as doubles."""
    readers = [VALUES.get(name, _unfilled) for name in groupings]
    if groupings == FULL_GROUPINGS:
        yield from ((row.month, row[1:10], row.currency, row.amount, row.quantity) for row in rows)
        return
    sums: dict[tuple[int, tuple[str, ...], str], tuple[Decimal, Decimal]] = {}
    nothing = Decimal(0), Decimal(0)
    with localcontext(prec=60):
        for row in rows:
            key = (row.month, tuple(reader(row) for reader in readers), row.currency)
            amount, quantity = sums.get(key, nothing)
            sums[key] = amount + Decimal(repr(row.amount)), quantity + Decimal(repr(row.quantity))
    for (month, values, currency), (amount, quantity) in sums.items():
        yield month, values, currency, as_double(amount), as_double(quantity)


def narrowed(rows: Iterable[CostRow], dimension: str, wanted: tuple[str, ...]) -> Iterator[CostRow]:
    """The rows whose value of the dimension is one of these, in whatever casing."""
    reader = VALUES.get(dimension, _unfilled)
    folded = {value.lower() for value in wanted}
    return (row for row in rows if reader(row).lower() in folded)


def by_day(rows: Iterable[GroupedRow], first: date, last: date) -> Iterator[GroupedRow]:
    """Each month's row as one for each of its days, the number being YYYYMMDD as Azure writes it."""
    for month, values, currency, amount, quantity in rows:
        length = monthrange(month // 12, month % 12 + 1)[1]
        share, used = as_double(Decimal(repr(amount)) / length), as_double(Decimal(repr(quantity)) / length)
        for day in (date(month // 12, month % 12 + 1, number + 1) for number in range(length)):
            if first <= day <= last:
                yield int(f"{day:%Y%m%d}"), values, currency, share, used


def as_double(amount: Decimal) -> float:
    """As Azure prints a sum: 17 digits, and no more than 12 decimals below one."""
    number = float(amount)
    return number if abs(number) >= 1 else round(number, 12)


def max_groupings(subscription: Subscription) -> int:
    """How many groupings Cost Management accepts for this subscription."""
    return 2 if subscription.cost_access is CostAccess.TWO_GROUPINGS else subscription.most_groupings


def accepted_groupings(subscription: Subscription) -> tuple[str, ...]:
    """The first step of the ladder that Cost Management accepts for this subscription."""
    return next(each for each in LADDER if len(each) <= max_groupings(subscription))
