"""Messages that no one could process."""

from dataclasses import replace
from datetime import timedelta

import pytest

from collectors.dead_letters import record
from collectors.scan.step_work import LEASE_SECONDS
from shared.core.mail import MailKind
from shared.core.models import Scan, ScanStatus, StepStatus
from shared.messaging.queues import EXPIRED
from shared.sql.scans.dead_letters import DeadLetter
from tests.support.collecting import (
    FIRST,
    SECOND,
    TENANT,
    USER,
    Surroundings,
    collecting_scan,
    latest,
    requested_scan,
    scan_message,
    step_body,
    steps_of,
)


def letters(parts: Surroundings) -> list[DeadLetter]:
    return parts.dead_letters.list()


@pytest.fixture
def scan(parts: Surroundings) -> Scan:
    return collecting_scan(parts, [("costs", FIRST), ("costs", SECOND)])


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\x00\xfe", b"{}", b"x" * 300_000, b'{"tenant_id":"11111111-1111-4111-8111-111111111111"}'],
    ids=["empty", "no text", "no message", "endless", "half a message"],
)
@pytest.mark.parametrize("queue", ["collect-costs", "scan-requests", "scan-finishes", "q" * 300])
def test_garbage_is_recorded_and_nothing_else_happens(parts: Surroundings, body: bytes, queue: str) -> None:
    record(parts, body, "reason " * 200, queue)
    (letter,) = letters(parts)
    assert letter.tenant_id is None
    assert len(letter.body_text) <= 4_000
    assert len(letter.reason) <= 400
    assert parts.outbox.sent == []


def test_a_secret_in_a_body_or_a_reason_is_not_recorded(parts: Surroundings) -> None:
    secret = "Bearer abcdefghijklmnopqrstuvwxyz0123456789"
    record(parts, f'{{"x": "{secret}"}}'.encode(), f"refused {secret}", "collect-costs")
    (letter,) = letters(parts)
    assert "abcdefghij" not in letter.body_text + letter.reason


