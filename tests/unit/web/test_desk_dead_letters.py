"""Dead letters at the desk: what is listed, what can be sent again and what cannot, and why."""

import pytest
from sqlalchemy import func, select

from collectors.dead_letters import JOB_REASON, record
from collectors.sweep import sweep
from shared.arm.request import ArmPage
from shared.audit import SYSTEM, Action, ActorKind, AuditEvent, customer
from shared.core.deletions import DeletionReason, DeletionScope
from shared.core.messages import DeletionMessage, MailMessage, StepMessage
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from shared.core.operator_jobs import JobKind, JobState
from shared.core.operators import Operator
from shared.queues import DELETIONS, DRAFT_FINDINGS, OPERATOR_JOBS, SCAN_FINISHES, SCAN_REQUESTS, SEND_MAIL
from shared.sql.audit import AuditEntry, AuditLog
from shared.sql.connections import Connections
from shared.sql.dead_letters import DeadLetter, DeadLetters
from shared.sql.deletions import Deletions, Wish
from shared.sql.operator_jobs import OperatorJobs
from shared.sql.reviews import Reviews
from shared.sql.scans import Scans
from shared.sql.steps import Steps
from shared.sql.tables import costs, raw_pages
from tests.browsing import COST_COLUMNS, cost_row, ended
from tests.collecting import (
    FIRST,
    SECOND,
    TENANT,
    USER,
    collecting_scan,
    latest,
    requested_scan,
    scan_message,
    step_body,
    steps_of,
)
from tests.desk import REVIEWER, Desk, text_of
from tests.operator_jobs import asked_for, body_of, now_of
from web import desk_replay as why
from web.desk_dead_letters import desk_dead_letter_replay, desk_dead_letters
from web.http import Response

POISON = "MaxDeliveryCountExceeded"
COSTS = "collect-costs"
REASON = {"reason": "the mistake is mended"}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A reviewer's browser, and a customer whose consent holds."""
    desk.sign_in()
    Connections(desk.parts.database).save(TENANT, USER, "owner@contoso.example", b"token", desk.parts.clock.now())
    return desk


def letters(desk: Desk) -> list[DeadLetter]:
    return DeadLetters(desk.parts.database).list()


def replay(desk: Desk) -> Response:
    """The newest letter is sent again."""
    return desk.post(desk_dead_letter_replay, REASON, letter_id=str(letters(desk)[0].dead_letter_id))


def refused(desk: Desk, words: str) -> None:
    """The newest letter is refused with these words, and nothing has happened."""
    before, sent = letters(desk), list(desk.parts.outbox.sent)
    response = replay(desk)
    assert response.status == 409
    assert words.replace("'", "&#39;") in text_of(response)
    assert (letters(desk), desk.parts.outbox.sent) == (before, sent)
    assert entries(desk) == []


def entries(desk: Desk) -> list[AuditEntry]:
    log = AuditLog(desk.parts.database).of_customer(TENANT)
    return [entry for entry in log if entry.action is Action.DEAD_LETTER_REPLAYED]


def with_a_page(desk: Desk, step: Step) -> None:
    """The step has stored a page with one row, and waits for its next message."""
    steps, now = Steps(desk.parts.database), desk.parts.clock.now()
    held = steps.claim(TENANT, step.step_id, now, 60)
    assert held is not None
    rows = [cost_row(FIRST, "5.00")]
    saved = steps.save_page(held, ArmPage(200, b"{}", {}, "1"), "costs", COST_COLUMNS, rows, 0, "1", now, 60)
    steps.release(saved, now)


def poisoned_step(desk: Desk) -> Scan:
    """A scan of two steps that is under way; the first has read one page when its message dies."""
    scan = collecting_scan(desk.parts, [("costs", FIRST), ("costs", SECOND)])
    step = steps_of(desk.parts, scan)[0]
    with_a_page(desk, step)
    record(desk.parts, step_body(step), POISON, COSTS)
    return scan


def ended_scan(desk: Desk, status: ScanStatus) -> Scan:
    """The same, and the scan has ended."""
    return ended(desk.parts, poisoned_step(desk), status, "a reason")


def rows_stored(desk: Desk) -> int:
    with desk.parts.database.system_reading() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (costs, raw_pages)
        ]
    assert counts[0] == counts[1]
    return counts[0]


def test_the_list_says_what_each_was_about_and_whether_it_can_be_sent_again(desk: Desk) -> None:
    scan = poisoned_step(desk)
    record(desk.parts, b'{"password": "hunter2"}', "cannot be used", "collect-inventory")
    page = text_of(desk.get(desk_dead_letters))
    assert f"/desk/scans/{scan.scan_id}" in page
    assert POISON in page
    assert why.NO_MESSAGE in page
    assert page.count('action="/desk/dead-letters/') == 1
    assert "hunter2" not in page


