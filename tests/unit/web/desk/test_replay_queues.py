"""Replaying the dead letters of the other queues."""

import pytest

from collectors.dead_letters import JOB_REASON
from shared.core.audit import Action, AuditEvent, customer
from shared.core.deletions import DeletionReason, DeletionScope
from shared.core.messages import DeletionMessage, MailMessage
from shared.core.models import ScanStatus
from shared.core.operator_jobs import JobKind, JobState
from shared.messaging.queues import DELETIONS, DRAFT_FINDINGS, OPERATOR_JOBS, SCAN_FINISHES, SCAN_REQUESTS, SEND_MAIL
from shared.sql.deletion.deletions import DeletionRequest
from shared.sql.scans.connections import Connections
from shared.sql.scans.scans import Scans
from tests.support.collecting import (
    TENANT,
    USER,
    collecting_scan,
    latest,
    requested_scan,
    scan_message,
)
from tests.support.desk import Desk, text_of
from tests.support.operator_jobs import asked_for, body_of, now_of
from tests.unit.web.dead_letters import (
    consented,
    ended_scan,
    refused,
    replay,
    use_up_deliveries,
)
from web.desk import replay as why


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A reviewer's browser, and a customer whose consent holds."""
    consented(desk)
    return desk


def test_a_scan_whose_planning_failed_is_planned_again(desk: Desk) -> None:
    scan = requested_scan(desk.parts)
    use_up_deliveries(desk.parts, scan_message(scan), SCAN_REQUESTS.name)
    assert replay(desk).status == 303
    assert latest(desk.parts, scan).status is ScanStatus.REQUESTED
    assert len(desk.parts.outbox.of(SCAN_REQUESTS.name)) == 1


def test_a_scan_that_was_already_planned_is_not_planned_again(desk: Desk) -> None:
    scan = ended_scan(desk, ScanStatus.FAILED)
    use_up_deliveries(desk.parts, scan_message(scan), SCAN_REQUESTS.name)
    refused(desk, why.STATE_CHANGED)


def test_a_scan_whose_finish_failed_is_finished_again_even_without_consent(desk: Desk) -> None:
    scan = collecting_scan(desk.parts, [])
    Scans(desk.parts.database).begin_finishing(scan.key)
    use_up_deliveries(desk.parts, scan_message(scan), SCAN_FINISHES.name)
    Connections(desk.parts.database).require_sign_in(TENANT, USER, "expired", at=desk.parts.clock.now())
    assert replay(desk).status == 303
    assert latest(desk.parts, scan).status is ScanStatus.FINISHING
    assert len(desk.parts.outbox.of(SCAN_FINISHES.name)) == 1


def test_failed_drafting_is_requested_again(desk: Desk) -> None:
    scan = desk.consented_scan()
    use_up_deliveries(desk.parts, scan_message(scan), DRAFT_FINDINGS.name)
    desk.parts.time.sleep(3600)
    desk.sign_in()
    scans = Scans(desk.parts.database)
    assert scans.undrafted(desk.parts.clock.now()) == []
    assert replay(desk).status == 303
    assert len(desk.parts.outbox.of(DRAFT_FINDINGS.name)) == 1
    assert [one.scan_id for one in scans.undrafted(desk.parts.clock.now())] == [scan.scan_id]


def test_a_failed_job_continues_where_it_stopped(desk: Desk) -> None:
    scan = desk.consented_scan()
    job = asked_for(desk.parts, scan, JobKind.REPULL, {"steps": []})
    use_up_deliveries(desk.parts, body_of(job), OPERATOR_JOBS.name)
    failed = now_of(desk.parts, job)
    assert (failed.state, failed.state_reason) == (JobState.FAILED, JOB_REASON)
    assert replay(desk).status == 303
    again = now_of(desk.parts, job)
    assert (again.state, again.state_reason, again.finished_at) == (JobState.QUEUED, None, None)
    (message,) = desk.parts.outbox.of(OPERATOR_JOBS.name)
    assert message.message_id.startswith(f"{job.job_id}:{failed.attempt + 1}:replay:")


def test_an_unfinished_deletion_continues(desk: Desk) -> None:
    desk.consented_scan()
    event = AuditEvent(desk.parts.clock.now(), TENANT, customer(USER), Action.DELETION_REQUESTED)
    deletions = desk.parts.deletions
    deletion = deletions.ask(DeletionRequest(TENANT, DeletionScope.CUSTOMER, DeletionReason.CUSTOMER, event))
    message = DeletionMessage(tenant_id=TENANT, receipt_id=deletion.receipt_id, progress=(deletion.rows,))
    body = message.encode()
    use_up_deliveries(desk.parts, body, DELETIONS.name)
    assert replay(desk).status == 303
    assert [message.body for message in desk.parts.outbox.of(DELETIONS.name)] == [body]
    while deletions.work(deletion, desk.parts.clock.now()):
        pass
    use_up_deliveries(desk.parts, body, DELETIONS.name)
    assert why.DELETED in text_of(replay(desk))


def test_an_email_is_never_replayed(desk: Desk) -> None:
    body = MailMessage(tenant_id=TENANT, mail_id="55555555-5555-4555-8555-555555555555").encode()
    use_up_deliveries(desk.parts, body, SEND_MAIL.name)
    refused(desk, "may have been sent is never sent twice")
