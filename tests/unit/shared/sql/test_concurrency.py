"""Many workers at once, in threads and in processes, and workers that die."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import TypeVar

from shared.core.models import ScanKey, Step, StepStatus
from tests.unit.shared.sql.store import LEASE, NOW, TENANT, USER, Store, cost, subscription

ROOT = Path(__file__).resolve().parents[4]
WORKERS = 8

T = TypeVar("T")


def at_once(work: Callable[[], T]) -> list[T]:
    """Does the same in several threads that begin together."""
    barrier = Barrier(WORKERS)

    def begin(_: int) -> T:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(begin, range(WORKERS)))


def test_of_many_threads_that_claim_a_step_one_gets_it(store: Store) -> None:
    step = store.step()
    claims = at_once(lambda: store.steps.claim(TENANT, step.step_id, NOW, LEASE))
    assert len([claim for claim in claims if claim is not None]) == 1


def test_plans_that_run_at_once_add_each_step_once(store: Store) -> None:
    scan = store.scan()
    wanted = [("costs", subscription(number)) for number in range(20)]
    at_once(lambda: store.steps.insert_missing(scan.key, wanted, NOW))
    assert len(store.steps.list(scan.key)) == 20


def test_consents_given_at_once_become_one_connection(store: Store) -> None:
    at_once(lambda: store.connections.save(TENANT, USER, "owner@contoso.example", b"token", NOW))
    saved = store.connections.get(TENANT, USER)
    assert saved is not None
    assert saved.version == WORKERS


def test_workers_that_end_the_last_steps_at_once_finish_the_scan_once(store: Store) -> None:
    for _ in range(10):
        scan = store.scan()
        held = [store.claimed(scan, number=number) for number in range(WORKERS)]

        def end(scan_id: str = scan.scan_id, held: list[Step] = held) -> bool:
            store.steps.complete(held.pop(), StepStatus.SUCCEEDED, NOW)
            return store.scans.begin_finishing(ScanKey(TENANT, scan_id))

        assert sorted(at_once(end)) == [False] * (WORKERS - 1) + [True]


def test_steps_collected_at_once_lose_no_row(store: Store) -> None:
    scan = store.scan()
    held = [store.claimed(scan, number=number) for number in range(WORKERS)]

    def work() -> None:
        step = held.pop()
        for _ in range(5):
            step = store.save(step, [cost("0.1")] * 500)

    at_once(work)
    assert store.collected.row_counts(scan.key)["costs"] == WORKERS * 5 * 500
    assert store.collected.cost_sums(scan.key) == {"GBP": Decimal("2000.0")}


CLAIM = """
import sys
from tests.unit.shared.sql.store import *
store = Store(Database.connect(sys.argv[1]))
print(*[number for number in map(int, sys.argv[2:]) if store.steps.claim(TENANT, number, NOW, LEASE)])
"""


def test_processes_share_out_the_steps_without_overlap(store: Store, url: str) -> None:
    scan = store.scan()
    wanted = [("costs", subscription(number)) for number in range(40)]
    store.steps.insert_missing(scan.key, wanted, NOW)
    numbers = [str(step.step_id) for step in store.steps.list(scan.key)]
    command = [sys.executable, "-c", CLAIM, url, *numbers]
    workers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    claimed = [number for worker in workers for number in worker.communicate(timeout=60)[0].split()]
    assert sorted(claimed) == sorted(numbers)


COLLECT = """
import sys
from tests.unit.shared.sql.store import *
store = Store(Database.connect(sys.argv[1]))
step = store.steps.claim(TENANT, int(sys.argv[2]), NOW, LEASE)
while True:
    step = store.save(step, [cost("1")] * 2_000, cursor=f"page {step.pages + 1}")
    print(step.pages, flush=True)
"""


def test_a_worker_killed_at_any_moment_leaves_whole_pages_only(store: Store, url: str) -> None:
    step = store.step()
    kept = step
    for turn in range(4):
        command = [sys.executable, "-c", COLLECT, url, str(step.step_id)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            worker.stdout.readline()
            time.sleep(0.004 * turn)
            worker.kill()
        assert store.steps.break_leases() == 1
        found = store.steps.get(TENANT, step.step_id)
        assert found is not None
        assert found.pages > kept.pages
        assert found.rows == found.pages * 2_000 == store.collected.row_counts(ScanKey(TENANT, step.scan_id))["costs"]
        assert found.cursor == f"page {found.pages}"
        kept = found
