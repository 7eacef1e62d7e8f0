"""One message's work on a step."""

import logging
from datetime import timedelta
from decimal import Decimal

import pytest

from collectors import outcomes, step_work
from collectors.registry import collector
from collectors.run import collect
from shared.core.errors import (
    AzureUnavailable,
    BadMessage,
    CallNotAllowed,
    ConfigurationError,
    ConsentRevoked,
    EntraUnavailable,
    NoDataYet,
    NotOffered,
    PermissionMissing,
    QueryRefused,
    Throttled,
    UnexpectedPayload,
)
from shared.core.messages import StepMessage
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from shared.sql.recommendations import Recommendations
from shared.sql.scans import Scans
from shared.sql.steps import Steps
from tests.collecting import (
    FIRST,
    SECOND,
    TENANT,
    USER,
    Surroundings,
    collecting_scan,
    cost_page,
    inventory_page,
    latest,
    step_body,
    steps_of,
)

COSTS = collector("costs")
QUERY = COSTS.endpoint.name
QUEUE = "collect-costs"


@pytest.fixture
def scan(parts: Surroundings) -> Scan:
    parts.azure.pages[QUERY, FIRST] = [cost_page(FIRST, "1.10", "2.20"), cost_page(FIRST, "-0.30")]
    return collecting_scan(parts, [("costs", FIRST), ("costs", SECOND)])


def first(parts: Surroundings, scan: Scan) -> Step:
    return steps_of(parts, scan)[0]


def run_first(parts: Surroundings, scan: Scan, attempt: int = 1, faults: int = 0) -> Step:
    """Delivers a message for the first step; the step as it is then."""
    collect(parts, COSTS, step_body(first(parts, scan), attempt, faults))
    return first(parts, scan)


def money(parts: Surroundings, scan: Scan) -> dict[str, Decimal]:
    return Recommendations(parts.database).cost_sums(TENANT, scan.scan_id)


def test_all_pages_of_a_step_are_stored_and_it_succeeds(parts: Surroundings, scan: Scan) -> None:
    step = run_first(parts, scan)
    assert (step.status, step.pages, step.rows) == (StepStatus.SUCCEEDED, 2, 3)
    assert money(parts, scan) == {"GBP": Decimal("3.00")}
    assert [call.cursor for call in parts.azure.calls] == [None, "1"]


def test_a_finished_step_asks_azure_nothing_when_its_message_comes_again(parts: Surroundings, scan: Scan) -> None:
    run_first(parts, scan)
    run_first(parts, scan)
    assert len(parts.azure.calls) == 2
    assert money(parts, scan) == {"GBP": Decimal("3.00")}


