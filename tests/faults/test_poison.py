"""Messages that can never be worked on: they are set aside, and the scan still ends and says what is missing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.base import Row
from shared.core.coverage import coverage
from shared.core.models import ScanStatus, StepStatus
from shared.messaging.queues import OutgoingMessage
from shared.sql.scans.dead_letters import DeadLetter, DeadLetters
from tests.faults.breakable import COLLECTED, Fuse, Machine, two_collectors
from tests.support.collecting import TENANT, latest, steps_of

__all__ = ["two_collectors"]

pytestmark = pytest.mark.usefixtures("two_collectors")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    opened = Machine(tmp_path / "poison", Fuse())
    yield opened
    opened.close()


def letters(machine: Machine) -> list[DeadLetter]:
    return DeadLetters(machine.database).list()


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"{}", b"null", b'{"step_id": 1}'])
@pytest.mark.parametrize("queue", ["scan-requests", "collect-costs", "collect-inventory", "scan-finishes"])
def test_a_malformed_message_is_set_aside_with_its_reason_and_stops_nothing(
    machine: Machine, queue: str, body: bytes
) -> None:
    scan = machine.request_scan()
    machine.bus.send(queue, [OutgoingMessage(body, "malformed", session_id=TENANT)])
    machine.run(scan)
    assert latest(machine, scan).status is ScanStatus.COLLECTED
    (letter,) = letters(machine)
    assert letter.queue == queue
    assert "cannot be used" in letter.reason


def test_a_step_that_breaks_every_worker_fails_and_the_scan_says_so(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_rows(*_: object) -> Iterator[Row]:
        raise ZeroDivisionError("a mistake of ours")

    costs, inventory = COLLECTED
    monkeypatch.setattr("tests.faults.breakable.COLLECTED", (costs, replace(inventory, rows=broken_rows)))
    scan = machine.request_scan()
    machine.run(scan)
    ended = latest(machine, scan)
    assert ended.status is ScanStatus.PARTIAL
    assert "2 of 4 datasets are missing: 2 failed." in (ended.status_reason or "")
    whole = coverage(steps_of(machine, scan))
    assert (whole.succeeded, whole.failed) == (2, 2)
    assert {step.collector for step in steps_of(machine, scan) if step.status is StepStatus.FAILED} == {"inventory"}
    assert {(letter.queue, letter.reason) for letter in letters(machine)} == {
        ("collect-inventory", "MaxDeliveryCountExceeded")
    }


def test_a_scan_that_cannot_be_finished_fails(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_finish(*_: object) -> None:
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr("tests.faults.breakable.finish", broken_finish)
    scan = machine.request_scan()
    machine.run(scan)
    assert latest(machine, scan).status is ScanStatus.FAILED
