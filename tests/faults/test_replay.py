"""What failed by a mistake in the app is fixed, sent again by an operator, and the scan is what it would have been."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from collectors.base import Collector, Row, StepContext
from shared.arm.request import Json
from shared.core.audit import operator
from shared.core.models import Scan, ScanStatus, StepStatus
from shared.sql.reviews.operator_jobs import OperatorJobs
from shared.sql.scans.connections import Connections
from shared.sql.scans.dead_letters import DeadLetters
from tests.faults import breakable
from tests.faults.breakable import COLLECTED, Fuse, Machine, two_collectors
from tests.support.collecting import TENANT, USER, latest, steps_of
from web.desk.dead_letters import replay

__all__ = ["two_collectors"]

pytestmark = pytest.mark.usefixtures("two_collectors")

WHO = operator("77777777-7777-4777-8777-777777777777", "reviewer@caleta.example")
Stored = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    opened = Machine(tmp_path / "fixed", Fuse())
    Connections(opened.database).save(TENANT, USER, "owner@contoso.example", b"token", opened.time.now())
    yield opened
    opened.close()


@pytest.fixture
def truth(tmp_path: Path) -> Stored:
    """What a scan leaves that nothing happens to."""
    undisturbed = Machine(tmp_path / "undisturbed", Fuse())
    scan = undisturbed.request_scan()
    undisturbed.run(scan)
    stored = undisturbed.stored()
    undisturbed.close()
    return stored


def mistake(*_: object) -> Iterable[Row]:
    raise ZeroDivisionError("our mistake")


def broken_on_page(known: Collector, page: int) -> Collector:
    """A version of the collector that breaks on every page from this number on."""

    def rows(context: StepContext, payload: Json, is_first: bool) -> Iterable[Row]:
        return known.rows(context, payload, is_first) if page and is_first else mistake()

    return replace(known, rows=rows)


def said(stored: Stored) -> Stored:
    """The same with each amount in one form: the script's pages are written in another than they are sent in."""
    return {table: [tuple(map(_plain, row)) for row in rows] for table, rows in stored.items()}


def _plain(value: object) -> object:
    try:
        return format(Decimal(value).normalize(), "f") if isinstance(value, str) else value
    except InvalidOperation:
        return value


def replay_all(machine: Machine) -> None:
    for letter in DeadLetters(machine.database).list():
        if letter.replayed_at is None:
            replay(machine, letter, WHO, "fixed")


def replay_until_done(machine: Machine, scan: Scan) -> None:
    """Everything that died is sent again, and the machine runs until nothing is left to do."""
    replay_all(machine)
    machine.run(scan)
    while not all(job.state.is_final for job in OperatorJobs(machine.database).list(scan.key)):
        machine.time.sleep(60)
        machine.run(scan)


@pytest.mark.parametrize("page", [0, 1], ids=["on the first page", "on a later page"])
def test_a_collector_that_broke_is_read_again_in_a_scan_that_others_were_read_for(
    machine: Machine, truth: Stored, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    costs, inventory = COLLECTED
    with monkeypatch.context() as patched:
        patched.setattr(breakable, "COLLECTED", (broken_on_page(costs, page), inventory))
        scan = machine.request_scan()
        machine.run(scan)
    assert latest(machine, scan).status is ScanStatus.PARTIAL
    replay_until_done(machine, scan)
    assert latest(machine, scan).status is ScanStatus.COLLECTED
    assert said(machine.stored()) == said(truth)


def test_a_scan_of_which_nothing_could_be_read_is_taken_up_again(
    machine: Machine, truth: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(breakable, "COLLECTED", tuple(broken_on_page(known, 0) for known in COLLECTED))
        scan = machine.request_scan()
        machine.run(scan)
    assert latest(machine, scan).status is ScanStatus.FAILED
    replay_until_done(machine, scan)
    assert {step.status for step in steps_of(machine, scan)} == {StepStatus.SUCCEEDED}
    assert said(machine.stored()) == said(truth)


def test_a_step_is_taken_up_again_while_the_rest_of_its_scan_is_still_read(
    machine: Machine, truth: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs, inventory = COLLECTED
    scan = machine.request_scan()
    with monkeypatch.context() as patched:
        patched.setattr(breakable, "COLLECTED", (costs, broken_on_page(inventory, 0)))
        while not DeadLetters(machine.database).list():
            if not machine.work_once():
                machine.time.sleep(20)
    assert latest(machine, scan).status is ScanStatus.COLLECTING
    replay_until_done(machine, scan)
    replay_all(machine)
    machine.run(scan)
    assert said(machine.stored()) == said(truth)


@pytest.mark.parametrize("place", ["plan", "finish"])
def test_a_scan_that_could_not_be_planned_or_finished_is(
    machine: Machine, truth: Stored, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(breakable, place, mistake)
        scan = machine.request_scan()
        machine.run(scan)
    assert latest(machine, scan).status is ScanStatus.FAILED
    replay_until_done(machine, scan)
    assert said(machine.stored()) == said(truth)
