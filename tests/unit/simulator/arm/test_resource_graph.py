import json
from collections.abc import Callable
from typing import Any

import pytest

from simulator.exchange import Json, Response
from simulator.options import Options
from tests.unit.simulator.visitor import Visitor, payload, shape

Recording = Callable[[str], dict[str, Any]]
URL = "/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01"
IDS = "resources | project id | order by id asc"


class Graph:
    """Queries as one person."""

    def __init__(self, size: str = "tiny", username: str = "owner@contoso.example") -> None:
        self.visitor = Visitor(Options(size=size, speed_up=1.0))
        self.headers = self.visitor.bearer(username)
        self.subscriptions = [item.subscription_id for item in self.visitor.world.estate.subscriptions]

    def ask(self, query: str, subscriptions: list[str] | None = None, /, **options: Json) -> Response:
        self.visitor.time.pass_by(1)
        body = {"query": query, "subscriptions": self.subscriptions if subscriptions is None else subscriptions}
        return self.visitor.post(URL, {**body, "options": options}, self.headers)


@pytest.fixture
def graph() -> Graph:
    return Graph()


def refused(response: Response, code: str) -> dict[str, Any]:
    body: dict[str, Any] = payload(response)
    assert response.status == 400, body
    assert code in [detail["code"] for detail in body["error"]["details"]]
    return body


def test_a_page_looks_as_recorded(graph: Graph, recording: Recording) -> None:
    recorded = recording("resource-graph/paging-object-array-with-skip-token.json")["response"]
    response = graph.ask(IDS, **{"$top": 3})
    assert shape(payload(response)) == shape(recorded["body"])
    for name in ("x-ms-user-quota-remaining", "x-ms-user-quota-resets-after"):
        assert response.header(name) == recorded["headers"][name]


def test_pages_join_to_the_whole(graph: Graph) -> None:
    whole, token, joined = payload(graph.ask(IDS)), None, []
    while True:
        options = {"$top": 7, **({"$skipToken": token} if token else {})}
        page = payload(graph.ask(IDS, **options))
        joined += page["data"]
        assert page["totalRecords"] == whole["totalRecords"]
        assert page["count"] == len(page["data"])
        token = page.get("$skipToken")
        if token is None:
            break
    assert joined == whole["data"]
    assert len(joined) == whole["totalRecords"]


def test_a_skip_token_is_worth_something_only_with_its_query(graph: Graph) -> None:
    token = payload(graph.ask(IDS, **{"$top": 3}))["$skipToken"]
    refused(graph.ask("resources | project id, name", **{"$skipToken": token}), "InvalidSkipToken")
    refused(graph.ask(IDS, **{"$skipToken": "%%%"}), "InvalidSkipToken")


def test_without_an_id_the_answer_is_cut_off_and_says_so(graph: Graph) -> None:
    body = payload(graph.ask("resources | project name", **{"$top": 3}))
    assert body["resultTruncated"] == "true"
    assert "$skipToken" not in body


def test_a_page_has_a_thousand_records_at_most() -> None:
    large = Graph("large")
    body = payload(large.ask(IDS, large.subscriptions[:1]))
    assert (body["count"], body["resultTruncated"]) == (1000, "false")
    assert body["totalRecords"] > 1000
    refused(large.ask(IDS, large.subscriptions[:1], **{"$top": 1001}), "InvalidQuery")


def test_a_malformed_query_looks_as_recorded(graph: Graph, recording: Recording) -> None:
    recorded = recording("resource-graph/error-400-parser-failure.json")["response"]
    response = graph.ask("project id, location | where where")
    body = refused(response, "ParserFailure")
    assert shape(body) == shape(recorded["body"])
    assert body["error"]["details"][1] == recorded["body"]["error"]["details"][1]


def test_too_large_a_page_is_refused(recording: Recording) -> None:
    recorded = recording("resource-graph/error-400-response-payload-too-large.json")["response"]["body"]
    large = Graph("large")
    text = "x" * 20_000
    refused_body = refused(
        large.ask(f"resources | extend name = '{text}'", large.subscriptions[:1]), "ResponsePayloadTooLarge"
    )
    assert shape(refused_body) == shape(recorded)


def test_what_cannot_be_read_is_left_out_in_silence() -> None:
    reader = Graph("small", "reader@contoso.example")
    containers = "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project id, name"
    found = [item["id"].split("/")[2] for item in payload(reader.ask(containers))["data"]]
    assert found == reader.subscriptions[::2]
    assert payload(reader.ask(IDS, reader.subscriptions[1:2]))["data"] == []


def test_without_a_scope_delegated_subscriptions_are_read_too(graph: Graph) -> None:
    scoped, unscoped = payload(graph.ask(IDS)), payload(graph.ask(IDS, []))
    assert unscoped["totalRecords"] > scoped["totalRecords"]
    delegated = graph.visitor.world.estate.delegated.subscription_id
    assert any(delegated in item["id"] for item in unscoped["data"])


def test_fifteen_queries_in_five_seconds(graph: Graph, recording: Recording) -> None:
    recorded = recording("resource-graph/error-429-rate-limiting.json")["response"]
    body = {"query": IDS, "subscriptions": graph.subscriptions}
    responses = [graph.visitor.post(URL, body, graph.headers) for _ in range(16)]
    assert [response.status for response in responses] == [200] * 15 + [429]
    assert shape(payload(responses[-1])) == shape(recorded["body"])
    assert payload(responses[-1])["error"]["code"] == recorded["body"]["error"]["code"]
    assert responses[-1].header("x-ms-user-quota-resets-after") == "00:00:05"
    assert responses[-1].header("x-ms-user-quota-remaining") == "0"


def test_records_hold_what_must_never_be_read() -> None:
    graph = Graph("small")
    text = graph.ask("resources").body.decode()
    for secret in ("sig=", "Password=", "AccountKey=", "customData", "principalId", "createdBy"):
        assert secret in text


def test_a_table_is_given_when_asked_for(graph: Graph, recording: Recording) -> None:
    recorded = recording("resource-graph/table-format-object-columns.json")["response"]["body"]["data"]
    data = payload(graph.ask("resources | project id, tags", resultFormat="table"))["data"]
    assert set(data) == set(recorded)
    assert [column["name"] for column in data["columns"]] == ["id", "tags"]


def test_a_body_without_a_query_is_refused(graph: Graph) -> None:
    for body in (b"{", b"[]", b'{"query": 1}', json.dumps({"query": IDS, "subscriptions": "all"}).encode()):
        graph.visitor.time.pass_by(1)
        response = graph.visitor.send("POST", URL, body, graph.headers)
        refused(response, "InvalidQuery")
