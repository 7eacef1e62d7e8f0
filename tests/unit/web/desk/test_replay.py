"""Replaying a step's dead letter, and when it is refused."""

import pytest

from collectors.dead_letters import record
from shared.core.audit import SYSTEM, Action, AuditEvent, customer
from shared.core.deletions import DeletionReason, DeletionScope
from shared.core.messages import StepMessage
from shared.core.models import ScanKey, ScanStatus, StepStatus
from shared.core.operator_jobs import JobKind
from shared.core.operators import Operator
from shared.messaging.queues import OPERATOR_JOBS, SCAN_REQUESTS
from shared.sql.deletion.deletions import DeletionRequest
from shared.sql.reviews.operator_jobs import OperatorJobs
from shared.sql.reviews.reviews import Reviews
from shared.sql.scans.connections import Connections
from shared.sql.scans.scans import Scans
from shared.sql.scans.steps import Steps
from tests.support.collecting import (
    FIRST,
    TENANT,
    USER,
    collecting_scan,
    latest,
    requested_scan,
    scan_message,
    step_body,
    steps_of,
)
from tests.support.desk import REVIEWER, Desk
from tests.unit.web.dead_letters import (
    COSTS,
    REASON,
    consented,
    ended_scan,
    letters,
    poisoned_step,
    refused,
    replay,
    rows_stored,
    use_up_deliveries,
)
from web.desk import replay as why


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A reviewer's browser, and a customer whose consent holds."""
    consented(desk)
    return desk


def test_a_step_of_a_running_scan_restarts_with_a_new_message(desk: Desk) -> None:
    scan = poisoned_step(desk)
    assert rows_stored(desk) == 1
    assert replay(desk).status == 303
    step, other = steps_of(desk.parts, scan)
    assert (step.status, step.pages, step.rows, step.request_index, step.cursor) == (StepStatus.PENDING, 0, 0, 0, None)
    assert (step.status_code, step.status_reason, step.attempt) == (None, None, 2)
    assert rows_stored(desk) == 0
    assert other.status is StepStatus.PENDING
    (message,) = desk.parts.outbox.of(COSTS)
    body = StepMessage.decode(message.body)
    assert (body.step_id, body.attempt, body.faults, message.session_id) == (step.step_id, 3, 0, TENANT)
    assert message.message_id.endswith(f":replay:{letters(desk)[0].dead_letter_id}")


@pytest.mark.parametrize("status", [ScanStatus.FAILED, ScanStatus.BLOCKED])
def test_a_failed_or_blocked_scan_continues(desk: Desk, status: ScanStatus) -> None:
    scan = ended_scan(desk, status)
    assert replay(desk).status == 303
    now = latest(desk.parts, scan)
    assert (now.status, now.status_reason, now.finished_at) == (ScanStatus.COLLECTING, None, None)
    assert steps_of(desk.parts, scan)[0].status is StepStatus.PENDING


def test_a_reviewable_scan_keeps_its_data_until_the_step_is_re_pulled(desk: Desk) -> None:
    scan = ended_scan(desk, ScanStatus.PARTIAL)
    assert replay(desk).status == 303
    assert rows_stored(desk) == 1
    assert latest(desk.parts, scan) == scan
    (job,) = OperatorJobs(desk.parts.database).list(scan.key)
    step = steps_of(desk.parts, scan)[0]
    assert (job.kind, job.parameters, job.reason) == (JobKind.REPULL, {"steps": [step.step_id]}, REASON["reason"])
    assert len(desk.parts.outbox.of(OPERATOR_JOBS.name)) == 1
    assert step.status is StepStatus.FAILED


def test_after_the_review_window_no_replay_reads_data(desk: Desk) -> None:
    ended_scan(desk, ScanStatus.PARTIAL)
    desk.parts.time.sleep(25 * 3600)
    desk.sign_in()
    refused(desk, "No more data can be read")


def test_after_publication_no_replay_reads_data(desk: Desk) -> None:
    scan = ended_scan(desk, ScanStatus.PARTIAL)
    now = desk.parts.clock.now()
    who = Operator(REVIEWER.user_object_id, REVIEWER.username, frozenset(), now, now, now)
    event = AuditEvent(now, TENANT, SYSTEM, Action.FINDINGS_PUBLISHED)
    assert Reviews(desk.parts.database).publish(scan.key, who, now, event)
    refused(desk, "published")


def test_without_consent_no_replay_reads_data(desk: Desk) -> None:
    poisoned_step(desk)
    Connections(desk.parts.database).require_sign_in(TENANT, USER, "expired", at=desk.parts.clock.now())
    refused(desk, why.NO_CONSENT)


def test_a_step_of_a_deleted_scan_is_not_replayed(desk: Desk) -> None:
    scan = poisoned_step(desk)
    event = AuditEvent(desk.parts.clock.now(), TENANT, customer(USER), Action.DELETION_REQUESTED)
    wanted = DeletionRequest(
        TENANT, DeletionScope.SCAN, DeletionReason.CUSTOMER, event, user_object_id=USER, scan_id=scan.scan_id
    )
    desk.parts.deletions.ask(wanted)
    refused(desk, why.DELETED)


@pytest.mark.parametrize("status", [StepStatus.SUCCEEDED, StepStatus.BLOCKED])
def test_a_step_in_another_state_is_not_replayed(desk: Desk, status: StepStatus) -> None:
    scan = collecting_scan(desk.parts, [("costs", FIRST)])
    (step,) = steps_of(desk.parts, scan)
    held = Steps(desk.parts.database).claim(TENANT, step.step_id, desk.parts.clock.now(), 60)
    assert held is not None
    Steps(desk.parts.database).complete(held, status, desk.parts.clock.now())
    use_up_deliveries(desk.parts, step_body(step), COSTS)
    refused(desk, why.STATE_CHANGED)


@pytest.mark.parametrize(
    ("status", "words"), [(ScanStatus.CANCELLED, why.STATE_CHANGED), (ScanStatus.FINISHING, why.FINISHING)]
)
def test_a_cancelled_or_finishing_scan_is_not_restarted(desk: Desk, status: ScanStatus, words: str) -> None:
    scan = poisoned_step(desk)
    scans = Scans(desk.parts.database)
    if status is ScanStatus.CANCELLED:
        scans.cancel_running(TENANT, USER, "disconnected", desk.parts.clock.now())
    else:
        use_up_deliveries(desk.parts, step_body(steps_of(desk.parts, scan)[1]), COSTS)
    assert latest(desk.parts, scan).status is status
    refused(desk, words)


def test_a_message_in_the_wrong_queue_is_not_replayed(desk: Desk) -> None:
    scan = collecting_scan(desk.parts, [("costs", FIRST)])
    record(desk.parts, step_body(steps_of(desk.parts, scan)[0]), "not of this queue", "collect-advisor")
    refused(desk, why.WRONG_QUEUE)


def test_a_superseded_or_old_scan_is_not_restarted(desk: Desk) -> None:
    ended_scan(desk, ScanStatus.FAILED)
    desk.parts.time.sleep(1)
    newer = requested_scan(desk.parts)
    refused(desk, why.SUPERSEDED)
    Scans(desk.parts.database).finish(ScanKey(TENANT, newer.scan_id), ScanStatus.FAILED, None, desk.parts.clock.now())
    use_up_deliveries(desk.parts, scan_message(newer), SCAN_REQUESTS.name)
    desk.parts.time.sleep(3 * 24 * 3600 + 1)
    desk.sign_in()
    refused(desk, why.TOO_OLD)
