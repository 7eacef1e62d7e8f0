"""What the matrix's tenant holds: two pages of everything, for each of two subscriptions."""

from collections.abc import Callable
from decimal import Decimal

from shared.arm.catalogue import AMORTIZED_COSTS, COLLECTED
from shared.arm.endpoints import (
    LIST_SUBSCRIPTIONS,
)
from shared.arm.request import Json
from tests.conformance.collector_samples import SAMPLES
from tests.support.collecting import FIRST, SECOND, TENANT, cost_page, inventory_page

LISTING = "subscriptions"
REPULL = "re-pull"
"""The costs of the first subscription, read again after a scan that nothing happened to."""

KINDS = tuple(kind for kind in COLLECTED if kind is not AMORTIZED_COSTS)
"""Those with an endpoint of their own: amortized costs are read by the query and the code of the actual ones."""

SUBJECTS = {LIST_SUBSCRIPTIONS.name: LISTING, **{kind.endpoint.name: kind.name for kind in KINDS}}
"""What is read by which endpoint: the columns of the matrix."""


def _listed(subscription_id: str) -> Json:
    return {
        "subscriptionId": subscription_id,
        "tenantId": TENANT,
        "displayName": f"Name of {subscription_id[-1]}",
        "state": "Enabled",
    }


def _listing(_: str) -> list[Json]:
    return [{"value": [_listed(FIRST)]}, {"value": [_listed(SECOND)]}]


def _costs(subscription_id: str) -> list[Json]:
    return [cost_page(subscription_id, "1.5", "-0.25"), cost_page(subscription_id, "7")]


def _inventory(subscription_id: str) -> list[Json]:
    return [inventory_page(subscription_id, "one", "two"), inventory_page(subscription_id, "three")]


def _advisor(subscription_id: str) -> list[Json]:
    def item(number: int) -> Json:
        disk = f"/subscriptions/{subscription_id}/resourceGroups/web/providers/Microsoft.Compute/disks/{number}"
        return {
            "id": f"{disk}/providers/Microsoft.Advisor/recommendations/{number}",
            "properties": {"category": "Cost", "extendedProperties": {"savingsAmount": f"{number}.5"}},
        }

    return [{"value": [item(1), item(2)]}, {"value": [item(3)]}]


def _reservations(_: str) -> list[Json]:
    def item(number: int) -> Json:
        return {"kind": "legacy", "sku": f"D{number}", "properties": {"term": "P1Y", "netSavings": Decimal(number)}}

    return [{"value": [item(1), item(2)]}, {"value": [item(3)]}]


def _savings_plans(_: str) -> list[Json]:
    def item(number: int) -> Json:
        details = {"commitmentAmount": Decimal(number), "savingsAmount": Decimal("1.25")}
        return {"kind": "SavingsPlan", "properties": {"term": "P1Y", "recommendationDetails": details}}

    return [{"value": [item(1), item(2)]}, {"value": [item(3)]}]


def _sample(name: str) -> Callable[[str], list[Json]]:
    """The collector's sample page, twice."""
    return lambda _: [SAMPLES[name], SAMPLES[name]]


PAGES: dict[str, Callable[[str], list[Json]]] = {
    LISTING: _listing,
    **{kind.name: _sample(kind.name) for kind in KINDS},
    "costs": _costs,
    "inventory": _inventory,
    "advisor": _advisor,
    "reservations": _reservations,
    "savings_plans": _savings_plans,
}
"""The pages of each, by subscription. Of what is asked in several requests, every one has these pages."""
