"""Resource Manager's addresses. Paths are matched in any casing, as Azure does."""

import re
from collections.abc import Callable

from simulator.arm import (
    advisor,
    benefits,
    corruption,
    cost_query,
    gate,
    metrics,
    reservations,
    resource_graph,
    subscriptions,
)
from simulator.arm.caller import caller
from simulator.arm.errors import method_not_allowed, refusal, with_request_ids
from simulator.exchange import Refusal, Request, Response
from simulator.world import World

PREFIXES = ("/subscriptions", "/providers", "/tenants")
SUBSCRIPTION = r"/subscriptions/([0-9a-fA-F-]{36})"
PROVIDER = re.compile(r"/providers/([^/]+)(?:/([^/]+))?", re.IGNORECASE)

Handler = Callable[..., Response]


def _route(method: str, pattern: str, handler: Handler) -> tuple[str, re.Pattern[str], Handler]:
    return method, re.compile(pattern, re.IGNORECASE), handler


ROUTES = (
    _route("GET", "/subscriptions", subscriptions.list_subscriptions),
    _route("POST", rf"{SUBSCRIPTION}/providers/Microsoft\.CostManagement/query", cost_query.query),
    _route("POST", r"/providers/Microsoft\.ResourceGraph/resources", resource_graph.resources),
    _route("GET", rf"{SUBSCRIPTION}/providers/Microsoft\.Advisor/recommendations", advisor.recommendations),
    _route(
        "GET",
        rf"{SUBSCRIPTION}/providers/Microsoft\.Consumption/reservationRecommendations",
        reservations.recommendations,
    ),
    _route("POST", rf"{SUBSCRIPTION}/providers/Microsoft\.Insights/metrics", metrics.metrics),
    _route(
        "GET", rf"{SUBSCRIPTION}/providers/Microsoft\.CostManagement/benefitRecommendations", benefits.recommendations
    ),
)


def answer(world: World, request: Request) -> Response | None:
    """The answer with the gateway's headers; None closes the connection. Every call is counted."""
    world.faults.begin_profile()
    if world.faults.strikes("arm_drop"):
        world.requests.add(request.method, request.path, 0)
        return None
    try:
        response = gate.fault(world) or corruption.corrupt_response(world, request, _handle(world, request))
    except Refusal as refused:
        response = refused.response
    world.requests.add(request.method, request.path, response.status)
    response = with_request_ids(response, world.now())
    if world.faults.strikes("arm_truncate"):
        length = ("Content-Length", str(len(response.body)))
        return Response(response.status, response.body[: len(response.body) // 2], (*response.headers, length))
    return response


def _handle(world: World, request: Request) -> Response:
    is_known_path = False
    for method, pattern, handler in ROUTES:
        found = pattern.fullmatch(request.path)
        if found and method == request.method:
            return handler(world, request, *found.groups())
        is_known_path = is_known_path or found is not None
    caller(world, request)
    if is_known_path:
        raise method_not_allowed(request.method)
    raise _unknown(request)


def _unknown(request: Request) -> Refusal:
    version = request.parameter("api-version")
    found = PROVIDER.search(request.path)
    if found is None:
        return refusal(404, "NotFound", f"No HTTP resource was found that matches the request URI '{request.path}'.")
    text = (
        f"The resource type '{found.group(2) or ''}' could not be found in the namespace '{found.group(1)}' for api "
        f"version '{version}'."
    )
    return refusal(404, "InvalidResourceType", text, (("x-ms-failure-cause", "gateway"),))
