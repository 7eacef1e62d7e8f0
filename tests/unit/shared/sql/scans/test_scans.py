from datetime import timedelta

import pytest

from shared.core.models import Scan, ScanKey, ScanStatus, StepStatus
from tests.unit.shared.sql.store import NOW, OTHER_TENANT, OTHER_USER, PERIOD, TENANT, USER, Store

FINAL = [status for status in ScanStatus if status.is_final]


def status_of(store: Store, scan: Scan) -> ScanStatus:
    found = store.scans.get(scan.key)
    assert found is not None
    return found.status


def complete(store: Store, scan: Scan, number: int = 1) -> None:
    step = store.claimed(scan, number=number)
    store.steps.complete(step, StepStatus.SUCCEEDED, NOW)


def test_a_scan_is_read_back_as_it_was_made(store: Store) -> None:
    scan = store.scan()
    assert (scan.status, scan.period, scan.requested_at) == (ScanStatus.REQUESTED, PERIOD, NOW)
    assert store.scans.get(scan.key) == scan


def test_another_tenant_does_not_find_it(store: Store) -> None:
    assert store.scans.get(ScanKey(OTHER_TENANT, store.scan().scan_id)) is None


def test_the_latest_scan_is_the_users_own_newest(store: Store) -> None:
    older = store.scan(at=NOW - timedelta(days=2))
    store.scans.finish(older.key, ScanStatus.FAILED, None, NOW - timedelta(days=2))
    newer = store.scan(at=NOW - timedelta(days=1))
    store.scan(user=OTHER_USER)
    store.scan(OTHER_TENANT)
    assert store.scans.latest(TENANT, USER) == newer
    assert store.scans.recent(TENANT, USER, 10) == [newer, store.scans.get(older.key)]
    assert store.scans.recent(TENANT, USER, 1) == [newer]


def test_who_has_never_scanned_has_no_latest_scan(store: Store) -> None:
    assert store.scans.latest(TENANT, USER) is None


def test_collecting_begins_once(store: Store) -> None:
    scan = store.scan()
    assert [store.scans.begin_collecting(scan.key) for _ in range(2)] == [True, False]
    assert status_of(store, scan) is ScanStatus.COLLECTING


@pytest.mark.parametrize("status", [status for status in StepStatus if not status.is_final])
def test_finishing_does_not_begin_while_a_step_is_unfinished(store: Store, status: StepStatus) -> None:
    scan = store.scan()
    complete(store, scan)
    step = store.step(scan, number=2) if status is StepStatus.PENDING else store.claimed(scan, number=2)
    if status is StepStatus.WAITING:
        store.steps.wait(step, NOW, "throttled", NOW)
    assert not store.scans.begin_finishing(scan.key)
    assert status_of(store, scan) is ScanStatus.COLLECTING


def test_finishing_begins_once_when_the_last_step_is_over(store: Store) -> None:
    scan = store.scan()
    complete(store, scan)
    assert [store.scans.begin_finishing(scan.key) for _ in range(2)] == [True, False]


def test_unfinished_steps_of_another_scan_do_not_matter(store: Store) -> None:
    scan = store.scan()
    complete(store, scan)
    store.step(store.scan())
    store.step(store.scan(OTHER_TENANT))
    assert store.scans.begin_finishing(scan.key)


def test_another_tenant_cannot_move_a_scan(store: Store) -> None:
    scan = store.scan()
    assert not store.scans.begin_collecting(ScanKey(OTHER_TENANT, scan.scan_id))
    assert not store.scans.finish(ScanKey(OTHER_TENANT, scan.scan_id), ScanStatus.FAILED, None, NOW)
    assert status_of(store, scan) is ScanStatus.REQUESTED


@pytest.mark.parametrize("status", FINAL)
def test_a_scan_ends_once(store: Store, status: ScanStatus) -> None:
    scan = store.scan()
    assert store.scans.finish(scan.key, status, "why", NOW)
    assert not store.scans.finish(scan.key, ScanStatus.FAILED, "again", NOW + timedelta(days=1))
    ended = store.scans.get(scan.key)
    assert ended is not None
    assert (ended.status, ended.status_reason, ended.finished_at) == (status, "why", NOW)


def test_cancelling_ends_only_this_users_unfinished_scans(store: Store) -> None:
    ended = store.scan()
    store.scans.finish(ended.key, ScanStatus.COLLECTED, None, NOW)
    running = store.scan()
    others = [store.scan(user=OTHER_USER), store.scan(OTHER_TENANT)]
    assert store.scans.cancel_running(TENANT, USER, "disconnected", NOW) == 1
    assert status_of(store, running) is ScanStatus.CANCELLED
    assert status_of(store, ended) is ScanStatus.COLLECTED
    assert [status_of(store, scan) for scan in others] == [ScanStatus.REQUESTED] * 2


def test_a_scan_that_was_never_planned_is_stuck_after_a_while(store: Store) -> None:
    scan = store.scan()
    assert store.scans.stuck(NOW + timedelta(minutes=9)) == []
    assert [found.scan_id for found in store.scans.stuck(NOW + timedelta(minutes=10))] == [scan.scan_id]


def test_a_collecting_scan_is_stuck_only_when_no_step_is_left(store: Store) -> None:
    left, done = store.scan(), store.scan()
    store.step(left)
    complete(store, done)
    assert [found.scan_id for found in store.scans.stuck(NOW + timedelta(hours=1))] == [done.scan_id]


def test_a_scan_whose_last_step_ended_just_now_is_not_stuck(store: Store) -> None:
    scan = store.scan(at=NOW - timedelta(hours=3))
    complete(store, scan)
    assert store.scans.stuck(NOW + timedelta(minutes=9)) == []


def test_a_finishing_scan_whose_message_was_lost_is_stuck_and_an_ended_one_is_not(store: Store) -> None:
    scan = store.scan()
    complete(store, scan)
    store.scans.begin_finishing(scan.key)
    assert [found.scan_id for found in store.scans.stuck(NOW + timedelta(hours=1))] == [scan.scan_id]
    store.scans.finish(scan.key, ScanStatus.COLLECTED, None, NOW)
    assert store.scans.stuck(NOW + timedelta(hours=1)) == []


def test_the_totals_of_a_scan_are_noted_once_and_for_its_own_customer(store: Store) -> None:
    scan = store.scan()
    assert not store.scans.has_totals(scan.key)
    store.scans.note_totals(ScanKey(OTHER_TENANT, scan.scan_id))
    assert not store.scans.has_totals(scan.key)
    store.scans.note_totals(scan.key)
    assert store.scans.has_totals(scan.key)
