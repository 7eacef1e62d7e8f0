"""`GET …/Microsoft.Advisor/recommendations`, in pages."""

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from simulator.arm import filters
from simulator.arm.errors import authorization_failed, refusal
from simulator.arm.gate import enter
from simulator.estate.advice import advice
from simulator.estate.estate import month_of
from simulator.exchange import Request, Response, json_response
from simulator.world import World

VERSIONS = ("2017-04-19", "2020-01-01", "2023-01-01", "2025-01-01")
KIND = "Microsoft.Advisor/recommendations"
CATEGORIES = ("Cost", "Security", "HighAvailability", "Performance", "OperationalExcellence")
MOST_ON_A_PAGE = 25
RESOURCE_REQUESTS = (("x-ms-ratelimit-remaining-subscription-resource-requests", "599"),)


def recommendations(world: World, request: Request, subscription_id: str) -> Response:
    """A page of the list."""
    call = enter(world, request, VERSIONS, subscription_id, KIND)
    subscription = call.subscription
    if subscription is None or not call.is_permitted:
        scope = f"/subscriptions/{subscription_id}"
        raise authorization_failed(call.caller.object_id, "Microsoft.Advisor/recommendations/read", scope)
    if not subscription.knows_advisor:
        text = "The subscription is not registered to use namespace 'Microsoft.Advisor'. See https://aka.ms/rps-not-found for how to register subscriptions."  # noqa: E501
        raise refusal(409, "MissingSubscriptionRegistration", text, (("x-ms-failure-cause", "gateway"),))
    wanted = filters.read(request.parameter("$filter"), {}, {"category": CATEGORIES}).get("category")
    now = world.now()
    resources = world.estate.resources(subscription, month_of(datetime.fromtimestamp(now, UTC).date()))
    found = advice(world.estate.seed, subscription, resources, now)
    items = [item for item in found if wanted in (None, item["properties"]["category"])]
    start, size = _offset(request), _size(request)
    body: dict[str, Any] = {"value": items[start : start + size]}
    if start + size < len(items):
        body = {"nextLink": _next_link(world, request, subscription_id, start + size), **body}
    return json_response(200, body, (*call.headers, *RESOURCE_REQUESTS))


def _size(request: Request) -> int:
    top = request.parameter("$top") or str(MOST_ON_A_PAGE)
    if not top.isdigit() or int(top) < 1:
        raise refusal(400, "BadRequest", "The value of $top is not valid.")
    return min(int(top), MOST_ON_A_PAGE)


def _offset(request: Request) -> int:
    token = request.parameter("$skiptoken")
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("offset:")) if token else 0
    except ValueError:
        raise refusal(400, "BadRequest", "The value of $skipToken is not valid.") from None


def _next_link(world: World, request: Request, subscription_id: str, start: int) -> str:
    """As recorded: every $ of the query escaped, and the provider in another casing."""
    token = quote(base64.urlsafe_b64encode(f"offset:{start}".encode()).decode())
    path = f"/subscriptions/{subscription_id}/providers/microsoft.Advisor/recommendations"
    version, wanted = request.parameter("api-version"), request.parameter("$filter")
    chosen = f"&%24filter={quote(wanted)}" if wanted else ""
    return f"{world.base_url}{path}?api-version={version}{chosen}&%24top={_size(request)}&%24skiptoken={token}"
