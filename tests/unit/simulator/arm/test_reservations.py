from collections.abc import Callable
from typing import Any

import pytest

from simulator.estate.commitments import SKUS
from simulator.exchange import Response
from simulator.options import Options
from tests.unit.simulator.visitor import Visitor, payload, shape

Recording = Callable[[str], dict[str, Any]]


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(Options(size="small", seed=3, speed_up=1.0))


def ask(visitor: Visitor, index: int, resource_type: str, scope: str, username: str = "owner") -> Response:
    wanted = f"properties/scope eq '{scope}' and properties/resourceType eq '{resource_type}'"
    query = {"api-version": "2024-08-01", "$filter": f"{wanted} and properties/lookBackPeriod eq 'Last30Days'"}
    path = visitor.world.estate.subscriptions[index].scope
    url = f"{path}/providers/Microsoft.Consumption/reservationRecommendations"
    return visitor.get(url, visitor.bearer(f"{username}@contoso.example"), **query)


def items(visitor: Visitor, index: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for kind in SKUS:
        response = ask(visitor, index, kind, "Single")
        found += payload(response)["value"] if response.status == 200 else []
    return found


def test_older_agreements_get_the_legacy_shape(visitor: Visitor, recording: Recording) -> None:
    recorded = recording("reservation-recommendations/legacy-by-subscription-docs-example.json")["response"]["body"]
    legacy = items(visitor, 1)[0]
    assert set(legacy) == set(recorded["value"][0])
    assert set(recorded["value"][0]["properties"]) <= set(legacy["properties"])
    assert legacy["properties"]["lookBackPeriod"] == "Last30Days"
    assert isinstance(legacy["properties"]["netSavings"], float)


def test_modern_agreements_get_amounts_with_their_currency(visitor: Visitor, recording: Recording) -> None:
    recorded = recording("reservation-recommendations/modern-by-billing-profile-docs-example.json")["response"]["body"]
    modern = items(visitor, 0)[0]
    assert set(modern) == set(recorded["value"][0])
    properties = {**modern["properties"], "skuProperties": None, "recommendedQuantityNormalized": 1}
    assert shape(properties) == shape(recorded["value"][0]["properties"])


def test_nothing_to_recommend_is_204(visitor: Visitor) -> None:
    response = ask(visitor, 0, "VMwareCloudSimple", "Shared")
    assert (response.status, response.body) == (204, b"")


def test_the_next_link_has_another_version_and_ends_in_an_ampersand(visitor: Visitor) -> None:
    pages = [ask(visitor, index, "VirtualMachines", scope) for index in (0, 1, 2) for scope in ("Single", "Shared")]
    links = [payload(page).get("nextLink") for page in pages if page.status == 200]
    link = next(link for link in links if link)
    assert link.endswith("&")
    assert "api-version=2023-03-01&" in link
    assert "&$skiptoken=4" in link
    assert len(payload(visitor.get(link, visitor.bearer()))["value"]) == 2


def test_a_missing_role_is_401(visitor: Visitor) -> None:
    response = ask(visitor, 1, "VirtualMachines", "Single", "reader")
    assert (response.status, payload(response)["error"]["code"]) == (401, "RBACAccessDenied")


def test_an_unknown_type_is_refused(visitor: Visitor) -> None:
    assert ask(visitor, 0, "Spaceships", "Single").status == 400
    assert ask(visitor, 0, "VirtualMachines", "Everywhere").status == 400
