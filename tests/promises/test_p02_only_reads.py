"""P02: only what the signed-in user can read, and never a write.

Every call of the program is made by ArmClient, which refuses whatever is not in the
allow-list before a byte is sent. Here strangers try to get something else through it.
"""

import string

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from collectors.registry import COLLECTORS
from shared.arm.allow_list import check, check_next
from shared.arm.endpoints import ENDPOINTS, LIST_RECOMMENDATIONS, LIST_SUBSCRIPTIONS, QUERY_COSTS, Endpoint
from shared.arm.request import ArmRequest
from shared.core.errors import CallNotAllowed, UnexpectedPayload
from tests.support.arm_replay import ARM, CONTEXT, OTHER_SUBSCRIPTION, SUBSCRIPTION, Reply, Tokens, Wire, client

PATH = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Advisor/recommendations"
QUERY = "?api-version=2023-01-01&$skiptoken=abc"
LINK = f"{ARM}{PATH}{QUERY}"

HOSTILE_ORIGINS = (
    "https://management.azure.com.evil.example",
    "https://evil.example",
    "https://management.azure.com@evil.example",
    "https://user@management.azure.com",
    "https://user:secret@management.azure.com",
    "https://@management.azure.com",
    "https://management.azure.com:8443",
    "https://management.azure.com:0",
    "https://management.azure.com:99999",
    "https://management.azure.com:443x",
    "https://management.azure.com.",
    "https://management.azure.com\\.evil.example",
    "https://management.azure.com%2eevil.example",
    "https://management.azure.com#.evil.example",
    "https://management.azure.com?.evil.example",
    "https://[::1]",
    "https://[management.azure.com",
    "https://mаnagement.azure.com",  # noqa: RUF001 - its second letter is Cyrillic
    "http://management.azure.com",
    "ftp://management.azure.com",
    "//management.azure.com",
    "",
)

HOSTILE_PATHS = (
    f"/subscriptions/{OTHER_SUBSCRIPTION}/providers/Microsoft.Advisor/recommendations",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Advisor/generateRecommendations",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Advisor/recommendations/x/suppressions/y",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Consumption/reservationRecommendations",
    f"{PATH}/",
    f"{PATH}/../../../../{OTHER_SUBSCRIPTION}/providers/Microsoft.Advisor/recommendations",
    f"{PATH}%2f..%2f..",
    f"{PATH};x=y",
    f"{PATH}%00",
    f"/{PATH}",
    PATH.replace("/providers", "//providers"),
    PATH.replace("/providers", "/./providers"),
    PATH.replace("/providers", "%2Fproviders"),
    PATH.replace("Advisor", "%41dvisor"),
    PATH.replace("/", "\\"),
    PATH.replace("s", "ſ"),  # noqa: RUF001 - a letter that some readers fold to s
    f"/subscriptions/{SUBSCRIPTION} /providers/Microsoft.Advisor/recommendations",
    f"/subscriptions/{SUBSCRIPTION}\r\nHost: evil/providers/Microsoft.Advisor/recommendations",
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/x/providers/Microsoft.KeyVault/vaults/y/secrets",
    "",
)

HOSTILE_QUERIES = (
    "",
    "?",
    "?$skiptoken=a",
    "?api-version=",
    "?api-version=latest",
    "?api-version=2023-01-01&api-version=2020-01-01",
    "?api-version=2023-01-01&Api-Version=2020-01-01",
    "?api-version=2023-01-01&%61pi-version=2020-01-01",
    "?api-version=2023-01-01#fragment",
    "?api-version=2023-01-01&" + "&".join(f"a{number}=1" for number in range(60)),
    "?api-version=2023-01-01&$skiptoken=" + "a" * 20_000,
    "?api-version=2023-01-01&x=\r\nHost: evil",
)


def _refused(link: str) -> None:
    """Neither the check nor the client itself lets this link through, and no byte leaves."""
    with pytest.raises(UnexpectedPayload):
        check_next(ARM, LIST_RECOMMENDATIONS, link, SUBSCRIPTION)
    wire = Wire(Reply(body={"value": []}))
    with pytest.raises(UnexpectedPayload):
        client(wire).send(ArmRequest(LIST_RECOMMENDATIONS, SUBSCRIPTION), Tokens(), link)
    assert wire.sent == []


def test_the_link_that_all_of_these_vary_is_itself_allowed() -> None:
    check_next(ARM, LIST_RECOMMENDATIONS, LINK, SUBSCRIPTION)


