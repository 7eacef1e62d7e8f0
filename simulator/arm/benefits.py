"""`GET …/Microsoft.CostManagement/benefitRecommendations`: savings plans, and reservations beside them."""

from datetime import UTC, datetime, timedelta

from simulator.arm import filters
from simulator.arm.errors import cost_access_denied
from simulator.arm.gate import enter
from simulator.estate.commitments import LOOK_BACK_DAYS, SCOPES, TERMS, savings_plans
from simulator.exchange import Request, Response, json_response
from simulator.world import World

VERSIONS = ("2022-10-01", "2023-03-01", "2023-11-01", "2024-08-01", "2025-03-01")
KIND = "Microsoft.CostManagement/benefitRecommendations"
DEFAULTS = {
    "properties/scope": "Shared",
    "properties/term": "P3Y",
    "properties/lookBackPeriod": "Last60Days",
}
ALLOWED = {
    "properties/scope": SCOPES,
    "properties/term": TERMS,
    "properties/lookbackperiod": tuple(LOOK_BACK_DAYS),
    "properties/kind": ("SavingsPlan", "Reservation"),
}


def recommendations(world: World, request: Request, subscription_id: str) -> Response:
    """The list, in one page."""
    call = enter(world, request, VERSIONS, subscription_id, KIND)
    if call.subscription is None or not call.is_permitted:
        raise cost_access_denied()
    wanted = filters.read(request.parameter("$filter"), DEFAULTS, ALLOWED)
    look_back = wanted["properties/lookbackperiod"]
    first = datetime.fromtimestamp(world.now(), UTC) - timedelta(days=LOOK_BACK_DAYS[look_back])
    scope, term = wanted["properties/scope"], wanted["properties/term"]
    items = savings_plans(world.estate.seed, call.subscription, scope, term, look_back, first.date().isoformat())
    kind = wanted.get("properties/kind")
    return json_response(200, {"value": [item for item in items if kind in (None, item["kind"])]}, call.headers)