def test_a_step_goes_on_where_its_dead_worker_stopped(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [None, KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        run_first(parts, scan)
    parts.time.sleep(step_work.LEASE_SECONDS + 1)
    step = run_first(parts, scan)
    assert (step.status, step.pages, step.rows) == (StepStatus.SUCCEEDED, 2, 3)
    assert [call.cursor for call in parts.azure.calls] == [None, "1", "1"]
    assert money(parts, scan) == {"GBP": Decimal("3.00")}


def test_each_request_of_a_collector_is_read_in_turn(parts: Surroundings) -> None:
    plans = collector("savings_plans")
    scan = collecting_scan(parts, [("savings_plans", FIRST)])
    parts.azure.pages[plans.endpoint.name, FIRST] = [{"value": []}]
    collect(parts, plans, step_body(first(parts, scan)))
    assert len(parts.azure.calls) == 4
    assert first(parts, scan).status is StepStatus.SUCCEEDED


def test_no_content_is_a_success_without_rows(parts: Surroundings, scan: Scan) -> None:
    parts.azure.pages[QUERY, FIRST] = [None]
    step = run_first(parts, scan)
    assert (step.status, step.pages, step.rows) == (StepStatus.SUCCEEDED, 1, 0)


def test_a_short_throttle_is_slept_through(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [Throttled(10, "Cost Management")]
    before = parts.time.now()
    assert run_first(parts, scan).status is StepStatus.SUCCEEDED
    assert parts.time.now() - before == timedelta(seconds=10)
    assert parts.outbox.of(QUEUE) == []


def test_a_long_throttle_makes_the_step_wait_for_a_scheduled_message(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [Throttled(53, "Cost Management")]
    step = run_first(parts, scan)
    assert (step.status, step.status_reason) == (StepStatus.WAITING, "Cost Management asked us to wait 53 s.")
    (message,) = parts.outbox.of(QUEUE)
    assert message.scheduled_for == parts.time.now() + timedelta(seconds=53) == step.not_before
    assert (message.message_id, message.session_id) == (f"{scan.scan_id}:{step.step_id}:2", TENANT)


def test_the_scheduled_message_ends_the_wait(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [None, Throttled(53, "Cost Management")]
    run_first(parts, scan)
    (message,) = parts.outbox.of(QUEUE)
    collect(parts, COSTS, message.body)
    assert first(parts, scan).status is StepStatus.SUCCEEDED
    assert money(parts, scan) == {"GBP": Decimal("3.00")}


def test_after_some_short_throttles_a_message_is_scheduled(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [Throttled(1, "Cost Management") for _ in range(outcomes.MAX_SHORT_WAITS + 1)]
    assert run_first(parts, scan).status is StepStatus.WAITING
    assert len(parts.outbox.of(QUEUE)) == 1


def test_a_message_delivered_again_during_the_wait_asks_azure_nothing(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [Throttled(53, "Cost Management")]
    run_first(parts, scan)
    run_first(parts, scan)
    assert len(parts.azure.calls) == 1
    later, copy = parts.outbox.of(QUEUE)
    assert (later.message_id, later.scheduled_for) == (copy.message_id, copy.scheduled_for)


def test_a_throttle_of_days_ends_as_failed(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [Throttled(53, "Cost Management")]
    parts.time.sleep(step_work.PATIENCE.total_seconds() + 1)
    step = run_first(parts, scan)
    assert (step.status, step.status_code) == (StepStatus.FAILED, "Throttled")


@pytest.mark.parametrize("fault", [AzureUnavailable("reset"), EntraUnavailable("503")], ids=lambda f: type(f).__name__)
def test_a_fault_that_passes_is_tried_again_later_and_later(parts: Surroundings, scan: Scan, fault: Exception) -> None:
    waits = []
    for _ in range(4):
        parts.azure.mishaps = [fault]
        step = first(parts, scan)
        message = parts.outbox.of(QUEUE)[-1].body if parts.outbox.sent else step_body(step)
        collect(parts, COSTS, message)
        scheduled = parts.outbox.of(QUEUE)[-1].scheduled_for
        assert scheduled is not None
        waits.append((scheduled - parts.time.now()).total_seconds())
    assert waits == [5, 10, 20, 40]
    assert first(parts, scan).status is StepStatus.WAITING


def test_faults_without_end_end_as_failed_and_never_as_empty(
    parts: Surroundings, scan: Scan, caplog: pytest.LogCaptureFixture
) -> None:
    parts.azure.mishaps = [AzureUnavailable("reset")]
    step = run_first(parts, scan, attempt=12, faults=outcomes.MAX_FAULTS - 1)
    assert (step.status, step.status_reason) == (StepStatus.FAILED, "Azure did not answer in 14 tries.")
    assert "alert=unavailable" in caplog.text


def test_a_page_that_came_forgives_the_faults_before_it(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [None, AzureUnavailable("reset")]
    step = run_first(parts, scan, attempt=12, faults=outcomes.MAX_FAULTS - 1)
    assert step.status is StepStatus.WAITING
    assert StepMessage.decode(parts.outbox.of(QUEUE)[0].body).faults == 1


def test_no_data_is_believed_only_after_some_tries(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [NoDataYet("DataProviderReturnsNull")]
    assert run_first(parts, scan).status is StepStatus.WAITING
    parts.azure.mishaps = [NoDataYet("DataProviderReturnsNull")]
    step = run_first(parts, scan, attempt=5, faults=outcomes.MAX_EMPTY_ANSWERS - 1)
    assert (step.status, step.status_code) == (StepStatus.SKIPPED, "DataProviderReturnsNull")
    assert money(parts, scan) == {}


ENDINGS = [
    (PermissionMissing("Reader", "/subscriptions/x", "AuthorizationFailed"), StepStatus.BLOCKED, "AuthorizationFailed"),
    (NotOffered("OfferNotSupported", "Not for this offer."), StepStatus.SKIPPED, "OfferNotSupported"),
    (UnexpectedPayload("odd"), StepStatus.FAILED, "UnexpectedPayload"),
    (CallNotAllowed("odd"), StepStatus.FAILED, "CallNotAllowed"),
]


@pytest.mark.parametrize(("error", "status", "code"), ENDINGS, ids=lambda value: type(value).__name__)
def test_each_refusal_ends_the_step_in_its_own_way(
    parts: Surroundings, scan: Scan, error: Exception, status: StepStatus, code: str
) -> None:
    parts.azure.mishaps = [error]
    step = run_first(parts, scan)
    assert (step.status, step.status_code) == (status, code)
    assert step.status_reason
    assert parts.outbox.of(QUEUE) == []


def test_a_missing_role_names_what_to_grant(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [PermissionMissing("Reader", "/subscriptions/x", "AuthorizationFailed")]
    step = run_first(parts, scan)
    assert (step.remedy_role, step.remedy_scope) == ("Reader", "/subscriptions/x")


def test_a_refused_query_is_asked_again_in_its_simpler_form(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [None, QueryRefused("BadRequest")]
    step = run_first(parts, scan)
    assert (step.status, step.simplified, step.pages) == (StepStatus.SUCCEEDED, True, 2)
    assert step.status_reason == COSTS.simplified_notice
    assert money(parts, scan) == {"GBP": Decimal("3.00")}


def test_a_simpler_query_that_is_refused_too_fails(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [QueryRefused("BadRequest"), QueryRefused("BadRequest")]
    step = run_first(parts, scan)
    assert (step.status, step.status_code) == (StepStatus.FAILED, "BadRequest")


def test_an_unknown_page_is_kept_as_it_came_with_none_of_its_rows(
    parts: Surroundings, scan: Scan, caplog: pytest.LogCaptureFixture
) -> None:
    odd = cost_page(FIRST, "1", "2")
    odd["properties"]["rows"][1][1] = "last winter"
    parts.azure.pages[QUERY, FIRST] = [odd]
    step = run_first(parts, scan)
    assert (step.status, step.pages, step.rows) == (StepStatus.FAILED, 1, 0)
    assert "alert=unexpected-payload" in caplog.text
    assert "last winter" not in caplog.text
    assert money(parts, scan) == {}


def test_a_missing_role_found_in_a_page_keeps_no_page(parts: Surroundings) -> None:
    inventory = collector("inventory")
    scan = collecting_scan(parts, [("inventory", FIRST)])
    empty = {**inventory_page(FIRST), "count": 0, "data": []}
    parts.azure.pages[inventory.endpoint.name, FIRST] = [empty]
    collect(parts, inventory, step_body(first(parts, scan)))
    step = first(parts, scan)
    assert (step.status, step.remedy_role, step.pages) == (StepStatus.BLOCKED, "Reader", 0)


def test_a_next_link_that_leads_back_is_noticed(
    parts: Surroundings, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts.azure, "next_cursor", lambda number, _: str((number + 1) % 2))
    step = run_first(parts, scan)
    assert (step.status, step.status_code) == (StepStatus.FAILED, "UnexpectedPayload")
    assert len(parts.azure.calls) == 3


def test_pages_without_end_are_noticed(parts: Surroundings, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_work, "MAX_PAGES", 3)
    parts.azure.pages[QUERY, FIRST] = [cost_page(FIRST, "1")] * 10
    step = run_first(parts, scan)
    assert (step.status, step.status_code, step.rows) == (StepStatus.FAILED, "UnexpectedPayload", 3)


def test_a_refused_sign_in_stops_the_whole_scan(parts: Surroundings, scan: Scan) -> None:
    parts.broker.tokens.refusal = ConsentRevoked("invalid_grant")
    run_first(parts, scan)
    assert {step.status for step in steps_of(parts, scan)} == {StepStatus.BLOCKED}
    assert {step.status_code for step in steps_of(parts, scan)} == {outcomes.SIGN_IN_NEEDED}
    assert latest(parts, scan).status is ScanStatus.FINISHING
    assert len(parts.outbox.of("scan-finishes")) == 1


def test_a_long_step_hands_itself_over_to_a_new_message(
    parts: Surroundings, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_work, "WORK_SECONDS", 30)
    parts.azure.pages[QUERY, FIRST] = [cost_page(FIRST, "1")] * 4
    parts.azure.mishaps = [error for _ in range(3) for error in (Throttled(15, "Cost Management"), None)]
    step = run_first(parts, scan)
    assert step.status is StepStatus.PENDING
    (message,) = parts.outbox.of(QUEUE)
    assert message.scheduled_for is None
    collect(parts, COSTS, message.body)
    assert first(parts, scan).status is StepStatus.SUCCEEDED
    assert money(parts, scan) == {"GBP": Decimal(4)}


def test_the_last_step_asks_for_the_scan_to_be_finished(parts: Surroundings, scan: Scan) -> None:
    run_first(parts, scan)
    assert parts.outbox.of("scan-finishes") == []
    collect(parts, COSTS, step_body(steps_of(parts, scan)[1]))
    (message,) = parts.outbox.of("scan-finishes")
    assert message.message_id == f"{scan.scan_id}:finish:1"
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
    Steps(parts.database).claim(TENANT, step.step_id, parts.time.now(), step_work.LEASE_SECONDS)
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
    parts.azure.mishaps = [None, ZeroDivisionError("a mistake of ours")]
    with pytest.raises(ZeroDivisionError):
        run_first(parts, scan)
    assert first(parts, scan).status is StepStatus.PENDING
    assert "step interrupted" in caplog.text
    assert run_first(parts, scan).status is StepStatus.SUCCEEDED
    assert money(parts, scan) == {"GBP": Decimal("3.00")}


def test_a_fault_in_our_settings_ends_no_step(parts: Surroundings, scan: Scan) -> None:
    parts.broker.tokens.refusal = ConfigurationError("ENTRA_CLIENT_SECRET has expired")
    with pytest.raises(ConfigurationError):
        run_first(parts, scan)
    assert first(parts, scan).status is StepStatus.PENDING


def test_a_message_of_a_cancelled_scan_asks_nothing_and_comes_back_never(parts: Surroundings, scan: Scan) -> None:
    Scans(parts.database).cancel_running(TENANT, USER, "disconnected", parts.time.now())
    run_first(parts, scan)
    assert parts.azure.calls == []
    assert parts.outbox.sent == []


def test_a_scan_that_is_cancelled_meanwhile_is_read_no_further(parts: Surroundings, scan: Scan) -> None:
    def cancelling_rows(*arguments: object) -> object:
        Scans(parts.database).cancel_running(TENANT, USER, "disconnected", parts.time.now())
        return COSTS.rows(*arguments)  # type: ignore[arg-type]

    collect(parts, type(COSTS)(**{**vars(COSTS), "rows": cancelling_rows}), step_body(first(parts, scan)))
    assert len(parts.azure.calls) == 1
    assert parts.outbox.sent == []
    assert latest(parts, scan).status is ScanStatus.CANCELLED


def test_a_message_of_a_step_that_was_deleted_is_let_go(parts: Surroundings, scan: Scan) -> None:
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


def test_every_outcome_is_one_line_with_its_place(
    parts: Surroundings, scan: Scan, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    parts.azure.mishaps = [Throttled(10, "Cost Management")]
    step = run_first(parts, scan)
    place = f"scan={scan.scan_id} step={step.step_id} collector=costs attempt=1"
    lines = [record.getMessage() for record in caplog.records if record.name == "collectors.step_work"]
    assert [line.split(" scan=")[0] for line in lines] == ["step waits here", "step succeeded"]
    assert all(place in line for line in lines)
