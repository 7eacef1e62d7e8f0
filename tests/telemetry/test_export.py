"""The real distro, over HTTP: what Application Insights would get."""

import json
import subprocess
import sys
from typing import Any

import pytest

from shared.observability.export import ROUTINE_KEPT
from tests.architecture.tree import ROOT
from tests.telemetry.exporting import ROUTINE_SPANS, SECRET

FAILED_SPANS = ROUTINE_SPANS // 40


@pytest.fixture(scope="module")
def items() -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.telemetry.exporting"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr[-3000:]
    received: list[dict[str, Any]] = json.loads(ended.stdout)
    return received


def of_type(items: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [item for item in items if item["data"]["baseType"] == kind]


def test_no_part_of_a_secret_leaves(items: list[dict[str, Any]]) -> None:
    sent = json.dumps(items)
    assert [part for part in SECRET.split(".") if part in sent] == []
    assert "[redacted]" in sent


def test_an_alert_leaves_as_the_text_that_a_rule_looks_for(items: list[dict[str, Any]]) -> None:
    (message,) = of_type(items, "MessageData")
    assert message["data"]["baseData"]["message"].startswith("alert=dead-letter reason=")


def test_an_exception_leaves_with_its_place_and_without_what_it_quotes(items: list[dict[str, Any]]) -> None:
    (exception,) = of_type(items, "ExceptionData")
    (told,) = exception["data"]["baseData"]["exceptions"]
    assert told["typeName"] == "ValueError"
    assert "exporting.py" in told["stack"]


def test_an_address_loses_its_query(items: list[dict[str, Any]]) -> None:
    (callback,) = [
        one for one in of_type(items, "RemoteDependencyData") if "consent" in one["data"]["baseData"]["name"]
    ]
    assert "code=" not in json.dumps(callback)


def test_every_failed_span_leaves_and_of_the_routine_ones_a_few_that_count_for_all(items: list[dict[str, Any]]) -> None:
    routine = [
        one for one in of_type(items, "RemoteDependencyData") if one["data"]["baseData"]["name"] == "page static"
    ]
    failed = [one for one in routine if not one["data"]["baseData"]["success"]]
    kept = [one for one in routine if one["data"]["baseData"]["success"]]
    assert len(failed) == FAILED_SPANS
    assert {one["sampleRate"] for one in failed} == {100.0}
    assert 0 < len(kept) < (ROUTINE_SPANS - FAILED_SPANS) / 4
    assert {one["sampleRate"] for one in kept} == {100.0 / ROUTINE_KEPT}


def test_a_figure_leaves_under_the_name_that_a_rule_looks_for(items: list[dict[str, Any]]) -> None:
    figures = [one["data"]["baseData"] for one in of_type(items, "MetricData")]
    (age,) = [one for one in figures if one["metrics"][0]["name"] == "caleta.queue.age"]
    assert age["metrics"][0]["max"] == 1.5
    assert age["properties"] == {"caleta.queue": "collect-costs"}


def test_libraries_chatter_stays_here(items: list[dict[str, Any]]) -> None:
    assert "chatter" not in json.dumps(items)
