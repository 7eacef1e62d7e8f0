"""`POST /providers/Microsoft.ResourceGraph/resources`: omits what the caller may not read."""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from simulator.arm.gate import Call, enter, may_read
from simulator.arm.kql import Result, run
from simulator.arm.kql_tokens import KqlError, Token
from simulator.arm.quotas import GRAPH_QUERIES, Verdict
from simulator.estate.advice import advice
from simulator.estate.estate import month_of
from simulator.estate.records import container_records, resource_record
from simulator.estate.subscriptions import Subscription
from simulator.exchange import Headers, Json, Refusal, Request, Response, json_response
from simulator.world import World

VERSIONS = ("2021-03-01", "2022-10-01", "2024-04-01")
KIND = "Microsoft.ResourceGraph/resources"
THROTTLED = (
    "Client application has been throttled and should not attempt to repeat the request until an amount of time has "
    "elapsed. Please see https://aka.ms/resourcegraph-throttling for help."
)
MOST_ROWS = 1000
MOST_BYTES = 16_777_216
MOST_SUBSCRIPTIONS = 1000


def resources(world: World, request: Request) -> Response:
    """A page of a query's result."""
    call = enter(world, request, VERSIONS, None, KIND)
    verdict = world.quotas.take((GRAPH_QUERIES, ("graph", call.caller.tenant_id, call.caller.object_id), 1))[0]
    if not verdict.is_granted:
        detail = _detail("RateLimiting", THROTTLED)
        raise _refusal(429, "RateLimiting", [detail], _quota_headers(verdict))
    headers = (*call.headers, *_quota_headers(verdict))
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise _invalid(headers)
    return _answer(call, body, headers)


def _quota_headers(verdict: Verdict) -> Headers:
    left = str(verdict.remaining["user"])
    reset = f"00:00:{verdict.wait or 5:02d}"
    return (("x-ms-user-quota-remaining", left), ("x-ms-user-quota-resets-after", reset))


def _detail(code: str, message: str, **more: Json) -> dict[str, Any]:
    return {"code": code, "message": message, **more}


def _refusal(status: int, code: str, details: list[dict[str, Any]], headers: Headers) -> Refusal:
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "1Z"
    text = f"Please provide below info when asking for support: timestamp = {moment}, correlationId = {uuid4()}."
    return Refusal(json_response(status, {"error": {"code": code, "message": text, "details": details}}, headers))


def _invalid(headers: Headers, token: Token | None = None) -> Refusal:
    text = "Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying."  # noqa: E501
    details = [_detail("InvalidQuery", text)]
    if token is not None:
        place = {"line": 1, "characterPositionInLine": token.position, "token": token.text, "expectedToken": "Ǐ"}
        details.append(_detail("ParserFailure", "ParserFailure", **place))
    return _refusal(400, "BadRequest", details, headers)


def _answer(call: Call, body: dict[str, Any], headers: Headers) -> Response:
    options = body.get("options") or {}
    top = options.get("$top", MOST_ROWS)
    scope = _scope(call, body.get("subscriptions"), headers)
    if not isinstance(top, int) or not 1 <= top <= MOST_ROWS:
        raise _invalid(headers)
    digest = hashlib.sha256(json.dumps([body["query"], body.get("subscriptions")]).encode()).hexdigest()[:24]
    start = _offset(options, digest, headers)
    try:
        result = run(body["query"], _tables(call, scope))
    except KqlError as error:
        raise _invalid(headers, error.token) from None
    page = result.rows[start : start + top]
    answer = {
        "totalRecords": len(result.rows),
        "count": len(page),
        "data": _table(page, result) if options.get("resultFormat") == "table" else page,
        "facets": [],
        **_paging(result, start + top, top, digest),
    }
    response = json_response(200, answer, headers)
    if len(response.body) > MOST_BYTES:
        text = f"Response payload size is {len(response.body)}, and has exceeded the limit of {MOST_BYTES}. Please consider querying less data at a time and make paginated call if needed."  # noqa: E501
        raise _refusal(400, "BadRequest", [_detail("ResponsePayloadTooLarge", text)], headers)
    return response


def _scope(call: Call, wanted: Json, headers: Headers) -> list[Subscription]:
    """The requested subscriptions that are readable; without any, all that are listed for the caller."""
    readable = [item for item in call.world.estate.all_subscriptions if may_read(call.caller, item)]
    if not wanted:
        return readable
    if not isinstance(wanted, list) or len(wanted) > MOST_SUBSCRIPTIONS:
        raise _invalid(headers)
    named = {str(item).lower() for item in wanted}
    return [item for item in readable if item.subscription_id in named]


def _tables(call: Call, scope: list[Subscription]) -> dict[str, Any]:
    world = call.world
    today = datetime.fromtimestamp(world.now(), UTC).date()

    def rows() -> Iterator[dict[str, Any]]:
        for subscription in scope:
            for resource in world.estate.resources(subscription, month_of(today)):
                yield resource_record(resource, today)

    def containers() -> Iterator[dict[str, Any]]:
        for subscription in scope:
            yield from container_records(subscription, world.estate.resources(subscription, month_of(today)))

    def recommendations() -> Iterator[dict[str, Any]]:
        for subscription in scope:
            resources = world.estate.resources(subscription, month_of(today))
            for item in advice(world.estate.seed, subscription, resources, world.now()):
                yield {**item, "type": item["type"].lower(), "subscriptionId": subscription.subscription_id}

    return {"resources": rows, "resourcecontainers": containers, "advisorresources": recommendations}


def _table(page: list[dict[str, Any]], result: Result) -> dict[str, Any]:
    columns = [
        {"name": name, "type": "object" if name in ("tags", "properties") else "string"} for name in result.columns
    ]
    return {"columns": columns, "rows": [[row.get(name) for name in result.columns] for row in page]}


def _paging(result: Result, end: int, top: int, digest: str) -> dict[str, str]:
    """A skip token when there is more and the result can be paged; else `resultTruncated`."""
    if end >= len(result.rows) or result.is_limited:
        return {"resultTruncated": "false"}
    if "id" not in result.columns:
        return {"resultTruncated": "true"}
    token = {"$id": "1", "MaxRows": top, "RowsToSkip": end, "Query": digest}
    encoded = base64.b64encode(json.dumps(token, indent=2).replace("\n", "\r\n").encode()).decode()
    return {"resultTruncated": "false", "$skipToken": encoded}


def _offset(options: dict[str, Any], digest: str, headers: Headers) -> int:
    token = options.get("$skipToken")
    if token is None:
        return int(options.get("$skip", 0))
    try:
        values = json.loads(base64.b64decode(token, validate=True))
        if values["Query"] == digest:
            return int(values["RowsToSkip"])
    except (ValueError, KeyError, TypeError):
        pass
    raise _refusal(400, "BadRequest", [_detail("InvalidSkipToken", "The skip token is not valid.")], headers)
