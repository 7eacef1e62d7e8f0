from collections.abc import Callable
from typing import Any

import pytest

from simulator.options import Options
from tests.unit.simulator.visitor import Visitor, payload

Recording = Callable[[str], dict[str, Any]]
COST = "$filter=Category%20eq%20%27Cost%27"


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(Options(size="small", estate="hard", speed_up=1.0))


def url_of(visitor: Visitor, index: int = 0, query: str = COST) -> str:
    scope = visitor.world.estate.subscriptions[index].scope
    return f"{scope}/providers/Microsoft.Advisor/recommendations?api-version=2023-01-01&{query}"


def everything(visitor: Visitor, query: str = COST) -> list[dict[str, Any]]:
    url, headers, found = url_of(visitor, 0, query), visitor.bearer(), []
    while url:
        page = payload(visitor.get(url, headers))
        found += page["value"]
        url = page.get("nextLink", "")
    return found


def test_the_next_link_looks_as_recorded(visitor: Visitor, recording: Recording) -> None:
    recorded = recording("advisor/two-pages-all-categories-1.json")["response"]["body"]
    page = payload(visitor.get(url_of(visitor), visitor.bearer()))
    assert list(page) == list(recorded)
    for text in ("%24top=", "%24skiptoken=", "/providers/microsoft.Advisor/recommendations?api-version="):
        assert text in page["nextLink"]
        assert text in recorded["nextLink"]


def test_pages_hold_each_recommendation_once(visitor: Visitor) -> None:
    ids = [item["id"] for item in everything(visitor)]
    assert len(ids) > 25
    assert len(set(ids)) == len(ids)


def test_the_filter_leaves_only_costs(visitor: Visitor) -> None:
    assert {item["properties"]["category"] for item in everything(visitor)} == {"Cost"}
    assert {item["properties"]["category"] for item in everything(visitor, "")} == {"Cost", "Security"}


def test_items_are_as_loose_as_recorded_ones(visitor: Visitor, recording: Recording) -> None:
    recorded = recording("advisor/cost-savings-plans-reservations-and-disks.json")["response"]["body"]["value"]
    items = [item["properties"] for item in everything(visitor)]
    known = {name for item in recorded for name in item["properties"]} | {"suppressionIds"}
    assert {name for item in items for name in item} == known
    assert any(item.get("suppressionIds") for item in items)
    assert any("extendedProperties" not in item for item in items)
    assert any(set(item.get("extendedProperties", {})) == {"_skuToken", "_meterIdToken"} for item in items)
    assert any(item["impactedField"] == "MICROSOFT.WEB/SITES" for item in items)
    amounts = [item["extendedProperties"] for item in items if "savingsAmount" in item.get("extendedProperties", {})]
    assert all(int(each["savingsAmount"]) == int(each["annualSavingsAmount"]) // 12 for each in amounts)


def test_one_saving_comes_as_six_alternatives(visitor: Visitor) -> None:
    reserved = [
        item["properties"]["extendedProperties"]
        for item in everything(visitor)
        if item["properties"].get("extendedProperties", {}).get("reservedResourceType")
    ]
    combinations = {(item["lookbackPeriod"], item["term"]) for item in reserved}
    assert combinations == {(days, term) for days in ("7", "30", "60") for term in ("P1Y", "P3Y")}


def test_a_missing_role_looks_as_recorded(visitor: Visitor, recording: Recording) -> None:
    recorded = recording("arm-errors/403-authorization-failed-or-scope-invalid.json")["response"]
    response = visitor.get(url_of(visitor, 1), visitor.bearer("reader@contoso.example"))
    error = payload(response)["error"]
    assert (response.status, error["code"]) == (403, recorded["body"]["error"]["code"])
    assert error["message"].endswith("If access was recently granted, please refresh your credentials.")
    assert "microsoft.advisor/recommendations/read" in error["message"].lower()


def test_a_provider_that_was_never_used_is_not_registered(visitor: Visitor, recording: Recording) -> None:
    recorded = recording("arm-errors/409-missing-subscription-registration.json")["response"]
    estate = visitor.world.estate
    index = next(number for number, item in enumerate(estate.subscriptions) if not item.knows_advisor)
    response = visitor.get(url_of(visitor, index), visitor.bearer())
    assert (response.status, payload(response)["error"]["code"]) == (409, recorded["body"]["error"]["code"])


@pytest.mark.parametrize(
    "query", ["$filter=Category eq 'Nonsense'", "$filter=Category", "$top=0", "$top=x", "$skiptoken=%25%25"]
)
def test_what_is_not_understood_is_refused(visitor: Visitor, query: str) -> None:
    assert visitor.get(url_of(visitor, 0, query), visitor.bearer()).status == 400
