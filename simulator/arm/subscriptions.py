"""`GET /subscriptions`: the caller's list, other tenants' delegated ones included.

https://learn.microsoft.com/rest/api/resources/subscriptions/list
"""

from typing import Any

from simulator.arm.errors import not_found
from simulator.arm.gate import enter, sees
from simulator.estate.subscriptions import Subscription
from simulator.exchange import Request, Response, json_response, with_query
from simulator.people import CONTOSO
from simulator.world import World

VERSIONS = ("2016-06-01", "2019-11-01", "2020-01-01", "2021-01-01", "2022-12-01")
PAGE_SIZE = 15


def list_subscriptions(world: World, request: Request) -> Response:
    """A page of the list."""
    call = enter(world, request, VERSIONS, None, "subscriptions")
    visible = [item for item in world.estate.all_subscriptions if sees(call.caller, item)]
    token = request.parameter("$skiptoken") or "0"
    if not token.isdigit():
        raise not_found(request.path)
    start = int(token)
    body: dict[str, Any] = {
        "value": [describe(item) for item in visible[start : start + PAGE_SIZE]],
        "count": {"type": "Total", "value": len(visible)},
    }
    if start + PAGE_SIZE < len(visible):
        query = [("api-version", request.parameter("api-version") or ""), ("$skiptoken", str(start + PAGE_SIZE))]
        body["nextLink"] = with_query(f"{world.base_url}/subscriptions", query)
    return json_response(200, body, call.headers)


def describe(item: Subscription) -> dict[str, Any]:
    """A subscription as the list shows it; some have no tags member."""
    delegated = item.tenant_id != CONTOSO.tenant_id
    body: dict[str, Any] = {
        "id": item.scope,
        "authorizationSource": "RoleBased",
        "managedByTenants": [{"tenantId": CONTOSO.tenant_id}] if delegated else [],
        "subscriptionId": item.subscription_id,
        "tenantId": item.tenant_id,
        "displayName": item.display_name,
        "state": item.state,
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": item.quota_id,
            "spendingLimit": "Off",
        },
    }
    return body if item.tags is None else {**body, "tags": item.tags}
