from typing import Any

import pytest

from tests.unit.simulator.arm.costs import Costs, definition, only, refused, url_of
from tests.unit.simulator.visitor import payload


def test_page_size_is_1000_unless_asked_and_5000_at_most(small: Costs) -> None:
    subscription = small.visitor.world.estate.subscriptions[0]
    plain = url_of(subscription).replace("&$top=5000", "")
    assert len(payload(small.ask(subscription, url=plain))["properties"]["rows"]) == 1000
    assert len(payload(small.ask(subscription))["properties"]["rows"]) == 5000
    refused(small.ask(subscription, url=url_of(subscription, 5001)), 400, "BadRequest", "$top")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"type": "Forecast"}, "type 'Forecast'"),
        ({"timeframe": "LastYear"}, "Timeframe 'LastYear'"),
        ({"timePeriod": None}, "timePeriod is required"),
        ({"timePeriod": {"from": "2025-10-31T00:00:00Z", "to": "2026-10-31T23:59:59Z"}}, "cannot exceed 1 year"),
        ({"timePeriod": {"from": "2014-04-01T00:00:00Z", "to": "2014-06-30T00:00:00Z"}}, "time period is invalid"),
        ({"timePeriod": {"from": "soon", "to": "later"}}, "cannot be read"),
        ({"dataset": None}, "Dataset is invalid or not supplied."),
    ],
)
def test_a_wrong_definition_is_refused(costs: Costs, changes: dict[str, Any], text: str) -> None:
    refused(costs.ask(only(costs), definition(**changes)), 400, "BadRequest", text)


@pytest.mark.parametrize("name", ["ConsumedService", "resourceid", "Nonsense"])
def test_an_unknown_grouping_is_answered_with_the_valid_ones(costs: Costs, name: str) -> None:
    refused(costs.ask(only(costs), definition(name)), 400, "BadRequest", "valid values: 'ResourceId'")


def test_a_grouping_twice_is_refused(costs: Costs) -> None:
    refused(costs.ask(only(costs), definition("Meter", "Meter")), 400, "BadRequest", "duplicate")


def test_a_body_of_another_kind_is_refused(costs: Costs) -> None:
    response = costs.visitor.send("POST", url_of(only(costs)), b"{}", {**costs.headers, "Content-Type": "text/plain"})
    assert response.status == 415
    broken = costs.visitor.send(
        "POST", url_of(only(costs)), b"{", {**costs.headers, "Content-Type": "application/json"}
    )
    refused(broken, 400, "InvalidRequestContent", "deserialized")


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"dimensions": {"name": "Meter", "operator": "Contains", "values": ["x"]}},
        {"dimensions": {"name": "Meter", "operator": "In", "values": []}},
        {"dimensions": {"name": "Secret", "operator": "In", "values": ["x"]}},
        {"and": [{"dimensions": {"name": "Meter", "operator": "In", "values": ["x"]}}]},
        {"tags": {"name": "env", "operator": "In", "values": ["x"]}},
    ],
)
def test_a_wrong_filter_is_refused(costs: Costs, wanted: dict[str, Any]) -> None:
    body = definition("Meter")
    body["dataset"]["filter"] = wanted
    refused(costs.ask(only(costs), body), 400, "BadRequest", "filter")


def test_an_unknown_granularity_is_refused(costs: Costs) -> None:
    body = definition("Meter")
    body["dataset"]["granularity"] = "Hourly"
    refused(costs.ask(only(costs), body), 400, "BadRequest", "granularity 'Hourly'")


def test_future_months_have_no_rows(costs: Costs) -> None:
    period = {"from": "2026-11-01T00:00:00Z", "to": "2027-03-31T00:00:00Z"}
    rows = payload(costs.ask(only(costs), definition(timePeriod=period)))["properties"]["rows"]
    assert {row[1] for row in rows} == {"2026-11-01T00:00:00"}