def test_the_step_behind_a_dead_letter_fails_and_the_scan_can_still_end(
    parts: Surroundings, scan: Scan, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = steps_of(parts, scan)
    record(parts, step_body(first), "MaxDeliveryCountExceeded", "collect-costs")
    assert [step.status for step in steps_of(parts, scan)] == [StepStatus.FAILED, StepStatus.PENDING]
    assert parts.outbox.sent == []
    record(parts, step_body(second), "MaxDeliveryCountExceeded", "collect-costs")
    assert len(parts.outbox.of("scan-finishes")) == 1
    assert latest(parts, scan).status is ScanStatus.FINISHING
    assert [letter.tenant_id for letter in letters(parts)] == [TENANT, TENANT]
    assert "alert=dead-letter event=message-dead-lettered" in caplog.text


def test_a_step_whose_message_expired_fails_and_says_so(parts: Surroundings, scan: Scan) -> None:
    record(parts, step_body(steps_of(parts, scan)[0]), EXPIRED, "collect-costs")
    step = steps_of(parts, scan)[0]
    assert (step.status, step.status_code) == (StepStatus.FAILED, "MessageExpired")
    assert step.status_reason is not None
    assert step.status_reason.startswith("This part of the scan was not processed for days")


def test_an_expired_message_says_nothing_about_a_step_that_was_taken_up_since(parts: Surroundings, scan: Scan) -> None:
    steps, step = parts.steps, steps_of(parts, scan)[0]
    held = steps.claim(TENANT, step.step_id, parts.time.now(), LEASE_SECONDS)
    assert held is not None
    steps.wait(held, parts.time.now() + timedelta(hours=1), "Azure asked us to wait.", parts.time.now())
    record(parts, step_body(step, attempt=1), EXPIRED, "collect-costs")
    assert steps_of(parts, scan)[0].status is StepStatus.WAITING
    record(parts, step_body(step, attempt=2), EXPIRED, "collect-costs")
    assert steps_of(parts, scan)[0].status is StepStatus.FAILED


def test_a_step_that_waits_for_a_later_message_is_not_failed_by_an_earlier_one(parts: Surroundings, scan: Scan) -> None:
    steps = parts.steps
    held = steps.claim(TENANT, steps_of(parts, scan)[0].step_id, parts.time.now(), LEASE_SECONDS)
    assert held is not None
    steps.wait(held, parts.time.now() + timedelta(seconds=53), "Azure asked us to wait.", parts.time.now())
    record(parts, step_body(held), "MaxDeliveryCountExceeded", "collect-costs")
    assert steps_of(parts, scan)[0].status is StepStatus.WAITING
    record(parts, step_body(held, attempt=2), "MaxDeliveryCountExceeded", "collect-costs")
    assert steps_of(parts, scan)[0].status is StepStatus.FAILED


def test_the_last_step_ended_by_an_expired_message_lets_the_scan_end(parts: Surroundings, scan: Scan) -> None:
    for step in steps_of(parts, scan):
        record(parts, step_body(step), EXPIRED, "collect-costs")
    assert len(parts.outbox.of("scan-finishes")) == 1
    record(parts, step_body(steps_of(parts, scan)[0]), EXPIRED, "collect-costs")
    assert latest(parts, scan).status is ScanStatus.FINISHING


def test_a_step_that_a_living_worker_holds_is_left_to_it(parts: Surroundings, scan: Scan) -> None:
    step = steps_of(parts, scan)[0]
    parts.steps.claim(TENANT, step.step_id, parts.time.now(), LEASE_SECONDS)
    record(parts, step_body(step), "MaxDeliveryCountExceeded", "collect-costs")
    assert steps_of(parts, scan)[0].status is StepStatus.RUNNING


def test_a_step_that_has_ended_keeps_its_end(parts: Surroundings, scan: Scan) -> None:
    steps = parts.steps
    step = steps_of(parts, scan)[0]
    held = steps.claim(TENANT, step.step_id, parts.time.now(), LEASE_SECONDS)
    assert held is not None
    steps.complete(held, StepStatus.SUCCEEDED, parts.time.now())
    record(parts, step_body(step), "MaxDeliveryCountExceeded", "collect-costs")
    assert steps_of(parts, scan)[0].status is StepStatus.SUCCEEDED


def test_a_scan_that_could_not_be_planned_fails(parts: Surroundings) -> None:
    scan = requested_scan(parts)
    record(parts, scan_message(scan), "MaxDeliveryCountExceeded", "scan-requests")
    assert latest(parts, scan).status is ScanStatus.FAILED


def test_a_scan_that_could_not_be_finished_fails(parts: Surroundings) -> None:
    scan = collecting_scan(parts, [])
    parts.scans.begin_finishing(scan.key)
    record(parts, scan_message(scan), "MaxDeliveryCountExceeded", "scan-finishes")
    assert latest(parts, scan).status is ScanStatus.FAILED


@pytest.mark.parametrize("queue", ["scan-requests", "scan-finishes"])
def test_a_copy_of_a_message_that_was_worked_on_does_not_fail_the_scan(
    parts: Surroundings, scan: Scan, queue: str
) -> None:
    record(parts, scan_message(scan), "MaxDeliveryCountExceeded", queue)
    assert latest(parts, scan).status is ScanStatus.COLLECTING


def test_the_last_deliveries_of_a_step_that_made_progress_are_no_dead_letter(parts: Surroundings, scan: Scan) -> None:
    step, now = steps_of(parts, scan)[0], parts.time.now()
    held = parts.steps.claim(TENANT, step.step_id, now, LEASE_SECONDS)
    assert held is not None
    parts.steps.release(parts.steps.skip_request(held, "[]", now), now)
    record(parts, step_body(step), "MaxDeliveryCountExceeded", "collect-costs")
    (again,) = parts.outbox.of("collect-costs")
    assert again.session_id == TENANT
    assert letters(parts) == []
    record(parts, again.body, "MaxDeliveryCountExceeded", "collect-costs")
    assert steps_of(parts, scan)[0].status is StepStatus.FAILED


@pytest.mark.parametrize("queue", ["scan-requests", "scan-finishes"])
def test_a_scan_that_a_dead_letter_ends_is_mailed_about(parts: Surroundings, queue: str) -> None:
    scan = requested_scan(parts)
    parts.connections.save(TENANT, USER, "owner@contoso.example", b"token", parts.time.now())
    parts.settings = replace(parts.settings, mail_sender="mailbox@caleta.example")
    if queue == "scan-finishes":
        parts.scans.begin_collecting(scan.key)
        parts.scans.begin_finishing(scan.key)
    record(parts, scan_message(scan), "MaxDeliveryCountExceeded", queue)
    (mail,) = parts.mail_outbox.of_scan(scan.key)
    assert (mail.kind, mail.recipient) == (MailKind.NOTHING_READ, "owner@contoso.example")
    assert len(parts.outbox.of("send-mail")) == 1
