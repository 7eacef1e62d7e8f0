"""Messages for steps: whichever comes, however often."""

from datetime import timedelta
from decimal import Decimal

import pytest

from collectors.dead_letters import record
from collectors.registry import collector
from collectors.scan import step_work
from collectors.scan.run import collect
from shared.core.audit import SYSTEM, Action, AuditEvent
from shared.core.errors import (
    BadMessage,
    ConfigurationError,
    Throttled,
)
from shared.core.messages import StepMessage
from shared.core.models import Scan, ScanStatus, StepStatus
from tests.support.collecting import (
    FIRST,
    TENANT,
    USER,
    Surroundings,
    collecting_scan,
    cost_page,
    latest,
    step_body,
    steps_of,
)
from tests.unit.collectors.costs_scan import COSTS, QUERY, QUEUE, first, money, run_first, scan_of_costs


@pytest.fixture
def scan(parts: Surroundings) -> Scan:
    return scan_of_costs(parts)


def test_a_finished_step_asks_azure_nothing_when_its_message_comes_again(parts: Surroundings, scan: Scan) -> None:
    run_first(parts, scan)
    run_first(parts, scan)
    assert len(parts.azure.calls) == 2
    assert money(parts, scan) == {"GBP": Decimal("3.00")}


def test_a_step_continues_where_its_dead_worker_stopped(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [None, KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        run_first(parts, scan)
    parts.time.sleep(step_work.LEASE_SECONDS + 1)
    step = run_first(parts, scan)
    assert (step.status, step.pages, step.rows) == (StepStatus.SUCCEEDED, 2, 3)
    assert [call.cursor for call in parts.azure.calls] == [None, "1", "1"]
    assert money(parts, scan) == {"GBP": Decimal("3.00")}


def test_the_scheduled_message_ends_the_wait(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [None, Throttled(53, "Cost Management")]
    run_first(parts, scan)
    (message,) = parts.outbox.of(QUEUE)
    collect(parts, COSTS, message.body)
    assert first(parts, scan).status is StepStatus.SUCCEEDED
    assert money(parts, scan) == {"GBP": Decimal("3.00")}


def test_a_message_delivered_again_during_the_wait_asks_azure_nothing(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [Throttled(53, "Cost Management")]
    run_first(parts, scan)
    run_first(parts, scan)
    assert len(parts.azure.calls) == 1
    later, copy = parts.outbox.of(QUEUE)
    assert (later.message_id, later.scheduled_for) == (copy.message_id, copy.scheduled_for)


def test_the_last_step_asks_for_the_scan_to_be_finished(parts: Surroundings, scan: Scan) -> None:
    run_first(parts, scan)
    assert parts.outbox.of("scan-finishes") == []
    collect(parts, COSTS, step_body(steps_of(parts, scan)[1]))
    (message,) = parts.outbox.of("scan-finishes")
    assert message.message_id == f"{scan.scan_id}:finish:2"
    assert latest(parts, scan).status is ScanStatus.FINISHING


def test_the_finish_is_asked_for_again_if_its_sender_died(parts: Surroundings) -> None:
    scan = collecting_scan(parts, [("costs", FIRST)])
    parts.azure.pages[QUERY, FIRST] = [cost_page(FIRST, "1")]
    parts.outbox.refuses = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        run_first(parts, scan)
    run_first(parts, scan)
    assert len(parts.outbox.of("scan-finishes")) == 1


def test_a_message_for_a_step_that_is_held_comes_back_after_the_lease(parts: Surroundings, scan: Scan) -> None:
    step = first(parts, scan)
    parts.steps.claim(TENANT, step.step_id, parts.time.now(), step_work.LEASE_SECONDS)
    run_first(parts, scan)
    assert parts.azure.calls == []
    (message,) = parts.outbox.of(QUEUE)
    assert message.scheduled_for == parts.time.now() + timedelta(seconds=step_work.LEASE_SECONDS)
    parts.time.sleep(step_work.LEASE_SECONDS + 1)
    collect(parts, COSTS, message.body)
    assert first(parts, scan).status is StepStatus.SUCCEEDED


def test_a_worker_whose_lease_was_taken_stops_without_a_trace(parts: Surroundings, scan: Scan) -> None:
    step = first(parts, scan)

    def take_over() -> None:
        parts.time.sleep(step_work.LEASE_SECONDS + 1)
        collect(parts, COSTS, step_body(step))

    def slow_rows(*arguments: object) -> object:
        if not taken:
            taken.append(True)
            take_over()
        return COSTS.rows(*arguments)  # type: ignore[arg-type]

    taken: list[bool] = []
    slow = type(COSTS)(**{**vars(COSTS), "rows": slow_rows})
    collect(parts, slow, step_body(step))
    step = first(parts, scan)
    assert (step.status, step.pages, step.rows) == (StepStatus.SUCCEEDED, 2, 3)
    assert money(parts, scan) == {"GBP": Decimal("3.00")}


def test_an_unexpected_error_gives_the_step_back_and_escapes(
    parts: Surroundings, scan: Scan, caplog: pytest.LogCaptureFixture
) -> None:
    parts.azure.mishaps = [None, ZeroDivisionError("our mistake")]
    with pytest.raises(ZeroDivisionError):
        run_first(parts, scan)
    assert first(parts, scan).status is StepStatus.PENDING
    assert "event=step-interrupted" in caplog.text
    assert run_first(parts, scan).status is StepStatus.SUCCEEDED
    assert money(parts, scan) == {"GBP": Decimal("3.00")}


def test_a_fault_in_our_settings_ends_no_step(
    parts: Surroundings, scan: Scan, caplog: pytest.LogCaptureFixture
) -> None:
    parts.broker.tokens.refusal = ConfigurationError("ENTRA_CLIENT_SECRET has expired")
    step = run_first(parts, scan)
    assert step.status is StepStatus.WAITING
    assert "ENTRA_CLIENT_SECRET" not in (step.status_reason or "")
    assert "alert=configuration" in caplog.text


def test_a_message_of_a_cancelled_scan_asks_nothing_and_comes_back_never(parts: Surroundings, scan: Scan) -> None:
    parts.scans.cancel_running(TENANT, USER, "disconnected", parts.time.now())
    run_first(parts, scan)
    assert parts.azure.calls == []
    assert parts.outbox.sent == []


def test_a_scan_that_is_cancelled_meanwhile_is_read_no_further(parts: Surroundings, scan: Scan) -> None:
    def cancelling_rows(*arguments: object) -> object:
        parts.scans.cancel_running(TENANT, USER, "disconnected", parts.time.now())
        return COSTS.rows(*arguments)  # type: ignore[arg-type]

    collect(parts, type(COSTS)(**{**vars(COSTS), "rows": cancelling_rows}), step_body(first(parts, scan)))
    assert len(parts.azure.calls) == 1
    assert parts.outbox.sent == []
    assert latest(parts, scan).status is ScanStatus.CANCELLED


def test_the_message_of_a_deleted_step_is_dropped(parts: Surroundings, scan: Scan) -> None:
    body = StepMessage(tenant_id=TENANT, scan_id=scan.scan_id, step_id=999).encode()
    collect(parts, COSTS, body)
    assert parts.azure.calls == []


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b"[1]"])
def test_a_body_that_is_no_message_is_a_bad_message(parts: Surroundings, body: bytes) -> None:
    with pytest.raises(BadMessage):
        collect(parts, COSTS, body)


def test_a_step_in_another_collectors_queue_is_a_bad_message(parts: Surroundings, scan: Scan) -> None:
    with pytest.raises(BadMessage):
        collect(parts, collector("advisor"), step_body(first(parts, scan)))


def test_a_scan_that_was_opened_again_has_an_end_of_its_own(parts: Surroundings) -> None:
    """Or duplicate detection would drop the message that finishes it."""
    scan = collecting_scan(parts, [("costs", FIRST)])
    parts.azure.pages[QUERY, FIRST] = [cost_page(FIRST, "1")]
    step = steps_of(parts, scan)[0]
    record(parts, step_body(step), "MaxDeliveryCountExceeded", "collect-costs")
    scans = parts.scans
    scans.finish(scan.key, ScanStatus.FAILED, "nothing could be read", parts.clock.now())
    (letter,) = parts.dead_letters.list()
    event = AuditEvent(parts.clock.now(), TENANT, SYSTEM, Action.DEAD_LETTER_REPLAYED)
    assert parts.replays.of_step((letter, event), steps_of(parts, scan)[0], latest(parts, scan))
    collect(parts, COSTS, step_body(step, attempt=2))
    earlier, later = parts.outbox.of("scan-finishes")
    assert earlier.message_id != later.message_id
