"""A dead letter sent again: what it is about is opened once, with the record, or nothing happens at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.audit import Action, AuditEvent, operator
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from shared.core.operator_jobs import JobKind, JobState, OperatorJob
from shared.sql.ledgers.audit import AuditLog
from shared.sql.reviews.operator_jobs import OperatorJobs
from shared.sql.reviews.replays import Replayed, Replays
from shared.sql.scans.dead_letters import DeadLetter, DeadLetters
from tests.unit.shared.sql.store import LEASE, NOW, OTHER_TENANT, TENANT, Store, cost

WHO = operator("77777777-7777-4777-8777-777777777777", "reviewer@caleta.example")
LATER = NOW + timedelta(hours=1)
EVENT = AuditEvent(LATER, TENANT, WHO, Action.DEAD_LETTER_REPLAYED, reason="fixed")


@pytest.fixture
def replays(store: Store) -> Replays:
    return Replays(store.database)


def letter(store: Store) -> DeadLetter:
    DeadLetters(store.database).record(TENANT, "collect-costs", "poison", "{}", NOW, "{}")
    return DeadLetters(store.database).list()[0]


def replayed(store: Store) -> Replayed:
    return letter(store), EVENT


def as_it_is(store: Store, scan: Scan) -> Scan:
    found = store.scans.get(scan.key)
    assert found is not None
    return found


def failed_step(store: Store, status: ScanStatus | None = None) -> tuple[Step, Scan]:
    """A step that has failed after one page, in a scan that is under way or has ended so."""
    scan = store.scan()
    step = store.save(store.claimed(scan), [cost("1")], cursor="next")
    store.steps.complete(step, StepStatus.FAILED, NOW, code="DeadLettered", reason="again and again")
    if status is not None:
        store.scans.finish(scan.key, status, "a reason", NOW)
    ended = store.steps.get(TENANT, step.step_id)
    assert ended is not None
    return ended, as_it_is(store, scan)


def records(store: Store) -> int:
    return sum(one.action is Action.DEAD_LETTER_REPLAYED for one in AuditLog(store.database).of_customer(TENANT))


@pytest.mark.parametrize("status", [None, ScanStatus.FAILED])
def test_a_step_restarts_without_what_it_had(store: Store, replays: Replays, status: ScanStatus | None) -> None:
    step, scan = failed_step(store, status)
    assert replays.of_step(replayed(store), step, scan)
    begun = store.steps.get(TENANT, step.step_id)
    assert begun is not None
    assert (begun.status, begun.status_code, begun.pages, begun.rows, begun.cursor, begun.request_index) == (
        StepStatus.PENDING, None, 0, 0, None, 0,
    )  # fmt: skip
    assert store.collected.row_counts(scan.key)["costs"] == 0
    now = as_it_is(store, scan)
    assert (now.status, now.finished_at, now.status_reason) == (ScanStatus.COLLECTING, None, None)
    assert store.steps.claim(TENANT, step.step_id, LATER, LEASE) is not None
    assert records(store) == 1


def test_the_same_letter_is_sent_once(store: Store, replays: Replays) -> None:
    step, scan = failed_step(store)
    once = replayed(store)
    assert replays.of_step(once, step, scan)
    assert not replays.of_step(once, step, as_it_is(store, scan))
    assert records(store) == 1


@pytest.mark.parametrize("change", ["the step", "the scan", "deleted"])
def test_what_has_moved_on_takes_everything_back(store: Store, replays: Replays, change: str) -> None:
    step, scan = failed_step(store)
    if change == "the step":
        step = replace(step, step_id=store.step(scan, "inventory").step_id)
    elif change == "the scan":
        store.scans.finish(scan.key, ScanStatus.FAILED, None, NOW)
    else:
        store.delete_customer()
    written = replayed(store)
    assert not replays.of_step(written, step, scan)
    (kept,) = [one for one in DeadLetters(store.database).list() if one == written[0]]
    assert kept.replayed_at is None
    assert records(store) == 0


def test_another_customers_letter_is_not_found(store: Store, replays: Replays) -> None:
    step, scan = failed_step(store)
    assert not replays.of_step((replace(letter(store), tenant_id=OTHER_TENANT), EVENT), step, scan)


def test_a_scan_is_planned_again_unless_one_of_its_steps_was_begun(store: Store, replays: Replays) -> None:
    scan = store.scan()
    store.scans.finish(scan.key, ScanStatus.FAILED, "poison", NOW)
    assert replays.of_plan(replayed(store), as_it_is(store, scan))
    assert as_it_is(store, scan).status is ScanStatus.REQUESTED
    _, begun = failed_step(store, ScanStatus.FAILED)
    assert not replays.of_plan(replayed(store), begun)


def test_a_scan_is_finished_again(store: Store, replays: Replays) -> None:
    _, scan = failed_step(store, ScanStatus.FAILED)
    assert replays.of_finish(replayed(store), scan)
    assert as_it_is(store, scan).status is ScanStatus.FINISHING


def test_drafts_are_waited_for_again(store: Store, replays: Replays) -> None:
    _, scan = failed_step(store, ScanStatus.PARTIAL)
    store.scans.end_drafting(scan.key, NOW)
    assert store.scans.undrafted(LATER) == []
    assert replays.of_drafts(replayed(store), scan)
    assert store.scans.undrafted(LATER) == [scan]
    assert store.scans.undrafted(NOW) == []


def a_job(scan: Scan, state: JobState = JobState.FAILED) -> OperatorJob:
    return OperatorJob(
        job_id="55555555-5555-4555-8555-555555555555", tenant_id=TENANT, scan_id=scan.scan_id, kind=JobKind.REPULL,
        title="A job", parameters_json="{}", reason="because", requested_by=str(WHO.object_id),
        requested_by_name="reviewer", requested_at=NOW, state=state, state_reason="poison", summary=None, parts=1,
        parts_done=0, cursor_json='{"part": 0}', attempt=6, lease_id=None, updated_at=NOW, finished_at=NOW,
    )  # fmt: skip


def test_a_job_continues_from_its_cursor(store: Store, replays: Replays) -> None:
    _, scan = failed_step(store, ScanStatus.PARTIAL)
    jobs = OperatorJobs(store.database)
    assert jobs.create(a_job(scan), EVENT)
    assert replays.of_job(replayed(store), a_job(scan))
    again = jobs.get(TENANT, a_job(scan).job_id)
    assert again == replace(a_job(scan), state=JobState.QUEUED, state_reason=None, finished_at=None, updated_at=LATER)
    assert not replays.of_job(replayed(store), a_job(scan))


def test_a_re_pull_is_asked_for_with_the_letter_or_not_at_all(store: Store, replays: Replays) -> None:
    _, scan = failed_step(store, ScanStatus.PARTIAL)
    once, job = replayed(store), a_job(scan, JobState.QUEUED)
    assert not replays.by_job(once, replace(scan, status=ScanStatus.COLLECTED), job)
    assert OperatorJobs(store.database).get(TENANT, job.job_id) is None
    assert replays.by_job(once, scan, job)
    assert OperatorJobs(store.database).get(TENANT, job.job_id) == job


def test_a_message_that_opens_nothing_is_still_sent_once(store: Store, replays: Replays) -> None:
    once = replayed(store)
    assert replays.as_it_was(once)
    assert not replays.as_it_was(once)
    (kept,) = DeadLetters(store.database).list()
    assert (kept.replayed_at, kept.replayed_by_name) == (LATER, WHO.name)
    assert DeadLetters(store.database).get(kept.dead_letter_id) == kept
