"""`POST /subscriptions/{id}/providers/Microsoft.Insights/metrics`: many resources of one type and region.

Shapes as recorded: a wrong metric is a bare {code, message}; a point that Azure has no
value for carries its time alone.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.arm.errors import authorization_failed
from simulator.arm.gate import Call, enter
from simulator.arm.metric_values import UNITS, value_of
from simulator.estate.estate import month_of
from simulator.estate.resources import Resource
from simulator.exchange import Refusal, Request, Response, json_response
from simulator.world import World

VERSIONS = ("2023-10-01", "2024-02-01")
KIND = "Microsoft.Insights/metrics"
AGGREGATIONS = ("average", "minimum", "maximum", "total", "count")
INTERVALS = {"PT1H": timedelta(hours=1), "PT6H": timedelta(hours=6), "P1D": timedelta(days=1)}
MOST_METRICS = 20
USUAL_TOP = 10
RETENTION = timedelta(days=93)
ONE_RESOURCE = re.compile(r"Microsoft\.ResourceId\s+eq\s+'([^']*)'", re.IGNORECASE)


def _bad(message: str) -> Refusal:
    return Refusal(json_response(400, {"code": "BadRequest", "message": message}))


def metrics(world: World, request: Request, subscription_id: str) -> Response:
    """The series of the chosen resources."""
    call = enter(world, request, VERSIONS, subscription_id, KIND)
    if not call.is_permitted:
        scope = f"/subscriptions/{subscription_id}"
        raise authorization_failed(call.caller.object_id, "Microsoft.Insights/metrics/read", scope)
    body, region = _body(request), request.parameter("region")
    if not region:
        raise _bad("Query parameter 'region' is required for multi-resource metrics.")
    namespace, names = _names(body)
    starts_at, ends_at = _timespan(body)
    step = INTERVALS.get(str(body.get("interval", "PT1M")))
    if step is None:
        raise _bad(f"Detected invalid time grain input: {body.get('interval')}, supported ones: {', '.join(INTERVALS)}")
    aggregations = [each.strip().lower() for each in str(body.get("aggregation", "average")).split(",")]
    if not set(aggregations) <= set(AGGREGATIONS):
        raise _bad(f"Invalid aggregation: {body.get('aggregation')}")
    chosen = _chosen(call, namespace, region, body)
    moments = [*_moments(call, starts_at, ends_at, step)]
    value = [_metric(call, namespace, name, chosen, aggregations, moments) for name in names]
    answer = {
        "cost": len(names) * len(chosen) * len(moments),
        "timespan": f"{starts_at:%Y-%m-%dT%H:%M:%SZ}/{ends_at:%Y-%m-%dT%H:%M:%SZ}",
        "interval": body["interval"],
        "value": value,
        "namespace": namespace,
        "resourceregion": region,
    }
    return json_response(200, answer, call.headers)


def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _bad("The request body cannot be read.")
    return body


def _names(body: dict[str, Any]) -> tuple[str, list[str]]:
    namespace = str(body.get("metricNamespace") or "").lower()
    names = [name.strip() for name in str(body.get("metricNames") or "").split(",") if name.strip()]
    if namespace not in UNITS or not names or len(names) > MOST_METRICS:
        raise _bad(f"Metric namespace or metric names are missing, unknown or more than {MOST_METRICS}: {namespace}")
    provider, _, kind = namespace.partition("/")
    for name in names:
        if name not in UNITS[namespace]:
            raise _bad(
                f"Failed to find metric configuration for provider: {provider}, resource Type: {kind}, metric: {name}, "
                f"Valid metrics: {','.join(UNITS[namespace])}"
            )
    return namespace, names


def _timespan(body: dict[str, Any]) -> tuple[datetime, datetime]:
    try:
        first, last = (datetime.fromisoformat(part) for part in str(body.get("timespan")).split("/"))
    except ValueError:
        raise _bad("Invalid timespan.") from None
    if first.tzinfo is None or last.tzinfo is None or last <= first:
        raise _bad("Invalid timespan: the start has to be before the end.")
    return first.astimezone(UTC), last.astimezone(UTC)


def _chosen(call: Call, namespace: str, region: str, body: dict[str, Any]) -> list[Resource]:
    """The resources of the filter that exist in this region, at most `top`."""
    text = str(body.get("filter") or "")
    parts = [part.strip() for part in re.split(r"\s+or\s+", text)] if text else []
    named = [found[1].lower() for part in parts if (found := ONE_RESOURCE.fullmatch(part))]
    if not parts or len(named) != len(parts):
        raise _bad("Metric does not support requested dimension combination, supported ones are: Microsoft.ResourceId")
    assert call.subscription is not None  # noqa: S101 - the gate has found it
    today = datetime.fromtimestamp(call.world.now(), UTC).date()
    everything = call.world.estate.resources(call.subscription, month_of(today))
    here = [one for one in everything if one.kind.type.lower() == namespace and one.region == region.lower()]
    wanted = here if "*" in named else [one for one in here if one.resource_id.lower() in named]
    return wanted[: int(body.get("top") or USUAL_TOP)]


def _moments(call: Call, starts_at: datetime, ends_at: datetime, step: timedelta) -> Iterator[datetime]:
    """The hours with data: Azure keeps 93 days, and has none for the current hour."""
    now = datetime.fromtimestamp(call.world.now(), UTC)
    at = starts_at
    while at < min(ends_at, now):
        if at >= now - RETENTION:
            yield at
        at += step


def _metric(
    call: Call, namespace: str, name: str, chosen: list[Resource], aggregations: list[str], moments: list[datetime]
) -> dict[str, Any]:
    assert call.subscription is not None  # noqa: S101 - the gate has found it
    return {
        "id": f"subscriptions/{call.subscription.subscription_id}/providers/Microsoft.Insights/metrics/{name}",
        "type": "Microsoft.Insights/metrics",
        "name": {"value": name, "localizedValue": name},
        "displayDescription": name,
        "unit": UNITS[namespace][name],
        "timeseries": [_series(resource, name, aggregations, moments) for resource in chosen],
        "errorCode": "Success",
    }


def _series(resource: Resource, name: str, aggregations: list[str], moments: list[datetime]) -> dict[str, Any]:
    label = {"value": "Microsoft.ResourceId", "localizedValue": "Microsoft.ResourceId"}
    return {
        "metadatavalues": [{"name": label, "value": resource.resource_id.lower()}],
        "data": [_point(resource, name, aggregations, at) for at in moments],
    }


def _point(resource: Resource, name: str, aggregations: list[str], at: datetime) -> dict[str, Any]:
    """Without values where the resource did not run, or nothing was recorded."""
    point: dict[str, Any] = {"timeStamp": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    found = value_of(resource, name, at)
    return point if found is None else {**point, **{each: found[each] for each in aggregations}}
