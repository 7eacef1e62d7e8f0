"""A person who asks for costs, for the tests of cost queries."""

from typing import Any

from simulator.estate.grouping import FULL_GROUPINGS
from simulator.estate.subscriptions import CostAccess, Subscription
from simulator.exchange import Json, Response
from tests.unit.simulator.visitor import Visitor, payload

ENOUGH = {"ClientType": "CaletaCostReview"}


def definition(*groupings: str, **changes: Json) -> dict[str, Any]:
    return {
        "type": "ActualCost",
        "timeframe": "Custom",
        "timePeriod": {"from": "2025-11-01T00:00:00Z", "to": "2026-10-31T23:59:59Z"},
        "dataset": {
            "granularity": "Monthly",
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
            "grouping": [{"type": "Dimension", "name": name} for name in groupings or FULL_GROUPINGS],
        },
        **changes,
    }


def url_of(subscription: Subscription, top: int = 5000) -> str:
    return f"{subscription.scope}/providers/Microsoft.CostManagement/query?api-version=2025-03-01&$top={top}"


class Costs:
    """Asks for costs as one person, as fast as the quotas allow."""

    def __init__(self, visitor: Visitor, username: str = "owner@contoso.example") -> None:
        self.visitor = visitor
        self.headers = {**visitor.bearer(username), **ENOUGH}

    def ask(self, subscription: Subscription, body: dict[str, Any] | None = None, url: str = "") -> Response:
        self.visitor.time.pass_by(60)
        return self.visitor.post(url or url_of(subscription), body or definition(), self.headers)

    def pages(self, subscription: Subscription, body: dict[str, Any], top: int) -> list[dict[str, Any]]:
        url, found = url_of(subscription, top), []
        while url:
            page = payload(self.ask(subscription, body, url))
            found.append(page["properties"])
            url = page["properties"]["nextLink"] or ""
        return found


def only(costs: Costs) -> Subscription:
    return costs.visitor.world.estate.subscriptions[0]


def with_access(costs: Costs, access: CostAccess) -> Subscription:
    return next(item for item in costs.visitor.world.estate.subscriptions if item.cost_access is access)


def refused(response: Response, status: int, code: str, text: str) -> None:
    error = payload(response)["error"]
    assert (response.status, error["code"]) == (status, code), error
    assert text in error["message"]
