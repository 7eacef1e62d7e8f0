import dataclasses
from datetime import timedelta

import pytest

from shared.core.errors import LeaseLost
from shared.core.models import ScanKey, ScanStatus, Step, StepStatus
from tests.unit.shared.sql.store import LEASE, NOW, OTHER_TENANT, TENANT, USER, Store, cost, subscription

FINAL = [status for status in StepStatus if status.is_final]
LATER = NOW + timedelta(seconds=LEASE)


def current(store: Store, step: Step) -> Step:
    found = store.steps.get(step.tenant_id, step.step_id)
    assert found is not None
    return found


def test_planning_twice_adds_each_step_once_and_keeps_what_has_begun(store: Store) -> None:
    scan = store.scan()
    held = store.claimed(scan, "costs", 1)
    wanted = [(name, subscription(number)) for number in (1, 2) for name in ("costs", "inventory")]
    for _ in range(2):
        store.steps.insert_missing(scan.key, wanted, NOW)
    planned = store.steps.list(scan.key)
    assert sorted((step.collector, step.subscription_id) for step in planned) == sorted(
        (name, each.subscription_id) for name, each in wanted
    )
    assert current(store, held) == held


def test_a_scan_without_subscriptions_has_no_steps(store: Store) -> None:
    scan = store.scan()
    store.steps.insert_missing(scan.key, [], NOW)
    assert store.steps.list(scan.key) == []


def test_a_new_step_is_at_its_beginning(store: Store) -> None:
    step = store.step()
    assert (step.status, step.attempt, step.request_index, step.cursor) == (StepStatus.PENDING, 0, 0, None)
    assert (step.pages, step.rows, step.simplified, step.lease_id) == (0, 0, False, None)


def test_another_tenant_sees_and_claims_nothing(store: Store) -> None:
    step = store.step()
    assert store.steps.get(OTHER_TENANT, step.step_id) is None
    assert store.steps.list(ScanKey(OTHER_TENANT, step.scan_id)) == []
    assert store.steps.claim(OTHER_TENANT, step.step_id, NOW, LEASE) is None


def test_a_claim_leases_the_step_and_counts_the_attempt(store: Store) -> None:
    step = store.claimed()
    assert (step.status, step.attempt) == (StepStatus.RUNNING, 1)
    assert step.lease_id
    assert current(store, step) == step


def test_a_living_workers_step_cannot_be_claimed(store: Store) -> None:
    step = store.claimed()
    assert store.steps.claim(TENANT, step.step_id, LATER - timedelta(microseconds=1), LEASE) is None


def test_a_dead_workers_step_can_and_the_dead_one_can_do_nothing_more(store: Store) -> None:
    dead = store.claimed()
    alive = store.steps.claim(TENANT, dead.step_id, LATER, LEASE)
    assert alive is not None
    assert alive.attempt == 2
    for attempt in (
        lambda: store.save(dead, [cost("1")]),
        lambda: store.steps.wait(dead, NOW, "throttled", NOW),
        lambda: store.steps.release(dead, NOW),
        lambda: store.steps.restart(dead, NOW, simplified=True),
        lambda: store.steps.complete(dead, StepStatus.FAILED, NOW),
    ):
        with pytest.raises(LeaseLost):
            attempt()
    assert current(store, alive) == alive
    assert store.collected.row_counts(ScanKey(TENANT, dead.scan_id))["costs"] == 0


def test_a_waiting_step_can_be_claimed_before_its_time(store: Store) -> None:
    step = store.claimed()
    store.steps.wait(step, NOW + timedelta(hours=1), "Cost Management asks us to wait", NOW)
    waiting = current(store, step)
    assert (waiting.status, waiting.not_before) == (StepStatus.WAITING, NOW + timedelta(hours=1))
    assert (waiting.status_reason, waiting.lease_id) == ("Cost Management asks us to wait", None)
    again = store.steps.claim(TENANT, step.step_id, NOW, LEASE)
    assert again is not None
    assert (again.attempt, again.not_before, again.status_reason) == (2, None, None)


def test_a_released_step_is_pending_and_continues_where_it_was(store: Store) -> None:
    step = store.save(store.claimed(), [cost("1")], cursor="page 2")
    store.steps.release(step, NOW)
    again = store.steps.claim(TENANT, step.step_id, NOW, LEASE)
    assert again is not None
    assert (again.pages, again.rows, again.cursor) == (1, 1, "page 2")


@pytest.mark.parametrize("status", FINAL)
def test_a_completed_step_is_over(store: Store, status: StepStatus) -> None:
    step = store.claimed()
    store.steps.complete(
        step, status, NOW, code="RBACAccessDenied", reason="why", remedy_role="Reader", remedy_scope="/subscriptions/a"
    )
    ended = current(store, step)
    assert (ended.status, ended.status_code, ended.status_reason) == (status, "RBACAccessDenied", "why")
    assert (ended.remedy_role, ended.remedy_scope, ended.lease_id) == ("Reader", "/subscriptions/a", None)
    assert store.steps.claim(TENANT, step.step_id, LATER, LEASE) is None
    with pytest.raises(LeaseLost):
        store.steps.complete(step, StepStatus.FAILED, NOW)
    with pytest.raises(LeaseLost):
        store.steps.complete(ended, StepStatus.FAILED, NOW)


