"""Whatever breaks, wherever: the scan ends, and ends with the very rows of one that nothing happened to."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local.queue import LockedMessage
from shared.core.models import Scan, ScanStatus
from shared.messaging.queues import Queue
from tests.faults.breakable import Broken, Fuse, Killed, Machine, two_collectors
from tests.support.collecting import latest

__all__ = ["two_collectors"]

pytestmark = pytest.mark.usefixtures("two_collectors")

Stored = dict[str, list[tuple[Any, ...]]]


def scan_on(machine: Machine, *, breaks_locks: bool = False) -> Stored:
    """Runs a whole scan; what it has stored."""
    try:
        scan: Scan = machine.request_scan()
        machine.fuse.is_lit = True
        machine.run(scan, breaks_locks=breaks_locks)
        machine.fuse.is_lit = False
        assert latest(machine, scan).status is ScanStatus.COLLECTED
        return machine.stored()
    finally:
        machine.close()


@pytest.fixture
def untroubled(tmp_path: Path) -> tuple[Stored, int, int]:
    """What a scan stores that nothing happens to, how many points it passes, how many messages it sends."""
    fuse = Fuse()
    machine = Machine(tmp_path / "untroubled", fuse)
    stored = scan_on(machine)
    return stored, fuse.points, machine.bus.sent


def test_an_untroubled_scan_reads_everything(untroubled: tuple[Stored, int, int]) -> None:
    stored, points, messages = untroubled
    assert {table: len(rows) for table, rows in stored.items()} == {
        "costs": 6,
        "inventory": 3,
        "raw_pages": 7,
        "cost_totals": 13,
        "scans": 1,
    }
    assert points > 100
    assert messages >= 6


@pytest.mark.parametrize(
    ("kind", "breaks_locks", "stride"),
    [(Killed, False, 1), (Killed, True, 5), (Broken, False, 3)],
    ids=["killed", "killed, then started alone", "failed once"],
)
def test_a_scan_that_breaks_at_any_point_stores_the_same(
    tmp_path: Path, untroubled: tuple[Stored, int, int], kind: type[BaseException], breaks_locks: bool, stride: int
) -> None:
    expected, points, _ = untroubled
    different = [
        point
        for point in range(stride, points + 1, stride)
        if scan_on(Machine(tmp_path / str(point), Fuse(point, kind)), breaks_locks=breaks_locks) != expected
    ]
    assert different == []


def test_a_scan_that_loses_any_message_stores_the_same(tmp_path: Path, untroubled: tuple[Stored, int, int]) -> None:
    expected, _, messages = untroubled
    for number in range(1, messages + 1):
        machine = Machine(tmp_path / str(number), Fuse())
        machine.bus.loses = number
        assert scan_on(machine) == expected


class Doubting(Machine):
    """Delivers each message twice."""

    def handle(self, queue: Queue, message: LockedMessage) -> None:
        super().handle(queue, message)
        super().handle(queue, message)


class Crowded(Machine):
    """Delivers each message to two workers at once."""

    def handle(self, queue: Queue, message: LockedMessage) -> None:
        with ThreadPoolExecutor(2) as pool:
            work = super().handle
            for worker in [pool.submit(work, queue, message) for _ in range(2)]:
                worker.result()


@pytest.mark.parametrize("kind_of_machine", [Doubting, Crowded])
def test_a_scan_whose_messages_are_all_delivered_twice_stores_the_same(
    tmp_path: Path, untroubled: tuple[Stored, int, int], kind_of_machine: type[Machine]
) -> None:
    assert scan_on(kind_of_machine(tmp_path / "twice", Fuse())) == untroubled[0]
