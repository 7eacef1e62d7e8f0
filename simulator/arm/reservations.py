"""`GET …/Microsoft.Consumption/reservationRecommendations`."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from simulator.arm import filters
from simulator.arm.errors import cost_access_denied, refusal
from simulator.arm.gate import enter
from simulator.estate.commitments import LOOK_BACK_DAYS, SCOPES, SKUS, reservations
from simulator.exchange import Request, Response, json_response
from simulator.world import World

VERSIONS = ("2021-10-01", "2023-03-01", "2023-05-01", "2023-11-01", "2024-08-01")
KIND = "Microsoft.Consumption/reservationRecommendations"
PAGE_SIZE = 4
DEFAULTS = {
    "properties/scope": "Single",
    "properties/resourceType": "VirtualMachines",
    "properties/lookBackPeriod": "Last7Days",
}
ALLOWED = {
    "properties/scope": SCOPES,
    "properties/resourcetype": tuple(SKUS),
    "properties/lookbackperiod": tuple(LOOK_BACK_DAYS),
}


def recommendations(world: World, request: Request, subscription_id: str) -> Response:
    """A page of the list; 204 when there is nothing."""
    call = enter(world, request, VERSIONS, subscription_id, KIND)
    if call.subscription is None or not call.is_permitted:
        raise cost_access_denied()
    wanted = filters.read(request.parameter("$filter"), DEFAULTS, ALLOWED)
    look_back = wanted["properties/lookbackperiod"]
    first = datetime.fromtimestamp(world.now(), UTC) - timedelta(days=LOOK_BACK_DAYS[look_back])
    items = reservations(
        world.estate.seed,
        call.subscription,
        wanted["properties/resourcetype"],
        wanted["properties/scope"],
        look_back,
        first.date().isoformat(),
    )
    if not items:
        return Response(204, b"", call.headers)
    start = _offset(request)
    body: dict[str, Any] = {"value": items[start : start + PAGE_SIZE]}
    if start + PAGE_SIZE < len(items):
        body["nextLink"] = _next_link(world, request, start + PAGE_SIZE)
    return json_response(200, body, call.headers)


def _offset(request: Request) -> int:
    token = request.parameter("$skiptoken") or "0"
    if not token.isdigit():
        raise refusal(400, "BadRequest", "The skip token is not valid.")
    return int(token)


def _next_link(world: World, request: Request, start: int) -> str:
    """As documented: another api-version, an unescaped $skiptoken, and an & at the end."""
    chosen = quote(request.parameter("$filter") or "")
    return f"{world.base_url}{request.path}?api-version=2023-03-01&$filter={chosen}&$skiptoken={start}&"
