"""A delivery that finds progress sends the work again; without progress, deliveries add up."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from collectors.scan.step_work import LEASE_SECONDS
from shared import wiring
from shared.core.messages import DeletionMessage, MailMessage, Message, Progress, ScanMessage
from shared.core.models import ScanStatus, Step
from shared.core.operator_jobs import JobCursor, OperatorJob
from shared.messaging.handler import handle
from shared.messaging.job_messages import job_message
from shared.messaging.progress import progress_of, send_renewed
from shared.messaging.queues import (
    DELETIONS,
    DRAFT_FINDINGS,
    OPERATOR_JOBS,
    SCAN_FINISHES,
    SCAN_REQUESTS,
    SEND_MAIL,
    collector_queue,
)
from shared.messaging.replayable import message_of
from shared.wiring import Services
from tests.support.collecting import FIRST, TENANT, Surroundings, collecting_scan, requested_scan, steps_of
from tests.unit.shared.messaging.test_handler import Received

COSTS = collector_queue("costs", requires_session=True)
RECEIPT = "99999999-9999-4999-8999-999999999999"


@pytest.fixture
def parts(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


@pytest.fixture
def step(parts: Surroundings) -> Step:
    return steps_of(parts, collecting_scan(parts, [("costs", FIRST)]))[0]


def advanced(parts: Surroundings, step: Step) -> Step:
    """The step with one request skipped: the cheapest progress."""
    held = parts.steps.claim(TENANT, step.step_id, parts.time.now(), LEASE_SECONDS)
    assert held is not None
    return parts.steps.skip_request(held, "[]", parts.time.now())


def body_of(step: Step) -> bytes:
    from collectors.scan.dispatch import step_message

    return step_message(step, 1).body


def test_a_step_without_progress_is_not_sent_again(parts: Surroundings, step: Step) -> None:
    parts.steps.claim(TENANT, step.step_id, parts.time.now(), LEASE_SECONDS)
    assert not send_renewed(parts, COSTS.name, body_of(step), TENANT)
    assert parts.outbox.sent == []


def test_a_step_with_progress_is_sent_again_in_its_session_and_once(parts: Surroundings, step: Step) -> None:
    body, _ = body_of(step), advanced(parts, step)
    assert send_renewed(parts, COSTS.name, body, TENANT)
    assert send_renewed(parts, COSTS.name, body, TENANT)
    first, repeated = parts.outbox.of(COSTS.name)
    assert first.session_id == TENANT
    assert first.message_id == repeated.message_id
    assert not send_renewed(parts, COSTS.name, first.body, TENANT)


def test_each_progress_has_a_message_of_its_own(parts: Surroundings, step: Step) -> None:
    body, further = body_of(step), advanced(parts, step)
    assert send_renewed(parts, COSTS.name, body, TENANT)
    parts.steps.skip_request(further, "[]", parts.time.now())
    assert send_renewed(parts, COSTS.name, parts.outbox.sent[0][1].body, TENANT)
    assert len({message.message_id for message in parts.outbox.of(COSTS.name)}) == 2


@pytest.mark.parametrize(("delivery", "works"), [(1, True), (2, False)])
def test_the_handler_looks_for_progress_from_the_second_delivery_on(
    parts: Surroundings, step: Step, delivery: int, works: bool
) -> None:
    body = body_of(step)
    advanced(parts, step)

    class Delivery(Received):
        def get_body(self) -> bytes:
            return body

    worked: list[bytes] = []
    wiring.use(cast(Services, parts))
    try:
        handle(COSTS, replace(Delivery(), delivery_count=delivery), lambda _, given: worked.append(given))
    finally:
        wiring.use(None)
    assert worked == ([body] if works else [])
    assert len(parts.outbox.sent) == (0 if works else 1)


@pytest.mark.parametrize(
    ("queue", "move", "moved"),
    [
        (SCAN_REQUESTS.name, "begin_collecting", (1, 0)),
        (SCAN_FINISHES.name, "begin_collecting", (1, 0)),
        (DRAFT_FINDINGS.name, "begin_collecting", (0, 0)),
    ],
)
def test_a_scan_makes_progress_by_leaving_the_status_of_its_queue(
    parts: Surroundings, queue: str, move: str, moved: Progress
) -> None:
    scan = requested_scan(parts)
    message = ScanMessage(tenant_id=TENANT, scan_id=scan.scan_id)
    if queue == SCAN_REQUESTS.name:
        assert progress_of(parts, queue, message) == (0, 0)
    getattr(parts.scans, move)(scan.key)
    assert progress_of(parts, queue, message) == moved


def test_a_finishing_scan_makes_progress_by_its_totals(parts: Surroundings) -> None:
    scan = requested_scan(parts)
    message = ScanMessage(tenant_id=TENANT, scan_id=scan.scan_id)
    parts.scans.begin_collecting(scan.key)
    assert parts.scans.begin_finishing(scan.key)
    assert progress_of(parts, SCAN_FINISHES.name, message) == (0, 0)
    parts.scans.note_totals(scan.key)
    assert progress_of(parts, SCAN_FINISHES.name, message) == (0, 1)
    assert progress_of(parts, DRAFT_FINDINGS.name, message) == (0, 0)


def test_a_planned_scan_whose_messages_were_not_sent_is_planned_again(parts: Surroundings) -> None:
    scan = requested_scan(parts)
    body = ScanMessage(tenant_id=TENANT, scan_id=scan.scan_id).encode()
    assert not send_renewed(parts, SCAN_REQUESTS.name, body, None)
    parts.scans.begin_collecting(scan.key)
    assert send_renewed(parts, SCAN_REQUESTS.name, body, None)
    assert parts.scans.get(scan.key) == replace(scan, status=ScanStatus.COLLECTING)


def with_jobs(found: OperatorJob | None) -> Services:
    return cast(Services, SimpleNamespace(operator_jobs=SimpleNamespace(get=lambda *_: found)))


def test_a_job_makes_progress_by_its_position(a_job: OperatorJob) -> None:
    sent = message_of(OPERATOR_JOBS.name, job_message(a_job, 1).body)
    assert sent is not None
    ahead = replace(a_job, cursor_json=JobCursor(part=1).to_json())
    assert progress_of(with_jobs(a_job), OPERATOR_JOBS.name, sent) == sent.progress
    assert progress_of(with_jobs(ahead), OPERATOR_JOBS.name, sent) > sent.progress


@pytest.fixture
def a_job(parts: Surroundings) -> OperatorJob:
    from shared.core.audit import operator
    from shared.core.operator_jobs import JobKind
    from shared.messaging.job_messages import new_job

    scan, who = requested_scan(parts), operator(RECEIPT, "reviewer@caleta.example")
    return new_job(scan, JobKind.METRICS, "Metrics", {}, 2, reason="why", who=who, now=parts.time.now())


@pytest.mark.parametrize(("rows", "tenant", "expected"), [(0, TENANT, (0,)), (70, TENANT, (70,)), (70, RECEIPT, ())])
def test_a_deletion_makes_progress_by_its_rows(rows: int, tenant: str, expected: Progress) -> None:
    deletions = SimpleNamespace(get=lambda _: SimpleNamespace(rows=rows, tenant_id=tenant))
    message = DeletionMessage(tenant_id=TENANT, receipt_id=RECEIPT)
    assert progress_of(cast(Services, SimpleNamespace(deletions=deletions)), DELETIONS.name, message) == expected


@pytest.mark.parametrize(
    ("queue", "make"),
    [
        (SEND_MAIL.name, lambda: MailMessage(tenant_id=TENANT, mail_id=RECEIPT)),
        (SCAN_REQUESTS.name, lambda: ScanMessage(tenant_id=TENANT, scan_id=RECEIPT)),
        (DELETIONS.name, lambda: DeletionMessage(tenant_id=TENANT, receipt_id=RECEIPT)),
    ],
)
def test_what_is_not_there_and_mails_have_no_progress(
    parts: Surroundings, queue: str, make: Callable[[], Message]
) -> None:
    assert progress_of(parts, queue, make()) == ()


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff"])
def test_a_malformed_message_is_never_sent_again(parts: Surroundings, body: bytes) -> None:
    assert not send_renewed(parts, COSTS.name, body, None)