@pytest.mark.parametrize("origin", HOSTILE_ORIGINS)
def test_a_next_link_to_another_host_scheme_port_or_with_a_user_is_refused(origin: str) -> None:
    _refused(f"{origin}{PATH}{QUERY}")


@pytest.mark.parametrize("path", HOSTILE_PATHS)
def test_a_next_link_to_another_path_or_subscription_is_refused(path: str) -> None:
    _refused(f"{ARM}{path}{QUERY}")


@pytest.mark.parametrize("query", HOSTILE_QUERIES)
def test_a_next_link_with_no_or_two_api_versions_is_refused(query: str) -> None:
    _refused(f"{ARM}{PATH}{query}")


@given(st.text(alphabet=string.printable, min_size=1, max_size=8), st.integers(0, len(f"{ARM}{PATH}") - 1))
def test_a_next_link_with_anything_put_into_its_address_is_refused_or_the_same(inserted: str, place: int) -> None:
    address = f"{ARM}{PATH}"
    link = f"{address[:place]}{inserted}{address[place:]}{QUERY}"
    try:
        check_next(ARM, LIST_RECOMMENDATIONS, link, SUBSCRIPTION)
    except UnexpectedPayload:
        return
    prepared = requests.Request("GET", link).prepare()
    assert (prepared.url or "").lower().replace(":443/", "/").startswith((f"{address}?").lower())


@given(st.text(max_size=300))
def test_any_text_as_a_next_link_is_refused(link: str) -> None:
    with pytest.raises(UnexpectedPayload):
        check_next(ARM, LIST_RECOMMENDATIONS, link, SUBSCRIPTION)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "MERGE", "get", "post", "GET ", ""])
def test_no_endpoint_can_be_called_by_a_method_that_is_not_its_own(endpoint: Endpoint, method: str) -> None:
    url = f"{ARM}{endpoint.path.format(subscription_id=SUBSCRIPTION)}?api-version={endpoint.api_version}"
    other = "POST" if endpoint.method == "GET" else "GET"
    for each in (method, other):
        with pytest.raises(CallNotAllowed):
            check(ARM, each, url, SUBSCRIPTION)


def test_the_only_posts_are_azures_queries() -> None:
    posts = {endpoint.path.rsplit("/", 1)[1] for endpoint in ENDPOINTS if endpoint.method != "GET"}
    assert posts == {"query", "resources", "metrics"}
    assert {endpoint.method for endpoint in ENDPOINTS} == {"GET", "POST"}


def test_every_call_of_every_collector_is_in_the_allow_list_and_about_its_own_subscription() -> None:
    for collector in COLLECTORS:
        calls = collector.requests(CONTEXT)
        assert calls
        wire = Wire(*[Reply(204) for _ in calls])
        for call in calls:
            client(wire).send(call, Tokens())
        for sent in wire.sent:
            assert check(ARM, sent.method or "", sent.url or "", SUBSCRIPTION) is collector.endpoint
            assert OTHER_SUBSCRIPTION not in str(sent.url) + str(sent.body)
            assert SUBSCRIPTION in str(sent.url) + str(sent.body)


def test_an_endpoint_that_is_not_in_the_table_is_refused_before_a_byte_is_sent() -> None:
    wire = Wire(Reply(body={}))
    for path, method in (
        ("/subscriptions/{subscription_id}/providers/Microsoft.Advisor/generateRecommendations", "POST"),
        ("/subscriptions/{subscription_id}/resourceGroups/x", "DELETE"),
        (QUERY_COSTS.path, "PUT"),
        (f"{LIST_SUBSCRIPTIONS.path}/../providers", "GET"),
    ):
        invented = Endpoint(
            "invented", method, path, "2025-03-01", QUERY_COSTS.paging, QUERY_COSTS.quota, "Owner", "none", "none"
        )
        with pytest.raises(CallNotAllowed):
            client(wire).send(ArmRequest(invented, SUBSCRIPTION), Tokens())
    assert wire.sent == []


def test_a_known_path_under_another_name_is_refused_too() -> None:
    disguised = Endpoint(
        "disguised", "GET", LIST_SUBSCRIPTIONS.path, "2022-12-01", QUERY_COSTS.paging, QUERY_COSTS.quota, "x", "x", "x"
    )
    wire = Wire(Reply(body={}))
    with pytest.raises(CallNotAllowed):
        client(wire).send(ArmRequest(disguised), Tokens())
    assert wire.sent == []