def test_an_empty_list_says_so(desk: Desk) -> None:
    assert "every message was worked on" in text_of(desk.get(desk_dead_letters))


def test_a_step_of_a_running_scan_begins_anew_with_a_message_of_its_own(desk: Desk) -> None:
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


def test_it_is_on_record_and_the_customer_can_read_it(desk: Desk) -> None:
    scan = poisoned_step(desk)
    replay(desk)
    (entry,) = entries(desk)
    assert (entry.actor.kind, entry.actor.name) == (ActorKind.OPERATOR, "reviewer@caleta.example")
    assert (entry.user_object_id, entry.subject_id, entry.reason) == (USER, scan.scan_id, REASON["reason"])
    assert entry.details["queue"] == COSTS
    (letter,) = letters(desk)
    assert (letter.replayed_at, letter.replayed_by_name) == (desk.parts.clock.now(), "reviewer@caleta.example")
    assert "sent again" in text_of(desk.get(desk_dead_letters))


def test_pressed_twice_it_is_sent_once(desk: Desk) -> None:
    poisoned_step(desk)
    replay(desk)
    response = replay(desk)
    assert response.status == 409
    assert why.REPLAYED in text_of(response)
    assert len(desk.parts.outbox.of(COSTS)) == 1
    assert len(entries(desk)) == 1


def test_without_a_reason_nothing_is_sent(desk: Desk) -> None:
    poisoned_step(desk)
    letter_id = str(letters(desk)[0].dead_letter_id)
    assert desk.post(desk_dead_letter_replay, {"reason": " "}, letter_id=letter_id).status == 400
    assert desk.parts.outbox.sent == []


def test_a_queue_that_is_away_loses_nothing_for_the_sweeper_sends_the_message(desk: Desk) -> None:
    scan = poisoned_step(desk)
    desk.parts.outbox.refuses = OSError("no queue")
    assert replay(desk).status == 500
    assert steps_of(desk.parts, scan)[0].status is StepStatus.PENDING
    assert desk.parts.outbox.sent == []
    desk.parts.time.sleep(1800)
    sweep(desk.parts)
    assert str(steps_of(desk.parts, scan)[0].step_id) in {
        m.message_id.split(":")[1] for m in desk.parts.outbox.of(COSTS)
    }


@pytest.mark.parametrize("status", [ScanStatus.FAILED, ScanStatus.BLOCKED])
def test_a_scan_that_ended_without_anything_goes_on(desk: Desk, status: ScanStatus) -> None:
    scan = ended_scan(desk, status)
    assert replay(desk).status == 303
    now = latest(desk.parts, scan)
    assert (now.status, now.status_reason, now.finished_at) == (ScanStatus.COLLECTING, None, None)
    assert steps_of(desk.parts, scan)[0].status is StepStatus.PENDING


def test_a_scan_that_has_something_to_look_at_keeps_it_until_the_part_was_read_anew(desk: Desk) -> None:
    scan = ended_scan(desk, ScanStatus.PARTIAL)
    assert replay(desk).status == 303
    assert rows_stored(desk) == 1
    assert latest(desk.parts, scan) == scan
    (job,) = OperatorJobs(desk.parts.database).list(TENANT, scan.scan_id)
    step = steps_of(desk.parts, scan)[0]
    assert (job.kind, job.parameters, job.reason) == (JobKind.REPULL, {"steps": [step.step_id]}, REASON["reason"])
    assert len(desk.parts.outbox.of(OPERATOR_JOBS.name)) == 1
    assert step.status is StepStatus.FAILED


def test_after_the_review_window_nothing_is_read_for_such_a_scan(desk: Desk) -> None:
    ended_scan(desk, ScanStatus.PARTIAL)
    desk.parts.time.sleep(25 * 3600)
    desk.sign_in()
    refused(desk, "nothing more is read for this review")


def test_once_the_review_is_published_nothing_is_read_for_it(desk: Desk) -> None:
    scan = ended_scan(desk, ScanStatus.PARTIAL)
    now = desk.parts.clock.now()
    who = Operator(REVIEWER.user_object_id, REVIEWER.username, frozenset(), now, now)
    event = AuditEvent(now, TENANT, SYSTEM, Action.FINDINGS_PUBLISHED)
    assert Reviews(desk.parts.database).publish(TENANT, scan.scan_id, who, now, event)
    refused(desk, "published")


