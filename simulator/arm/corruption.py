"""Faults inside Resource Manager's responses: forms that Azure may return one day, or never should."""

import json
import re
from collections.abc import Callable
from urllib.parse import unquote

from simulator.arm.errors import error
from simulator.exchange import Json, Request, Response, html_response, json_response
from simulator.world import World

MEGABYTE = 1024 * 1024
ELSEWHERE = "https://management.azure.com.example"

Corruption = Callable[[Request, Json], Response | None]
"""Makes a corrupt response of a good one's payload; None where this payload cannot be corrupted so."""


def corrupt_response(world: World, request: Request, good: Response) -> Response:
    """The good response, or what a fault puts in the place of one about a subscription's data."""
    if good.status != 200:
        return good
    for name, (of, corrupt) in CORRUPTIONS.items():
        if of.search(request.path) and world.faults.strikes(name):
            return corrupt(request, json.loads(good.body)) or good
    return good


def _html(_: Request, __: Json) -> Response:
    return html_response(200, "<!doctype html><title>Microsoft Azure</title><h1>We will be back soon</h1>")


def _passing_error(_: Request, __: Json) -> Response:
    return error(200, "ServerTimeout", "The request timed out. Please try again.")


def _strange(_: Request, __: Json) -> Response:
    return json_response(200, {"result": {"items": []}})


def _unknown_error(_: Request, __: Json) -> Response:
    return error(200, "SomethingNew", "Something new happened.")


def _nothing(_: Request, __: Json) -> Response:
    return Response(204)


def _columns_turned(_: Request, payload: Json) -> Response | None:
    return _of_columns(payload, lambda values: values[::-1])


def _column_added(_: Request, payload: Json) -> Response | None:
    return _of_columns(payload, lambda values: [{"name": "New"} if isinstance(values[0], dict) else 7, *values])


def _column_missing(_: Request, payload: Json) -> Response | None:
    return _of_columns(payload, lambda values: values[:-1])


def _strange_month(_: Request, payload: Json) -> Response | None:
    return _of_columns(payload, lambda values: [_month_in_words(value) for value in values])


def _month_in_words(value: Json) -> Json:
    return "January 2026" if isinstance(value, str) and value.endswith("T00:00:00") else value


def _of_columns(payload: Json, change: Callable[[list[Json]], list[Json]]) -> Response | None:
    """A cost response with its rows and columns changed alike; None for one without rows."""
    properties = payload["properties"]
    if not properties["rows"]:
        return None
    changed = {"columns": change(properties["columns"]), "rows": [change(row) for row in properties["rows"]]}
    return json_response(200, {**payload, "properties": {**properties, **changed}})


def _no_columns(_: Request, payload: Json) -> Response:
    return json_response(200, {**payload, "properties": {"nextLink": None, "columns": [], "rows": []}})


def _odd_row(_: Request, payload: Json) -> Response | None:
    properties = payload["properties"]
    names, rows = [column["name"] for column in properties["columns"]], properties["rows"]
    if len(rows) < 2:
        return None
    rows[0][0], rows[-1][names.index("Currency")] = None, ""
    return json_response(200, payload)


def _odd_kind(_: Request, payload: Json) -> Response | None:
    items = payload.get("value") or ()
    for item in items[:1]:
        item["kind"] = 7
        item["properties"] = {**item["properties"], "category": None}
    return json_response(200, payload) if items else None


def _long_name(_: Request, payload: Json) -> Response:
    payload["data"][-1]["name"] = "n" * 300
    return json_response(200, payload)


def _says_more(_: Request, payload: Json) -> Response:
    return json_response(200, {**payload, "totalRecords": payload["totalRecords"] + 1000})


def _with_blanks(_: Request, payload: Json) -> Response | None:
    link = payload.get("properties", payload).get("nextLink")
    return None if link is None else _with_link(payload, unquote(link))


def _huge(_: Request, payload: Json) -> Response:
    return json_response(200, {**payload, "padding": "x" * (16 * MEGABYTE - 65_536)})


def _to_itself(request: Request, payload: Json) -> Response:
    return _with_link(payload, f"http://{request.headers['host']}{request.path}?{request.query_string}")


def _to_elsewhere(request: Request, payload: Json) -> Response:
    return _with_link(payload, f"{ELSEWHERE}{request.path}?{request.query_string}")


def _with_link(payload: Json, link: str) -> Response:
    if "properties" in payload:
        return json_response(200, {**payload, "properties": {**payload["properties"], "nextLink": link}})
    return json_response(200, {**payload, "nextLink": link})


def _cut_off(_: Request, payload: Json) -> Response:
    kept = {name: value for name, value in payload.items() if name != "$skipToken"}
    return json_response(200, {**kept, "resultTruncated": "true"})


DATA = re.compile(r"(?i)/providers/")
COSTS = re.compile(r"(?i)/Microsoft\.CostManagement/query$")
GRAPH = re.compile(r"(?i)/Microsoft\.ResourceGraph/")
UNDOCUMENTED_204 = re.compile(r"(?i)/Microsoft\.Advisor/|/benefitRecommendations$")
RECOMMENDATIONS = re.compile(r"(?i)recommendations$")
WITH_LINKS = re.compile(r"(?i)/(?:query|\w*recommendations)$")

CORRUPTIONS: dict[str, tuple[re.Pattern[str], Corruption]] = {
    "arm_html": (DATA, _html),
    "arm_error_200": (DATA, _passing_error),
    "cost_columns_turned": (COSTS, _columns_turned),
    "cost_column_added": (COSTS, _column_added),
    "arm_huge": (DATA, _huge),
    "arm_strange": (DATA, _strange),
    "arm_unknown_error_200": (DATA, _unknown_error),
    "arm_nothing": (UNDOCUMENTED_204, _nothing),
    "arm_link_with_blanks": (WITH_LINKS, _with_blanks),
    "cost_no_columns": (COSTS, _no_columns),
    "cost_odd_row": (COSTS, _odd_row),
    "graph_says_more": (GRAPH, _says_more),
    "odd_kind": (RECOMMENDATIONS, _odd_kind),
    "long_name": (GRAPH, _long_name),
    "cost_column_missing": (COSTS, _column_missing),
    "cost_strange_month": (COSTS, _strange_month),
    "arm_link_to_itself": (WITH_LINKS, _to_itself),
    "arm_link_elsewhere": (WITH_LINKS, _to_elsewhere),
    "graph_cut_off": (GRAPH, _cut_off),
}
"""By fault: the paths that it can strike, and the corruption. The first five do no harm to a scan
that reads carefully and retries."""
