"""One message's work on a step, outcome by outcome."""

import logging
from datetime import timedelta
from decimal import Decimal

import pytest

from collectors.registry import collector
from collectors.scan import outcomes, step_work
from collectors.scan.run import collect
from shared.core.coverage import coverage
from shared.core.errors import (
    AzureUnavailable,
    CallNotAllowed,
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
from shared.core.models import Scan, ScanStatus, StepStatus
from shared.core.set_aside import SetAside, set_aside_rows
from tests.support.collecting import (
    FIRST,
    TENANT,
    Surroundings,
    collecting_scan,
    cost_page,
    inventory_page,
    latest,
    step_body,
    steps_of,
)
from tests.unit.collectors.costs_scan import COSTS, QUERY, QUEUE, first, money, run_first, scan_of_costs


@pytest.fixture
def scan(parts: Surroundings) -> Scan:
    return scan_of_costs(parts)


def test_all_pages_of_a_step_are_stored_and_it_succeeds(parts: Surroundings, scan: Scan) -> None:
    step = run_first(parts, scan)
    assert (step.status, step.pages, step.rows) == (StepStatus.SUCCEEDED, 2, 3)
    assert money(parts, scan) == {"GBP": Decimal("3.00")}
    assert [call.cursor for call in parts.azure.calls] == [None, "1"]


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


def test_a_subscription_without_cost_data_is_not_passed_off_as_a_zero(parts: Surroundings, scan: Scan) -> None:
    parts.azure.pages[QUERY, FIRST] = [cost_page(FIRST)]
    step = run_first(parts, scan)
    assert (step.status, step.status_reason) == (StepStatus.SUCCEEDED, COSTS.empty_notice)
    (subscription,) = coverage([step]).subscriptions
    assert subscription.sentences == (f"Costs: read. {COSTS.empty_notice}",)


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


def test_after_some_short_throttles_a_message_is_scheduled(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [Throttled(1, "Cost Management") for _ in range(outcomes.MAX_SHORT_WAITS + 1)]
    assert run_first(parts, scan).status is StepStatus.WAITING
    assert len(parts.outbox.of(QUEUE)) == 1


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
    assert step.status is StepStatus.FAILED
    assert (step.status_reason or "").startswith("Azure did not answer in 14 attempts.")
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


def test_a_step_that_breaks_off_says_what_it_leaves_behind(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [None, NotOffered("OfferNotSupported", "Not for this offer.")]
    step = run_first(parts, scan)
    assert step.status_reason == "Not for this offer. Rows read before that are counted: 2."
    assert money(parts, scan) == {"GBP": Decimal("3.30")}


def test_a_missing_role_names_what_to_grant(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [PermissionMissing("Reader", "/subscriptions/x", "AuthorizationFailed")]
    step = run_first(parts, scan)
    assert (step.remedy_role, step.remedy_scope) == ("Reader", "/subscriptions/x")


@pytest.mark.parametrize("refusals", [1, 2, 3])
def test_a_refused_query_is_asked_again_in_the_next_simpler_form(
    parts: Surroundings, scan: Scan, refusals: int
) -> None:
    parts.azure.mishaps = [None, *(QueryRefused("BadRequest") for _ in range(refusals))]
    step = run_first(parts, scan)
    assert (step.status, step.simplified, step.pages) == (StepStatus.SUCCEEDED, refusals, 2)
    assert step.status_reason == COSTS.simplified_notices[refusals - 1]
    assert money(parts, scan) == {"GBP": Decimal("3.00")}


def test_the_simplest_query_refused_too_fails(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [QueryRefused("BadRequest") for _ in range(4)]
    step = run_first(parts, scan)
    assert (step.status, step.status_code) == (StepStatus.FAILED, "BadRequest")


def test_an_odd_row_is_set_aside_and_the_others_are_stored(
    parts: Surroundings, scan: Scan, caplog: pytest.LogCaptureFixture
) -> None:
    odd = cost_page(FIRST, "1", "2", "4")
    odd["properties"]["rows"][1][1] = "last winter"
    parts.azure.pages[QUERY, FIRST] = [odd, cost_page(FIRST, "8")]
    step = run_first(parts, scan)
    assert (step.status, step.status_code, step.is_read_in_full) == (StepStatus.SUCCEEDED, "PartlyRead", False)
    assert (step.pages, step.rows, step.rows_set_aside) == (2, 3, 1)
    assert step.status_reason == (
        "1 of 4 rows could not be read and is not counted: a cost row's month has an unknown format (1). "
        "We have been alerted."
    )
    assert set_aside_rows(step.set_aside_json) == (SetAside(0, "a cost row's month has an unknown format", 1),)
    assert "alert=rows-set-aside" in caplog.text
    assert "last winter" not in caplog.text
    assert money(parts, scan) == {"GBP": Decimal(13)}


def test_a_step_of_nothing_but_odd_rows_fails_and_keeps_its_page(
    parts: Surroundings, scan: Scan, caplog: pytest.LogCaptureFixture
) -> None:
    odd = cost_page(FIRST, "1", "2")
    for row in odd["properties"]["rows"]:
        row[1] = "last winter"
    parts.azure.pages[QUERY, FIRST] = [odd]
    step = run_first(parts, scan)
    assert (step.status, step.pages, step.rows) == (StepStatus.FAILED, 1, 0)
    assert "2 of 2 rows could not be read" in (step.status_reason or "")
    assert "alert=unexpected-payload" in caplog.text
    assert money(parts, scan) == {}


def test_a_page_of_another_form_is_kept_as_it_came_with_none_of_its_rows(parts: Surroundings, scan: Scan) -> None:
    odd = cost_page(FIRST, "1", "2")
    odd["properties"]["columns"].pop()
    parts.azure.pages[QUERY, FIRST] = [odd]
    step = run_first(parts, scan)
    assert (step.status, step.pages, step.rows, step.rows_set_aside) == (StepStatus.FAILED, 1, 0, 0)


def test_a_text_that_no_column_holds_is_set_aside_with_its_row(parts: Surroundings) -> None:
    inventory = collector("inventory")
    scan = collecting_scan(parts, [("inventory", FIRST)])
    parts.azure.pages[inventory.endpoint.name, FIRST] = [inventory_page(FIRST, "one", "n" * 300, "two")]
    collect(parts, inventory, step_body(first(parts, scan)))
    step = first(parts, scan)
    assert (step.status, step.rows, step.rows_set_aside) == (StepStatus.SUCCEEDED, 2, 1)


def test_a_role_is_still_missing_where_the_first_page_has_an_odd_resource_too(parts: Surroundings) -> None:
    inventory = collector("inventory")
    scan = collecting_scan(parts, [("inventory", FIRST)])
    page = inventory_page(FIRST, "one", "n" * 300)
    page["data"].pop(0)
    parts.azure.pages[inventory.endpoint.name, FIRST] = [{**page, "count": 2}]
    collect(parts, inventory, step_body(first(parts, scan)))
    assert first(parts, scan).status is StepStatus.BLOCKED


@pytest.mark.parametrize(("total", "missing"), [(3, 0), (2, 0), (8322, 8319), (None, 0), ("many", 0)])
def test_resources_that_azure_counts_and_does_not_send_are_missing(
    parts: Surroundings, total: object, missing: int
) -> None:
    inventory = collector("inventory")
    scan = collecting_scan(parts, [("inventory", FIRST)])
    page = {**inventory_page(FIRST, "one", "two"), "totalRecords": total}
    parts.azure.pages[inventory.endpoint.name, FIRST] = [page]
    collect(parts, inventory, step_body(first(parts, scan)))
    step = first(parts, scan)
    assert (step.rows, step.rows_set_aside, step.is_read_in_full) == (2, missing, missing == 0)
    assert ("Azure counted them and did not send them" in (step.status_reason or "")) is bool(missing)


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
    assert (step.status, step.status_code) == (StepStatus.FAILED, "PagesWithoutEnd")
    assert len(parts.azure.calls) == 3
    assert money(parts, scan) == {}


def test_pages_without_end_are_noticed(parts: Surroundings, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_work, "MAX_PAGES", 3)
    parts.azure.pages[QUERY, FIRST] = [cost_page(FIRST, "1")] * 10
    step = run_first(parts, scan)
    assert (step.status, step.status_code, step.rows) == (StepStatus.FAILED, "PagesWithoutEnd", 0)
    assert money(parts, scan) == {}
    assert step.pages == 1


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


def test_every_outcome_is_one_line_with_its_place(
    parts: Surroundings, scan: Scan, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    parts.azure.mishaps = [Throttled(10, "Cost Management")]
    step = run_first(parts, scan)
    place = f"scan={scan.scan_id} step={step.step_id} collector=costs attempt=1"
    lines = [record.getMessage() for record in caplog.records if record.name == "collectors.scan.step_work"]
    assert [line.split(" scan=")[0] for line in lines] == ["event=step-throttled", "event=step-succeeded"]
    assert all(place in line for line in lines)
