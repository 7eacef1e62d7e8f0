"""The kinds of data that a scan collects, with the texts of the permissions page and the report."""

from dataclasses import dataclass

from shared.arm.endpoints import (
    LIST_BENEFIT_RECOMMENDATIONS,
    LIST_RECOMMENDATIONS,
    LIST_RESERVATION_RECOMMENDATIONS,
    QUERY_COSTS,
    QUERY_RESOURCES,
    Endpoint,
)
from shared.core.periods import COST_MONTHS


@dataclass(frozen=True)
class CollectedKind:
    """One kind of data of a scan; its collector has the same name.

    `rows_label` names its rows in the plural, `reads` is the permissions page's description, and
    `endpoint` is the one call that reads it.
    """

    name: str
    title: str
    rows_label: str
    reads: str
    endpoint: Endpoint


COSTS = CollectedKind(
    "costs",
    "Cost Management",
    "cost records",
    f"{COST_MONTHS} complete calendar months of cost line items by resource, service, meter and month.",
    QUERY_COSTS,
)
AMORTIZED_COSTS = CollectedKind(
    "amortized_costs",
    "Amortized costs",
    "amortized cost records",
    "The same costs once more with reservations and savings plans spread over the time that they cover. Read only for "
    "subscriptions whose cost line items show a commitment or a purchase, or come without the columns that would.",
    QUERY_COSTS,
)
INVENTORY = CollectedKind(
    "inventory",
    "Resource Graph",
    "resources",
    "Inventory of the resources you own: name, type, location, tags, SKU and a few basic properties.",
    QUERY_RESOURCES,
)
ADVISOR = CollectedKind(
    "advisor",
    "Azure Advisor",
    "Advisor recommendations",
    "Cost recommendations that Azure has already surfaced for you. We never ask Advisor to compute new ones.",
    LIST_RECOMMENDATIONS,
)
RESERVATIONS = CollectedKind(
    "reservations",
    "Reservation recommendations",
    "reservation recommendations",
    "Azure's estimates of where Reserved Instances would save money.",
    LIST_RESERVATION_RECOMMENDATIONS,
)
SAVINGS_PLANS = CollectedKind(
    "savings_plans",
    "Savings plan recommendations",
    "savings plan recommendations",
    "Azure's estimates of where a savings plan would save money, where Azure offers them.",
    LIST_BENEFIT_RECOMMENDATIONS,
)

COLLECTED = (COSTS, AMORTIZED_COSTS, INVENTORY, ADVISOR, RESERVATIONS, SAVINGS_PLANS)
"""All kinds, in display order."""


def collected_kind(name: str) -> CollectedKind:
    """Return the kind of this name; raises ValueError if there is none."""
    for kind in COLLECTED:
        if kind.name == name:
            return kind
    raise ValueError(f"no collected kind is named {name}")
