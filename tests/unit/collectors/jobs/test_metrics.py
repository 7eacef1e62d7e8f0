import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from collectors.jobs.metrics import request_of, series_of
from shared.arm.metric_catalogue import METRICS, MetricGroup
from shared.arm.request import Json
from shared.core.errors import UnexpectedPayload
from shared.core.operator_jobs import JobKind, JobState
from shared.sql.collected.metric_series import MetricSeries
from tests.support.collecting import FIRST, TENANT, Surroundings
from tests.support.operator_jobs import asked_for, read_scan, worked

START = datetime(2026, 11, 22, tzinfo=UTC)
END = START + timedelta(hours=4)
MACHINE = f"/subscriptions/{FIRST}/resourcegroups/rg/providers/microsoft.compute/virtualmachines/one"
OTHER = MACHINE.replace("one", "two")
CALL = {"subscription": FIRST, "region": "uksouth", "type": "microsoft.compute/virtualmachines", "resources": [MACHINE]}


def decimals(body: Json) -> Json:
    """As the client reads it."""
    return json.loads(json.dumps(body), parse_float=Decimal)


def answer(*points: dict[str, Any], metric: str = "Percentage CPU", resource: str = MACHINE) -> Json:
    label = {"value": "Microsoft.ResourceId"}
    series = {"metadatavalues": [{"name": label, "value": resource.upper()}], "data": list(points)}
    return decimals({"value": [{"name": {"value": metric}, "unit": "Percent", "timeseries": [series]}]})


def at(hour: int, **values: float) -> dict[str, Any]:
    return {"timeStamp": f"2026-11-22T{hour:02d}:00:00Z", **values}


def cpu(payload: Json) -> MetricSeries:
    return next(one for one in series_of(CALL, payload, START, END) if one.metric_name == "Percentage CPU")


def test_one_call_names_each_resource_and_no_other() -> None:
    request = request_of({**CALL, "resources": [MACHINE, OTHER]}, START, END)
    assert request.body is not None
    assert request.body["filter"] == f"Microsoft.ResourceId eq '{MACHINE}' or Microsoft.ResourceId eq '{OTHER}'"
    assert request.body["top"] == 2
    assert request.body["timespan"] == "2026-11-22T00:00:00Z/2026-11-22T04:00:00Z"
    assert (request.subscription_id, request.query) == (FIRST, {"region": "uksouth"})


def test_at_most_twenty_metrics_of_a_type_of_the_four_groups() -> None:
    for metrics in METRICS.values():
        assert len(metrics) <= 20
        assert {metric.group for metric in metrics} <= set(MetricGroup)
        assert not [metric.name for metric in metrics if "," in metric.name]


def test_a_missing_point_is_none_and_never_a_zero() -> None:
    found = cpu(answer(at(0, average=0.0, maximum=3.0), at(1), at(3, average=8.0, maximum=40.0)))
    assert found.points == ((0.0, 3.0), (None, None), (None, None), (8.0, 40.0))
    assert (found.average, found.p95, found.maximum, found.missing) == (4.0, 8.0, 40.0, 2)


def test_without_a_single_value_there_is_no_average_at_all() -> None:
    for found in series_of(CALL, {"value": []}, START, END):
        assert (found.average, found.p95, found.maximum, found.missing) == (None, None, None, 4)


def test_amounts_are_added_up_by_the_hour() -> None:
    payload = answer(at(0, total=600.0, average=10.0, maximum=30.0), metric="Network In Total")
    (found,) = [one for one in series_of(CALL, payload, START, END) if one.metric_name == "Network In Total"]
    assert (found.points[0], found.maximum) == ((600.0, None), 600.0)


def test_the_95th_percentile_is_a_value_that_was_there() -> None:
    points = tuple((float(number), None) for number in range(1, 101))
    assert MetricSeries(MACHINE, "x", "Percent", START, 3600, points).p95 == 95.0


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {"value": {}},
        {"value": [{}]},
        {"value": [{"name": {"value": "Percentage CPU"}, "timeseries": [{"metadatavalues": [], "data": []}]}]},
        answer(at(0, average=1.0), resource=OTHER),
        answer({"timeStamp": "yesterday", "average": 1.0}),
        answer({**at(0), "average": "7"}),
        answer({**at(0), "average": True}),
    ],
)
def test_an_answer_of_another_shape_or_of_another_resource_is_refused(payload: Json) -> None:
    with pytest.raises(UnexpectedPayload):
        list(series_of(CALL, payload, START, END))


@pytest.mark.parametrize("name", ["vm-average-one-day", "vm-total-one-day", "subscription-scope-post-empty"])
def test_recorded_answers_have_the_shape_that_is_read(recording: Callable[[str], dict[str, Any]], name: str) -> None:
    body = recording(f"metrics/{name}.json")["response"]["body"]
    label = {"name": {"value": "Microsoft.ResourceId"}, "value": MACHINE}
    for value in body["value"]:
        for series in value["timeseries"]:
            series["metadatavalues"] = [label]
    assert len([*series_of(CALL, decimals(body), START, END)]) == len(METRICS["microsoft.compute/virtualmachines"])


def test_metrics_of_a_resource_that_the_scan_has_not_found_are_not_asked_for(parts: Surroundings) -> None:
    scan = read_scan(parts)
    parts.on_demand_arm = parts.azure
    calls = len(parts.azure.calls)
    parameters = {"calls": [CALL], "from": START.isoformat(), "until": END.isoformat()}
    job = worked(parts, asked_for(parts, scan, JobKind.METRICS, parameters))
    assert (job.state, len(parts.azure.calls)) == (JobState.FAILED, calls)
    assert parts.metric_series.of_job(TENANT, job.job_id) == []
