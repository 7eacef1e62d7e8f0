"""Cost rows grouped by dimensions, as Cost Management groups them."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal, localcontext

from simulator.estate.costs import CostRow
from simulator.estate.subscriptions import CostAccess, Subscription

FULL_GROUPINGS = ("ResourceId", "ServiceName", "MeterSubcategory", "Meter", "ResourceLocation", "ChargeType")
SIMPLE_GROUPINGS = ("ResourceId", "ServiceName")

GroupedRow = tuple[int, tuple[str, ...], str, float]
"""(month, values of the groupings, currency, amount)."""


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
    "PricingModel": lambda row: "Reservation" if "Reservation" in row.meter else "OnDemand",
    "Frequency": lambda row: "OneTime" if row.charge_type == "Purchase" else "UsageBased",
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
        yield from ((row.month, row[1:7], row.currency, row.amount) for row in rows)
        return
    sums: dict[tuple[int, tuple[str, ...], str], Decimal] = {}
    with localcontext(prec=60):
        for row in rows:
            key = (row.month, tuple(reader(row) for reader in readers), row.currency)
            sums[key] = sums.get(key, Decimal(0)) + Decimal(repr(row.amount))
    for (month, values, currency), amount in sums.items():
        yield month, values, currency, as_double(amount)


def narrowed(rows: Iterable[CostRow], dimension: str, wanted: tuple[str, ...]) -> Iterator[CostRow]:
    """The rows whose value of the dimension is one of these, in whatever casing."""
    reader = VALUES.get(dimension, _unfilled)
    folded = {value.lower() for value in wanted}
    return (row for row in rows if reader(row).lower() in folded)


def by_day(rows: Iterable[GroupedRow], first: date, last: date) -> Iterator[GroupedRow]:
    """Each month's row as one for each of its days, the number being YYYYMMDD as Azure writes it."""
    for month, values, currency, amount in rows:
        length = monthrange(month // 12, month % 12 + 1)[1]
        share = as_double(Decimal(repr(amount)) / length)
        for day in (date(month // 12, month % 12 + 1, number + 1) for number in range(length)):
            if first <= day <= last:
                yield int(f"{day:%Y%m%d}"), values, currency, share


def as_double(amount: Decimal) -> float:
    """As Azure prints a sum: 17 digits, and no more than 12 decimals below one."""
    number = float(amount)
    return number if abs(number) >= 1 else round(number, 12)


def max_groupings(subscription: Subscription) -> int:
    """How many groupings Cost Management accepts for this subscription."""
    return 2 if subscription.cost_access is CostAccess.TWO_GROUPINGS else 14
