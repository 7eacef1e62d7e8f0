import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from collectors.jobs.metrics import request_of, series_of
from shared.arm.metric_catalogue import METRICS
from simulator.arm.metric_values import DEALLOCATED_EVERY, UNITS
from simulator.estate.estate import month_of
from simulator.estate.resources import Resource
from simulator.exchange import Response
from simulator.options import Options
from tests.unit.simulator.visitor import START, Visitor, payload

NOW = datetime.fromtimestamp(START, UTC).replace(minute=0, second=0, microsecond=0)
MACHINES = "microsoft.compute/virtualmachines"


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(Options(size="small", speed_up=1.0))


def machines(visitor: Visitor) -> list[Resource]:
    subscription = visitor.world.estate.subscriptions[0]
    resources = visitor.world.estate.resources(subscription, month_of(NOW.date()))
    found = [one for one in resources if one.kind.type.lower() == MACHINES]
    return [one for one in found if one.region == found[0].region]


def call_of(*resources: Resource) -> dict[str, Any]:
    return {
        "subscription": resources[0].subscription.subscription_id,
        "region": resources[0].region,
        "type": MACHINES,
        "resources": [one.resource_id.lower() for one in resources],
    }


def ask(visitor: Visitor, call: dict[str, Any], username: str = "owner", days: int = 2, **changes: object) -> Response:
    request = request_of(call, NOW - timedelta(days=days), NOW)
    body = {**(request.body or {}), **changes}
    url = f"/subscriptions/{call['subscription']}/providers/Microsoft.Insights/metrics?api-version=2024-02-01"
    query = f"&region={call['region']}" if call["region"] else ""
    return visitor.send("POST", url + query, json.dumps(body).encode(), visitor.bearer(f"{username}@contoso.example"))


def test_what_the_app_asks_is_answered_in_the_shape_that_it_reads(visitor: Visitor) -> None:
    running = [one for one in machines(visitor) if one.index % DEALLOCATED_EVERY][:2]
    call = call_of(*running)
    response = ask(visitor, call)
    assert response.status == 200
    body = json.loads(response.body, parse_float=Decimal)
    series = [*series_of(call, body, NOW - timedelta(days=2), NOW)]
    assert len(series) == 2 * len(METRICS[MACHINES])
    assert all(len(one.points) == 48 and one.values for one in series)


def test_a_machine_that_does_not_run_has_times_and_no_values(visitor: Visitor) -> None:
    stopped = [one for one in machines(visitor) if one.index % DEALLOCATED_EVERY == 0][:1]
    (value, *_) = payload(ask(visitor, call_of(*stopped)))["value"]
    assert all(set(point) == {"timeStamp"} for point in value["timeseries"][0]["data"])


def test_nothing_is_older_than_93_days(visitor: Visitor) -> None:
    running = [one for one in machines(visitor) if one.index % DEALLOCATED_EVERY][:1]
    (value, *_) = payload(ask(visitor, call_of(*running), days=100))["value"]
    assert len(value["timeseries"][0]["data"]) == 93 * 24 - 1


def test_a_resource_of_another_region_is_not_in_the_answer(visitor: Visitor) -> None:
    call = call_of(*machines(visitor)[:1])
    (value, *_) = payload(ask(visitor, {**call, "region": "southafricanorth"}))["value"]
    assert value["timeseries"] == []


def test_a_user_without_a_role_is_refused(visitor: Visitor) -> None:
    call = call_of(*machines(visitor)[:1])
    second = {**call, "subscription": visitor.world.estate.subscriptions[1].subscription_id}
    response = ask(visitor, second, username="reader")
    assert (response.status, payload(response)["error"]["code"]) == (403, "AuthorizationFailed")


@pytest.mark.parametrize(
    "changes",
    [
        {"metricNames": ""},
        {"metricNames": ",".join(f"m{number}" for number in range(21))},
        {"metricNamespace": "microsoft.nothing/things"},
        {"interval": "PT7M"},
        {"timespan": "yesterday"},
        {"aggregation": "median"},
        {"filter": "LUN eq '0'"},
        {"filter": ""},
    ],
)
def test_a_request_that_azure_refuses_is_refused(visitor: Visitor, changes: dict[str, str]) -> None:
    assert ask(visitor, call_of(*machines(visitor)[:1]), "owner", 2, **changes).status == 400


def test_a_wrong_metric_is_refused_in_the_recorded_shape(
    visitor: Visitor, recording: Callable[[str], dict[str, Any]]
) -> None:
    recorded = recording("metrics/error-400-invalid-metric.json")["response"]["body"]
    body = payload(ask(visitor, call_of(*machines(visitor)[:1]), metricNames="InvalidMetric"))
    assert set(body) == set(recorded)
    assert body["message"].split(",")[0] == recorded["message"].split(",")[0].replace(
        "Microsoft.Compute", "microsoft.compute"
    )


def test_every_metric_that_the_app_asks_for_is_known_here() -> None:
    for kind, metrics in METRICS.items():
        assert {metric.name for metric in metrics} <= set(UNITS[kind])
