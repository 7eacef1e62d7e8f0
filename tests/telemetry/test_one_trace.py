"""From the browser's consent through the queues to the last page: one trace, and nothing secret in it."""

import json
import subprocess
import sys
from typing import Any

import pytest

from collectors.registry import PLANNED_AT_START
from shared.observability import telemetry
from tests.architecture.tree import ROOT

SECONDS = 120


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.telemetry.traced_scan"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert ended.returncode == 0, ended.stderr[-3000:]
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def spans(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [span for span in told["spans"] if span["name"] == name]


def the_trace(told: dict[str, Any]) -> list[dict[str, Any]]:
    (consent,) = spans(told, "consent")
    return [span for span in told["spans"] if span["trace"] == consent["trace"]]


def test_the_scan_was_whole(told: dict[str, Any]) -> None:
    assert told["scan"]["status"] == "collected"


def test_consent_plan_every_step_and_the_end_are_one_trace(told: dict[str, Any]) -> None:
    names = {span["name"] for span in the_trace(told)}
    steps = {f"step {collector.name}" for collector in PLANNED_AT_START}
    assert names >= {"page consent_start", "consent", "message scan-requests", "message scan-finishes", *steps}
    assert names >= {"result page", "arm query_costs", "arm list_subscriptions"}


def test_every_span_of_it_has_its_parent_in_it(told: dict[str, Any]) -> None:
    spans_of_it = the_trace(told)
    known = {span["id"] for span in spans_of_it}
    orphans = [span["name"] for span in spans_of_it if span["parent"] not in known]
    assert orphans == ["page consent_start"]


def test_the_request_that_came_back_from_entra_is_linked_to(told: dict[str, Any]) -> None:
    (callback,), (consent,) = spans(told, "page consent_callback"), spans(told, "consent")
    assert consent["links"] == [callback["trace"]]


def test_what_is_logged_on_the_way_belongs_to_it(told: dict[str, Any]) -> None:
    (consent,) = spans(told, "consent")
    bodies = [log["body"] for log in told["logs"] if log["trace"] == consent["trace"]]
    planned = f"event=scan-planned scan={told['scan']['id']}"
    for beginning in ("event=consent-given", planned, "event=step-succeeded", "event=arm-called"):
        assert [body for body in bodies if body.startswith(beginning)] != [], beginning


def test_a_step_says_which_and_how_it_ended(told: dict[str, Any]) -> None:
    (step,) = spans(told, "step costs")
    attributes = step["attributes"]
    assert attributes["caleta.scan"] == told["scan"]["id"]
    assert attributes["caleta.outcome"] == "succeeded"


def test_figures_are_measured_with_what_tells_them_apart(told: dict[str, Any]) -> None:
    measured = told["metrics"]
    assert set(measured) <= set(telemetry.UNITS)
    collectors = {collector.name for collector in PLANNED_AT_START}
    assert {point["caleta.collector"] for point in measured[telemetry.STEPS]} == collectors
    assert {point["caleta.outcome"] for point in measured[telemetry.STEPS]} == {"succeeded"}
    assert {"scan-requests", "scan-finishes", "collect-costs"} <= {
        point["caleta.queue"] for point in measured[telemetry.QUEUE_AGE]
    }
    assert measured[telemetry.SCAN_DURATION] == [{"caleta.status": "collected"}]
    assert measured[telemetry.ROWS_PER_SECOND]


def test_no_secret_that_was_given_out_is_in_anything_sent(told: dict[str, Any]) -> None:
    issued = told["issued"]["issued"]
    assert {"authorization code", "access token", "refresh token"} <= {one["kind"] for one in issued}
    sent = json.dumps([told["spans"], told["logs"], told["metrics"]])
    assert [one["kind"] for one in issued if one["value"] and one["value"] in sent] == []


def test_nothing_that_a_customer_wrote_is_in_a_span(told: dict[str, Any]) -> None:
    sent = json.dumps(told["spans"])
    assert [word for word in ("contoso", "/subscriptions/", "resourceGroups", "@") if word in sent] == []