def test_a_step_without_a_lease_can_be_completed_unless_a_worker_claims_it(store: Store) -> None:
    scan = store.scan()
    untouched, claimed = store.step(scan, number=1), store.step(scan, number=2)
    store.steps.claim(TENANT, claimed.step_id, NOW, LEASE)
    store.steps.complete(untouched, StepStatus.BLOCKED, NOW, reason="consent revoked")
    assert current(store, untouched).status is StepStatus.BLOCKED
    with pytest.raises(LeaseLost):
        store.steps.complete(claimed, StepStatus.BLOCKED, NOW)


def test_texts_longer_than_their_columns_are_cut(store: Store) -> None:
    step = store.claimed()
    long = "x" * 5_000
    store.steps.complete(step, StepStatus.BLOCKED, NOW, code=long, reason=long, remedy_role=long, remedy_scope=long)
    ended = current(store, step)
    texts = (ended.status_code, ended.status_reason, ended.remedy_role, ended.remedy_scope)
    assert [len(text or "") for text in texts] == [120, 600, 120, 400]
    assert all(text and text.endswith("…") for text in texts)


def test_simplifying_starts_again_without_what_was_stored(store: Store) -> None:
    scan = store.scan()
    other = store.save(store.claimed(scan, number=2), [cost("5")])
    step = store.save(store.claimed(scan, number=1), [cost("1"), cost("2")], cursor="page 2")
    simple = store.steps.restart(step, NOW, simplified=True)
    assert (simple.simplified, simple.request_index, simple.cursor) == (True, 0, None)
    assert (simple.pages, simple.rows, simple.lease_id) == (0, 0, step.lease_id)
    assert store.collected.row_counts(scan.key)["costs"] == 1
    store.save(simple, [cost("7")])
    assert str(store.collected.cost_sums(scan.key)["GBP"]) == "12"
    assert current(store, other) == other


def test_steps_without_progress_become_stale(store: Store) -> None:
    scan = store.scan()
    pending = store.step(scan, number=1)
    running, waiting, done = (store.claimed(scan, number=number) for number in (2, 3, 4))
    store.steps.wait(waiting, NOW + timedelta(hours=1), "throttled", NOW)
    store.steps.complete(done, StepStatus.SUCCEEDED, NOW)

    def stale(minutes: float) -> list[int]:
        return [step.step_id for step in store.steps.stale(NOW + timedelta(minutes=minutes))]

    assert stale(1.9) == []
    assert stale(2) == [running.step_id]
    assert stale(30) == [pending.step_id, running.step_id]
    assert stale(89) == [pending.step_id, running.step_id]
    assert stale(90) == [pending.step_id, running.step_id, waiting.step_id]


def test_a_step_touched_after_its_message_was_sent_again_is_not_stale(store: Store) -> None:
    step = store.step()
    later = NOW + timedelta(hours=2)
    store.steps.touch(step, later)
    assert store.steps.stale(later + timedelta(minutes=29)) == []
    assert [found.step_id for found in store.steps.stale(later + timedelta(minutes=30))] == [step.step_id]


def test_a_waiting_step_touched_is_not_stale_either(store: Store) -> None:
    step = store.claimed()
    store.steps.wait(step, NOW, "throttled", NOW)
    later = NOW + timedelta(hours=2)
    store.steps.touch(step, later)
    assert store.steps.stale(later + timedelta(minutes=29)) == []


def test_steps_of_a_scan_that_has_ended_are_left_alone(store: Store) -> None:
    store.step()
    store.scans.cancel_running(TENANT, USER, "disconnected", NOW)
    assert store.steps.stale(NOW + timedelta(days=1)) == []


def test_stale_steps_of_every_customer_are_found(store: Store) -> None:
    store.step(store.scan())
    store.step(store.scan(OTHER_TENANT))
    assert {step.tenant_id for step in store.steps.stale(NOW + timedelta(days=1))} == {TENANT, OTHER_TENANT}


def test_broken_leases_free_what_was_running_and_nothing_else(store: Store) -> None:
    scan = store.scan()
    running, done = store.claimed(scan, number=1), store.claimed(scan, number=2)
    store.steps.complete(done, StepStatus.SUCCEEDED, NOW)
    assert store.steps.break_leases() == 1
    assert store.steps.claim(TENANT, running.step_id, NOW, LEASE) is not None
    assert current(store, done).status is StepStatus.SUCCEEDED


def test_a_number_of_a_deleted_step_is_never_used_again(store: Store) -> None:
    first = store.step()
    store.scans.finish(ScanKey(TENANT, first.scan_id), ScanStatus.CANCELLED, None, NOW)
    store.delete_customer()
    assert store.step().step_id > first.step_id


def test_a_step_is_read_back_field_by_field(store: Store) -> None:
    step = store.save(store.claimed(), [cost("1")], cursor="https://management.azure.com/next?$skiptoken=ä")
    assert dataclasses.asdict(current(store, step)) == dataclasses.asdict(step)


def test_a_request_that_azure_refuses_for_good_is_passed_over_and_named(store: Store) -> None:
    held = store.claimed()
    skipped = store.steps.skip_request(held, '["a month"]', LATER)
    assert (skipped.request_index, skipped.unread_json) == (held.request_index + 1, '["a month"]')
    assert store.steps.get(TENANT, held.step_id) == skipped
    assert store.steps.claim(TENANT, held.step_id, LATER, LEASE) is not None
    with pytest.raises(LeaseLost):
        store.steps.skip_request(skipped, "[]", LATER)
