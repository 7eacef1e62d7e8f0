"""Where the next page is named, and how it is asked for."""

import pytest

from shared.arm.endpoints import LIST_RECOMMENDATIONS, QUERY_COSTS, QUERY_RESOURCES
from shared.arm.paging import body_for, link_of, next_cursor
from shared.arm.request import Json
from shared.core.errors import UnexpectedPayload


def test_each_endpoint_names_its_next_page_in_its_own_place() -> None:
    assert next_cursor(LIST_RECOMMENDATIONS, {"nextLink": "https://a"}) == "https://a"
    assert next_cursor(QUERY_COSTS, {"properties": {"nextLink": "https://b"}, "nextLink": "x"}) == "https://b"
    assert next_cursor(QUERY_RESOURCES, {"$skipToken": "c", "nextLink": "x"}) == "c"


@pytest.mark.parametrize("payload", [None, {}, {"nextLink": None}, {"nextLink": ""}])
def test_the_last_page_names_none(payload: Json) -> None:
    assert next_cursor(LIST_RECOMMENDATIONS, payload) is None


@pytest.mark.parametrize("payload", [[], "text", 3, {"nextLink": 7}, {"nextLink": {"href": "https://a"}}])
def test_an_unknown_shape_is_not_taken_for_the_last_page(payload: Json) -> None:
    with pytest.raises(UnexpectedPayload):
        next_cursor(LIST_RECOMMENDATIONS, payload)


def test_costs_without_properties_are_not_taken_for_the_last_page() -> None:
    with pytest.raises(UnexpectedPayload):
        next_cursor(QUERY_COSTS, {"value": []})


def test_only_resource_graph_gets_its_cursor_in_the_body() -> None:
    body = {"query": "q", "options": {"$top": 5}}
    assert body_for(QUERY_RESOURCES, body, "t") == {"query": "q", "options": {"$top": 5, "$skipToken": "t"}}
    assert body == {"query": "q", "options": {"$top": 5}}
    assert body_for(QUERY_COSTS, body, "https://b") is body
    assert link_of(QUERY_RESOURCES, "t") is None
    assert link_of(QUERY_COSTS, "https://b") == "https://b"


@pytest.mark.parametrize(
    ("sent", "followed"),
    [
        ("https://a/b?$filter=Category eq 'Cost'&c=1", "https://a/b?$filter=Category%20eq%20'Cost'&c=1"),
        ("https://a/b?c=%20|{}\u00fc%7e%", "https://a/b?c=%20%7C%7B%7D%C3%BC%7e%25"),
        ("https://a/b?c=d%2Fe+f", "https://a/b?c=d%2Fe+f"),
        ("https://a/b c?d", "https://a/b c?d"),
        ("https://a/b?c=\\d#e\n", "https://a/b?c=\\d#e\n"),
    ],
)
def test_what_a_link_may_not_hold_is_encoded_in_its_query_alone(sent: str, followed: str) -> None:
    assert link_of(LIST_RECOMMENDATIONS, sent) == followed
