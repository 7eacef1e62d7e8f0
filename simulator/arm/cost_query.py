"""`POST …/Microsoft.CostManagement/query`: quota, permission, definition, then a page of rows."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from uuid import uuid4

from simulator.arm import cost_definition
from simulator.arm.cost_definition import QUANTITY, Definition
from simulator.arm.cost_quota import pay
from simulator.arm.errors import cost_access_denied, error, method_not_allowed, refusal
from simulator.arm.gate import Call, enter
from simulator.estate.estate import View
from simulator.estate.grouping import GroupedRow
from simulator.estate.subscriptions import CostAccess, Subscription
from simulator.exchange import Headers, Json, Request, Response, json_response
from simulator.world import World

VERSIONS = ("2023-03-01", "2023-08-01", "2023-11-01", "2024-08-01", "2025-03-01")
KIND = "Microsoft.CostManagement/query"


def query(world: World, request: Request, subscription_id: str) -> Response:
    """A page of cost rows, or 204."""
    if request.method != "POST":
        raise method_not_allowed(request.method)
    call = enter(world, request, VERSIONS, subscription_id, KIND)
    subscription = call.subscription
    if subscription is None or not call.is_permitted:
        raise cost_access_denied()
    refused = _refused_offer(subscription)
    if refused is not None:
        return refused
    today = datetime.fromtimestamp(world.now(), UTC).date()
    asked = cost_definition.read(request, subscription, today)
    start = _offset(request, asked)
    headers = (*call.headers, *pay(call, subscription, asked.units))
    if world.faults.strikes("cost_404_null"):
        return error(404, "NotFound", "GtmDimensionDataProvider.GetDimensionDataAsync returns null", headers)
    if world.faults.strikes("cost_404_new"):
        text = f"Cost management data is not supported for subscription(s) {subscription_id} in the provided api-version. Please use api-version 2019-10-01 or later. (Request ID: {uuid4()})"  # noqa: E501
        return error(404, "NotFound", text, headers)
    if subscription.cost_access is CostAccess.NO_DATA:
        return Response(204, b"", headers)
    return _page(call, subscription, asked, start, headers)


def _refused_offer(subscription: Subscription) -> Response | None:
    """Agreements without cost data, with the recorded texts."""
    request_id = f"(Request ID: {uuid4()})"
    match subscription.cost_access:
        case CostAccess.OFFER_REFUSED:
            text = f"Cost management data is unavailable for subscription {subscription.subscription_id}. The offer MS-AZR-0243P is not supported. {request_id}"  # noqa: E501
            return error(400, "BadRequest", text)
        case CostAccess.CHARGES_HIDDEN:
            text = f"Access to cost data has been disabled for account admins. Please query for usage (Quantity dimension) and contact the billing account admin for access to costs. To enable costs, 'AO View Charges' must be enabled on the enrollment within the Enterprise portal. {request_id}"  # noqa: E501
            return error(400, "AccountCostDisabled", text)
        case CostAccess.NO_OFFER:
            sentence = f"Cost Management supports only Enterprise Agreement, Web direct and Microsoft Customer Agreement offer types. Subscription {subscription.subscription_id} is not associated with a valid offer type."  # noqa: E501
            return error(422, "422", f"{sentence} {sentence}")
        case CostAccess.NO_AIRS:
            text = f"Given subscription {subscription.subscription_id} doesn't have valid WebDirect/AIRS offer type. {request_id}"  # noqa: E501
            return error(404, "NotFound", text)
        case _:
            return None


def _offset(request: Request, asked: Definition) -> int:
    """Where this page starts; a skip token is valid only with the body that it was issued for."""
    token = request.parameter("$skiptoken")
    if token is None:
        return 0
    try:
        values = json.loads(base64.b64decode(token, validate=True))
        if values["query"] == asked.digest and isinstance(values["offset"], int):
            return int(values["offset"])
    except (ValueError, KeyError, TypeError):
        pass
    raise refusal(400, "BadRequest", f"Invalid query definition, the skip token does not fit. (Request ID: {uuid4()})")


def _page(call: Call, subscription: Subscription, asked: Definition, start: int, headers: Headers) -> Response:
    months = (asked.first_month, asked.end_month)
    estate = call.world.estate
    if asked.view == View():
        rows = estate.grouped_rows(subscription, *months, asked.groupings)
    else:
        rows = estate.viewed_rows(subscription, *months, asked.groupings, asked.view)
    end = start + asked.top
    name = str(uuid4())
    body = {
        "id": f"subscriptions/{subscription.subscription_id}/providers/{KIND}/{name}",
        "name": name,
        "type": KIND,
        "location": None,
        "sku": None,
        "eTag": None,
        "properties": {
            "nextLink": _next_link(call, subscription, asked, end) if end < len(rows) else None,
            "columns": [{"name": label, "type": kind} for label, kind in _columns(subscription, asked)],
            "rows": [_cells(row, subscription, asked) for row in islice(rows, start, end)],
        },
    }
    return json_response(200, body, headers)


def _next_link(call: Call, subscription: Subscription, asked: Definition, end: int) -> str:
    """As recorded: an unescaped $skiptoken, at times with another api-version and another casing."""
    version = subscription.next_link_version or call.request.parameter("api-version")
    token = base64.b64encode(json.dumps({"query": asked.digest, "offset": end}).encode()).decode()
    path = f"{subscription.scope}/providers/{KIND}"
    if subscription.next_link_version:
        path = path.replace("Microsoft.CostManagement", "microsoft.costmanagement")
    escaped = token.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return f"{call.world.base_url}{path}?api-version={version}&$top={asked.top}&$skiptoken={escaped}"


def _columns(subscription: Subscription, asked: Definition) -> list[tuple[str, str]]:
    cost = [(name, "Number") for name in asked.columns]
    month = {"Monthly": [("BillingMonth", "Datetime")], "Daily": [("UsageDate", "Number")]}.get(asked.granularity, [])
    groups = [(name, "String") for name in asked.groupings]
    ordered = _ordered(subscription, cost, month, groups, [("Currency", "String")])
    if subscription.column_style != 2:
        return ordered
    return [(name[0].lower() + name[1:], kind) for name, kind in ordered]


def _cells(row: GroupedRow, subscription: Subscription, asked: Definition) -> list[Json]:
    number, values, currency, amount, quantity = row
    month: list[Json] = [number] if asked.granularity == "Daily" else []
    if asked.granularity == "Monthly":
        month = [f"{number // 12}-{number % 12 + 1:02d}-01T00:00:00"]
    sums = [quantity if name == QUANTITY else amount for name in asked.columns]
    return _ordered(subscription, sums, month, values, [currency])


def _ordered(subscription: Subscription, *parts: Sequence[Json]) -> list[Json]:
    """Cost, month, groupings and currency in this subscription's order of columns."""
    cost, month, groups, currency = parts
    match subscription.column_style:
        case 1:
            return [*cost, *groups, *month, *currency]
        case 2:
            return [*month, *groups, *currency, *cost]
        case _:
            return [*cost, *month, *groups, *currency]