def test_nothing_is_read_of_a_customer_whose_consent_has_ended(desk: Desk) -> None:
    poisoned_step(desk)
    Connections(desk.parts.database).require_sign_in(TENANT, USER, "expired", at=desk.parts.clock.now())
    refused(desk, why.NO_CONSENT)


def test_of_a_scan_that_was_deleted_nothing_is_begun_again(desk: Desk) -> None:
    scan = poisoned_step(desk)
    event = AuditEvent(desk.parts.clock.now(), TENANT, customer(USER), Action.DELETION_REQUESTED)
    wish = Wish(TENANT, DeletionScope.SCAN, DeletionReason.CUSTOMER, event, user_object_id=USER, scan_id=scan.scan_id)
    Deletions(desk.parts.database).ask(wish)
    refused(desk, why.GONE)


def test_a_scan_deleted_between_the_look_and_the_press_is_not_brought_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = poisoned_step(desk)
    event = AuditEvent(desk.parts.clock.now(), TENANT, customer(USER), Action.DELETION_REQUESTED)
    wish = Wish(TENANT, DeletionScope.SCAN, DeletionReason.CUSTOMER, event, user_object_id=USER, scan_id=scan.scan_id)
    looked = why.again

    def slow(*given: object) -> why.Again:
        found = looked(*given)  # type: ignore[arg-type]
        Deletions(desk.parts.database).ask(wish)
        return found

    monkeypatch.setattr("web.desk_dead_letters.again", slow)
    refused(desk, why.MOVED_ON)


@pytest.mark.parametrize("status", [StepStatus.SUCCEEDED, StepStatus.BLOCKED])
def test_a_step_that_has_ended_otherwise_meanwhile_is_left_alone(desk: Desk, status: StepStatus) -> None:
    scan = collecting_scan(desk.parts, [("costs", FIRST)])
    (step,) = steps_of(desk.parts, scan)
    held = Steps(desk.parts.database).claim(TENANT, step.step_id, desk.parts.clock.now(), 60)
    assert held is not None
    Steps(desk.parts.database).complete(held, status, desk.parts.clock.now())
    record(desk.parts, step_body(step), POISON, COSTS)
    refused(desk, why.MOVED_ON)


@pytest.mark.parametrize(
    ("status", "words"), [(ScanStatus.CANCELLED, why.MOVED_ON), (ScanStatus.FINISHING, why.ADDING_UP)]
)
def test_a_scan_that_was_cancelled_or_is_being_added_up_is_left_alone(
    desk: Desk, status: ScanStatus, words: str
) -> None:
    scan = poisoned_step(desk)
    scans = Scans(desk.parts.database)
    if status is ScanStatus.CANCELLED:
        scans.cancel_running(TENANT, USER, "disconnected", desk.parts.clock.now())
    else:
        record(desk.parts, step_body(steps_of(desk.parts, scan)[1]), POISON, COSTS)
    assert latest(desk.parts, scan).status is status
    refused(desk, words)


def test_a_message_that_died_in_a_queue_that_is_not_its_own_would_die_again(desk: Desk) -> None:
    scan = collecting_scan(desk.parts, [("costs", FIRST)])
    record(desk.parts, step_body(steps_of(desk.parts, scan)[0]), "not of this queue", "collect-advisor")
    refused(desk, why.ELSEWHERE)


def test_a_scan_that_nobody_waits_for_any_more_is_not_taken_up(desk: Desk) -> None:
    ended_scan(desk, ScanStatus.FAILED)
    desk.parts.time.sleep(1)
    newer = requested_scan(desk.parts)
    refused(desk, why.NEWER)
    Scans(desk.parts.database).finish(TENANT, newer.scan_id, ScanStatus.FAILED, None, desk.parts.clock.now())
    record(desk.parts, scan_message(newer), POISON, SCAN_REQUESTS.name)
    desk.parts.time.sleep(3 * 24 * 3600 + 1)
    desk.sign_in()
    refused(desk, why.TOO_LATE)


def test_a_scan_that_could_not_be_planned_is_planned_again(desk: Desk) -> None:
    scan = requested_scan(desk.parts)
    record(desk.parts, scan_message(scan), POISON, SCAN_REQUESTS.name)
    assert replay(desk).status == 303
    assert latest(desk.parts, scan).status is ScanStatus.REQUESTED
    assert len(desk.parts.outbox.of(SCAN_REQUESTS.name)) == 1


def test_an_old_plan_of_a_scan_that_was_begun_and_failed_is_not_planned_again(desk: Desk) -> None:
    scan = ended_scan(desk, ScanStatus.FAILED)
    record(desk.parts, scan_message(scan), POISON, SCAN_REQUESTS.name)
    refused(desk, why.MOVED_ON)


