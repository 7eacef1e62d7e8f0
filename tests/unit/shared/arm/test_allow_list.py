"""The allow-list lets every endpoint through, and Azure's own variations of next links."""

import pytest

from shared.arm.allow_list import check, check_next, check_scope
from shared.arm.endpoints import ENDPOINTS, LIST_RECOMMENDATIONS, QUERY_COSTS, Endpoint
from shared.arm.request import Json
from shared.core.errors import CallNotAllowed, UnexpectedPayload
from tests.support.arm_replay import ARM, OTHER_SUBSCRIPTION, SUBSCRIPTION


def _url(endpoint: Endpoint, origin: str = ARM) -> str:
    return f"{origin}{endpoint.path.format(subscription_id=SUBSCRIPTION)}?api-version={endpoint.api_version}"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_endpoint_passes_in_its_own_form(endpoint: Endpoint) -> None:
    assert check(ARM, endpoint.method, _url(endpoint), SUBSCRIPTION) is endpoint
    assert check(ARM, endpoint.method, _url(endpoint) + "&$filter=x", SUBSCRIPTION) is endpoint


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_another_api_version_is_another_call(endpoint: Endpoint) -> None:
    with pytest.raises(CallNotAllowed):
        check(ARM, endpoint.method, _url(endpoint).replace("api-version=20", "api-version=19"), SUBSCRIPTION)


def test_azures_own_next_links_are_followed_as_they_are() -> None:
    path = f"/subscriptions/{SUBSCRIPTION.upper()}/providers/microsoft.Advisor/recommendations"
    for link in (
        f"{ARM}{path}?api-version=2020-01-01&%24top=200&%24skiptoken=eyJ0%3d",
        f"{ARM}:443{path}?api-version=2023-01-01&$skiptoken=AQ%3D%3D&",
        f"https://MANAGEMENT.azure.com{path}?$skiptoken=a&api-version=2023-01-01-preview",
    ):
        check_next(ARM, LIST_RECOMMENDATIONS, link, SUBSCRIPTION)


def test_a_next_link_of_another_allowed_endpoint_is_still_elsewhere() -> None:
    with pytest.raises(UnexpectedPayload):
        check_next(ARM, LIST_RECOMMENDATIONS, _url(QUERY_COSTS), SUBSCRIPTION)


def test_on_a_developers_machine_the_port_is_part_of_the_origin() -> None:
    local = "http://127.0.0.1:7072"
    assert check(local, "POST", _url(QUERY_COSTS, local), SUBSCRIPTION) is QUERY_COSTS
    for origin in ("http://127.0.0.1", "http://127.0.0.1:7071", "https://127.0.0.1:7072", ARM):
        with pytest.raises(CallNotAllowed):
            check(local, "POST", _url(QUERY_COSTS, origin), SUBSCRIPTION)


def test_a_query_names_exactly_the_one_subscription() -> None:
    check_scope({"query": "resources | project id", "subscriptions": [SUBSCRIPTION]}, [SUBSCRIPTION])
    check_scope({"type": "ActualCost"}, [SUBSCRIPTION])
    check_scope(None, [None])
    both = [SUBSCRIPTION, OTHER_SUBSCRIPTION]
    check_scope({"query": "resources | project id", "subscriptions": both}, both)


@pytest.mark.parametrize("named", [[], [SUBSCRIPTION], [OTHER_SUBSCRIPTION, SUBSCRIPTION], ["*"], [None]])
def test_a_query_across_subscriptions_names_exactly_those_it_may_be_about(named: list[Json]) -> None:
    body = {"query": "resources | project id", "subscriptions": named}
    with pytest.raises(CallNotAllowed):
        check_scope(body, [SUBSCRIPTION, OTHER_SUBSCRIPTION] if named != [None] else [None])


def test_a_query_of_a_forbidden_table_does_not_leave() -> None:
    with pytest.raises(CallNotAllowed):
        check_scope({"query": "authorizationresources | project id", "subscriptions": [SUBSCRIPTION]}, [SUBSCRIPTION])


def test_a_filter_that_names_another_subscription_does_not_leave() -> None:
    check_scope({"filter": f"Microsoft.ResourceId eq '/subscriptions/{SUBSCRIPTION}/x'"}, [SUBSCRIPTION])
    for other in (OTHER_SUBSCRIPTION, "*", ""):
        with pytest.raises(CallNotAllowed):
            check_scope({"filter": f"Microsoft.ResourceId eq '/subscriptions/{other}/x'"}, [SUBSCRIPTION])
        narrowed: dict[str, Json] = {"filter": {"dimensions": {"values": [f"/SUBSCRIPTIONS/{other}/x"]}}}
        with pytest.raises(CallNotAllowed):
            check_scope({"type": "ActualCost", "dataset": narrowed}, [SUBSCRIPTION])


@pytest.mark.parametrize(
    "scope",
    [{}, {"subscriptions": []}, {"subscriptions": [OTHER_SUBSCRIPTION]}, {"managementGroups": ["m"]}],
)
def test_a_query_over_more_or_less_than_that_is_refused(scope: dict[str, Json]) -> None:
    with pytest.raises(CallNotAllowed):
        check_scope({"query": "resources | project id", **scope}, [SUBSCRIPTION])
