"""The queues of Azure are those of the code."""

import re
from datetime import timedelta

import pytest

from bicep.generate import TARGET, as_json, generated, iso_duration
from collectors.registry import COLLECTORS, all_queues
from local.services import all_queues as local_queues
from shared.messaging.queues import Queue
from tests.architecture.tree import ROOT


def servicebus() -> str:
    return (ROOT / "bicep" / "servicebus.bicep").read_text(encoding="utf-8")


def test_the_generated_file_is_in_step() -> None:
    assert TARGET.read_text(encoding="utf-8") == generated(), "run python -m bicep.generate"


def test_every_collector_has_its_queue_and_the_local_run_has_the_same() -> None:
    names = [queue.name for queue in all_queues()]
    assert len(names) == len(set(names))
    assert {f"collect-{one.name.replace('_', '-')}" for one in COLLECTORS} < set(names)
    assert local_queues() == all_queues()


def test_bicep_takes_every_generated_property_of_a_queue_and_no_other() -> None:
    generated_names = set(as_json(Queue("any")))
    assert {name for name in generated_names if f"queue.{name}" in servicebus()} == generated_names
    assert set(re.findall(r"queue\.(\w+)", servicebus())) == generated_names


def test_no_setting_that_a_queue_has_is_the_same_for_all_in_bicep() -> None:
    fixed = re.findall(r"^\s+(\w+): (?:true|false|'PT)", servicebus(), flags=re.MULTILINE)
    assert set(fixed) & set(as_json(Queue("any"))) == set()


def test_dead_letters_go_to_a_queue_that_bicep_creates_first() -> None:
    receiving = {queue.name for queue in all_queues() if queue.forward_dead_lettered_to is None}
    assert {queue.forward_dead_lettered_to for queue in all_queues()} == receiving | {None}


def test_a_queue_that_keeps_duplicates_says_so() -> None:
    kept = as_json(Queue("any", duplicate_detection_window=None))
    assert (kept["requiresDuplicateDetection"], kept["duplicateDetectionHistoryTimeWindow"]) == (False, None)
    dropped = as_json(Queue("any", duplicate_detection_window=timedelta(minutes=10)))
    assert (dropped["requiresDuplicateDetection"], dropped["duplicateDetectionHistoryTimeWindow"]) == (True, "PT10M")


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(minutes=5), "PT5M"),
        (timedelta(seconds=90), "PT1M30S"),
        (timedelta(hours=24), "P1D"),
        (timedelta(days=14, hours=2), "P14DT2H"),
    ],
)
def test_durations_are_written_as_iso_8601(duration: timedelta, text: str) -> None:
    assert iso_duration(duration) == text


@pytest.mark.parametrize("duration", [timedelta(0), timedelta(seconds=-1), timedelta(milliseconds=1500)])
def test_a_duration_that_service_bus_does_not_take_is_refused(duration: timedelta) -> None:
    with pytest.raises(ValueError, match="no duration"):
        iso_duration(duration)