def test_a_scan_that_could_not_be_finished_is_finished_again_whatever_became_of_the_consent(desk: Desk) -> None:
    scan = collecting_scan(desk.parts, [])
    Scans(desk.parts.database).begin_finishing(TENANT, scan.scan_id)
    record(desk.parts, scan_message(scan), POISON, SCAN_FINISHES.name)
    Connections(desk.parts.database).require_sign_in(TENANT, USER, "expired", at=desk.parts.clock.now())
    assert replay(desk).status == 303
    assert latest(desk.parts, scan).status is ScanStatus.FINISHING
    assert len(desk.parts.outbox.of(SCAN_FINISHES.name)) == 1


def test_drafts_that_were_given_up_are_asked_for_again(desk: Desk) -> None:
    scan = desk.consented_scan()
    record(desk.parts, scan_message(scan), POISON, DRAFT_FINDINGS.name)
    desk.parts.time.sleep(3600)
    scans = Scans(desk.parts.database)
    assert scans.undrafted(desk.parts.clock.now()) == []
    assert replay(desk).status == 303
    assert len(desk.parts.outbox.of(DRAFT_FINDINGS.name)) == 1
    assert [one.scan_id for one in scans.undrafted(desk.parts.clock.now())] == [scan.scan_id]


def test_a_job_that_was_given_up_goes_on_where_it_stood(desk: Desk) -> None:
    scan = desk.consented_scan()
    job = asked_for(desk.parts, scan, JobKind.REPULL, {"steps": []})
    record(desk.parts, body_of(job), POISON, OPERATOR_JOBS.name)
    failed = now_of(desk.parts, job)
    assert (failed.state, failed.state_reason) == (JobState.FAILED, JOB_REASON)
    assert replay(desk).status == 303
    again = now_of(desk.parts, job)
    assert (again.state, again.state_reason, again.finished_at) == (JobState.QUEUED, None, None)
    (message,) = desk.parts.outbox.of(OPERATOR_JOBS.name)
    assert message.message_id.startswith(f"{job.job_id}:{failed.attempt + 1}:replay:")


def test_a_deletion_that_has_not_ended_goes_on(desk: Desk) -> None:
    desk.consented_scan()
    event = AuditEvent(desk.parts.clock.now(), TENANT, customer(USER), Action.DELETION_REQUESTED)
    deletions = Deletions(desk.parts.database)
    deletion = deletions.ask(Wish(TENANT, DeletionScope.CUSTOMER, DeletionReason.CUSTOMER, event))
    body = DeletionMessage(tenant_id=TENANT, receipt_id=deletion.receipt_id).encode()
    record(desk.parts, body, POISON, DELETIONS.name)
    assert replay(desk).status == 303
    assert [message.body for message in desk.parts.outbox.of(DELETIONS.name)] == [body]
    while deletions.work(deletion, desk.parts.clock.now()):
        pass
    record(desk.parts, body, POISON, DELETIONS.name)
    assert why.GONE in text_of(replay(desk))


def test_a_mail_is_never_sent_again_by_hand(desk: Desk) -> None:
    body = MailMessage(tenant_id=TENANT, mail_id="55555555-5555-4555-8555-555555555555").encode()
    record(desk.parts, body, POISON, SEND_MAIL.name)
    refused(desk, "one that may have gone is never sent twice")


@pytest.mark.parametrize("letter_id", ["0", "99", "x", "-1", "9" * 40, "\u0661"])
def test_a_letter_that_does_not_exist_has_no_address(desk: Desk, letter_id: str) -> None:
    poisoned_step(desk)
    assert desk.post(desk_dead_letter_replay, REASON, letter_id=letter_id).status == 404


def test_a_letter_of_the_time_before_bodies_were_kept_is_only_to_be_looked_at(desk: Desk) -> None:
    scan = collecting_scan(desk.parts, [("costs", FIRST)])
    body = step_body(steps_of(desk.parts, scan)[0]).decode()
    DeadLetters(desk.parts.database).record(TENANT, COSTS, POISON, body, desk.parts.clock.now())
    refused(desk, why.NO_MESSAGE)


def test_what_is_kept_for_sending_is_held_to_the_model_again(desk: Desk) -> None:
    DeadLetters(desk.parts.database).record(
        TENANT, COSTS, POISON, "{}", desk.parts.clock.now(), '{"tenant_id": "somebody else"}'
    )
    refused(desk, why.NO_MESSAGE)
