"""Good answers made bad: each fault alone, on the answers that it can corrupt and on no others."""

import json

import pytest

from simulator.arm.corruption import CORRUPTIONS, corrupt_response
from simulator.exchange import Json, Request, Response, json_response
from simulator.fault_profiles import EMPTY, FAULT_PROFILES, TRANSIENT, UNREADABLE
from simulator.faults import KNOWN
from simulator.options import Options
from simulator.state import State
from simulator.world import World

SUBSCRIPTION = "/subscriptions/0a1b2c3d-0000-4000-8000-000000000001/providers"
COSTS = f"{SUBSCRIPTION}/Microsoft.CostManagement/query"
ADVISOR = f"{SUBSCRIPTION}/Microsoft.Advisor/recommendations"
GRAPH = "/providers/Microsoft.ResourceGraph/resources"
COST_PAGE = {
    "properties": {
        "columns": [{"name": "Cost"}, {"name": "BillingMonth"}, {"name": "Currency"}],
        "rows": [[1, "2026-01-01T00:00:00", "GBP"], [2, "2026-01-01T00:00:00", "GBP"]],
        "nextLink": "https://a.example/?$skiptoken=a%20b",
    }
}
PAGES: dict[str, Json] = {
    COSTS: COST_PAGE,
    ADVISOR: {"value": [{"properties": {"category": "Cost"}}], "nextLink": "https://a.example/?$filter=a%20b"},
    GRAPH: {"count": 1, "totalRecords": 1, "data": [{"name": "n"}], "resultTruncated": "false", "$skipToken": "x"},
}


@pytest.fixture
def world() -> World:
    return World(Options(), state=State(None))


def answered(world: World, path: str) -> Response:
    request = Request("GET", path, "api-version=1", {"host": "127.0.0.1"})
    return corrupt_response(world, request, json_response(200, PAGES[path]))


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_fault_corrupts_one_response_and_is_counted(world: World, name: str) -> None:
    of, _ = CORRUPTIONS[name]
    for path in [path for path in PAGES if of.search(path)]:
        world.faults.set(name, 1)
        assert answered(world, path) != json_response(200, PAGES[path])
        assert answered(world, path) == json_response(200, PAGES[path])
    assert world.faults.struck()[name] >= 1


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_fault_leaves_other_answers_alone_and_waits(world: World, name: str) -> None:
    of, _ = CORRUPTIONS[name]
    world.faults.set(name, 1)
    for path in [path for path in PAGES if not of.search(path)]:
        assert answered(world, path) == json_response(200, PAGES[path])
    assert world.faults.state() == {name: 1}


def test_turned_columns_keep_each_value_under_its_name(world: World) -> None:
    world.faults.set("cost_columns_turned", 1)
    properties = json.loads(answered(world, COSTS).body)["properties"]
    named = dict(zip([column["name"] for column in properties["columns"]], properties["rows"][0], strict=True))
    assert named == {"Cost": 1, "BillingMonth": "2026-01-01T00:00:00", "Currency": "GBP"}


def test_every_fault_of_a_profile_is_explained_and_what_cannot_be_read_is_hostile_alone() -> None:
    assert set(CORRUPTIONS) <= {*TRANSIENT, *UNREADABLE, *EMPTY} <= set(KNOWN)
    assert not EMPTY & {*TRANSIENT, *UNREADABLE}
    assert not set(UNREADABLE) & set(FAULT_PROFILES["azure"].rates)
