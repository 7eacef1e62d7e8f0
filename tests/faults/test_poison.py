"""Messages that can never be worked on: they are set aside, and the scan still ends and says what is missing."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from collectors.base import Row
from collectors.scan.ending import end_scan
from findings.draft import draft
from shared.arm.request import ArmPage, ArmRequest, TokenSource
from shared.core.coverage import coverage
from shared.core.models import ScanStatus, StepStatus
from shared.mail.scan_mails import queue_mails
from shared.messaging.queues import SCAN_REQUESTS, OutgoingMessage
from shared.sql.collected.cost_totals import CostTotals
from shared.sql.scans.dead_letters import DeadLetter, DeadLetters
from shared.sql.schema.tables import scans
from tests.faults.breakable import COLLECTED, Fuse, Machine, MoodyAzure, two_collectors
from tests.support.collecting import FIRST, TENANT, inventory_page, latest, steps_of

__all__ = ["two_collectors"]

MAX_DELIVERIES = SCAN_REQUESTS.max_delivery_count

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
        raise ZeroDivisionError("our mistake")

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


class StumblingAzure(MoodyAzure):
    """Answers each page of the inventory only to the second request: the first one breaks the worker."""

    def __init__(self, fuse: Fuse, pages: int) -> None:
        super().__init__(fuse)
        inventory = COLLECTED[1].endpoint.name
        self.pages[inventory, FIRST] = [inventory_page(FIRST, f"disk-{number}") for number in range(pages)]
        self.stumbles = {(inventory, FIRST, str(number)) for number in range(1, pages)}

    def send(self, request: ArmRequest, tokens: TokenSource, cursor: str | None = None) -> ArmPage:
        at = (request.endpoint.name, request.subscription_id or "", str(cursor))
        if at in self.stumbles:
            self.stumbles.remove(at)
            raise ZeroDivisionError("the worker died here")
        return super().send(request, tokens, cursor)


@pytest.mark.parametrize("pages", [MAX_DELIVERIES, 4 * MAX_DELIVERIES])
def test_a_step_whose_worker_dies_on_every_page_reads_all_of_them(machine: Machine, pages: int) -> None:
    machine.arm = StumblingAzure(machine.fuse, pages)
    scan = machine.request_scan()
    machine.run(scan)
    assert latest(machine, scan).status is ScanStatus.COLLECTED
    assert sum(step.pages for step in steps_of(machine, scan) if step.collector == "inventory") == pages + 1
    assert letters(machine) == []


def dying(stage: Callable[..., object], runs: list[str]) -> Callable[..., object]:
    """The stage, whose worker dies at its start in all deliveries but the last that Service Bus makes."""

    def run(*words: object, **named: object) -> object:
        runs.append(stage.__name__)
        if runs.count(stage.__name__) < MAX_DELIVERIES:
            raise ZeroDivisionError("the worker died here")
        return stage(*words, **named)

    return run


def test_each_stage_of_finishing_has_deliveries_of_its_own(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[str] = []
    monkeypatch.setattr(CostTotals, "compute", dying(CostTotals.compute, runs))
    monkeypatch.setattr("collectors.scan.finish.end_scan", dying(end_scan, runs))
    mails = dying(queue_mails, runs)
    monkeypatch.setattr("collectors.scan.ending.queue_mails", mails)
    monkeypatch.setattr("collectors.scan.finish.queue_mails", mails)
    monkeypatch.setattr("tests.faults.breakable.draft", dying(draft, runs))
    scan = machine.request_scan()
    machine.run(scan)
    assert latest(machine, scan).status is ScanStatus.COLLECTED
    assert machine.cost_totals.read(scan.key, "service")
    assert letters(machine) == []
    assert Counter(runs) == dict.fromkeys(("compute", "end_scan", "queue_mails", "draft"), MAX_DELIVERIES)


def test_totals_are_computed_again_when_a_scan_finishes_again(machine: Machine) -> None:
    scan = machine.request_scan()
    machine.run(scan)
    assert machine.scans.has_totals(scan.key)
    with machine.database.transaction(TENANT) as connection:
        connection.execute(update(scans).values(status=ScanStatus.COLLECTING))
    assert machine.scans.begin_finishing(scan.key)
    assert not machine.scans.has_totals(scan.key)


def test_a_scan_that_cannot_be_finished_fails(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_finish(*_: object) -> None:
        raise ZeroDivisionError("our mistake")

    monkeypatch.setattr("tests.faults.breakable.finish", broken_finish)
    scan = machine.request_scan()
    machine.run(scan)
    assert latest(machine, scan).status is ScanStatus.FAILED
