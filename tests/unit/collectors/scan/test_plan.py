"""A scan becomes steps."""

from datetime import timedelta

import pytest

from collectors.registry import PLANNED_AT_START
from collectors.scan.outcomes import MAX_FAULTS
from collectors.scan.plan import plan
from shared.arm.endpoints import LIST_SUBSCRIPTIONS
from shared.core.errors import (
    AzureUnavailable,
    BadMessage,
    ConfigurationError,
    ConsentRevoked,
    PermissionMissing,
    Throttled,
    UnexpectedPayload,
)
from shared.core.left_out import LeftOut, left_out_of
from shared.core.messages import ScanMessage, StepMessage
from shared.core.models import ScanStatus
from tests.support.collecting import (
    FIRST,
    OTHER_TENANT,
    SECOND,
    TENANT,
    USER,
    Surroundings,
    latest,
    requested_scan,
    scan_message,
    steps_of,
)


def test_each_collector_of_every_scan_gets_a_step_and_a_message_for_each_subscription(
    parts: Surroundings,
) -> None:
    parts.azure.lists(FIRST, SECOND)
    scan = requested_scan(parts)
    plan(parts, scan_message(scan))
    steps = steps_of(parts, scan)
    assert {(step.collector, step.subscription_id) for step in steps} == {
        (each.name, subscription) for each in PLANNED_AT_START for subscription in (FIRST, SECOND)
    }
    assert {StepMessage.decode(message.body).step_id for _, message in parts.outbox.sent} == {
        step.step_id for step in steps
    }
    assert latest(parts, scan).status is ScanStatus.COLLECTING


def test_cost_messages_belong_to_the_tenants_session_and_no_others_do(parts: Surroundings) -> None:
    parts.azure.lists(FIRST)
    plan(parts, scan_message(requested_scan(parts)))
    sessions = {queue: message.session_id for queue, message in parts.outbox.sent}
    assert len(sessions) == len(PLANNED_AT_START)
    assert {queue for queue, session in sessions.items() if session == TENANT} == {"collect-costs"}
    assert {session for queue, session in sessions.items() if queue != "collect-costs"} == {None}


def test_a_plan_that_is_delivered_twice_makes_the_same_steps_and_message_ids(parts: Surroundings) -> None:
    parts.azure.lists(FIRST)
    scan = requested_scan(parts)
    plan(parts, scan_message(scan))
    sent = {message.message_id for _, message in parts.outbox.sent}
    plan(parts, scan_message(scan))
    assert {message.message_id for _, message in parts.outbox.sent} == sent
    assert len(steps_of(parts, scan)) == len(PLANNED_AT_START)
    assert len(parts.azure.calls) == 1


def test_a_plan_that_died_before_it_sent_sends_when_it_comes_again(parts: Surroundings) -> None:
    parts.azure.lists(FIRST)
    parts.outbox.refuses = KeyboardInterrupt()
    scan = requested_scan(parts)
    with pytest.raises(KeyboardInterrupt):
        plan(parts, scan_message(scan))
    plan(parts, scan_message(scan))
    assert len(parts.outbox.sent) == len(PLANNED_AT_START)


def test_a_step_that_a_worker_has_seen_gets_no_first_message_again(parts: Surroundings) -> None:
    parts.azure.lists(FIRST)
    scan = requested_scan(parts)
    plan(parts, scan_message(scan))
    seen = steps_of(parts, scan)[0]
    parts.steps.claim(TENANT, seen.step_id, parts.time.now(), 60)
    parts.outbox.sent.clear()
    plan(parts, scan_message(scan))
    assert seen.step_id not in [StepMessage.decode(message.body).step_id for _, message in parts.outbox.sent]


def test_subscriptions_of_other_tenants_are_left_out(parts: Surroundings) -> None:
    parts.azure.lists(FIRST, tenant_id=OTHER_TENANT)
    scan = requested_scan(parts)
    plan(parts, scan_message(scan))
    assert steps_of(parts, scan) == []
    assert latest(parts, scan).status is ScanStatus.BLOCKED
    assert "1 delegated subscription of other tenants is not part of this scan: Name of 1." in (
        latest(parts, scan).status_reason or ""
    )


def test_what_is_left_out_of_a_scan_is_stored_with_it_and_what_is_odd_raises_an_alert(
    parts: Surroundings, caplog: pytest.LogCaptureFixture
) -> None:
    parts.azure.lists(FIRST)
    listed = parts.azure.pages[LIST_SUBSCRIPTIONS.name, None][0]["value"]
    listed += [{**listed[0], "subscriptionId": SECOND, "tenantId": OTHER_TENANT, "displayName": "Fabrikam"}, {}]
    scan = requested_scan(parts)
    plan(parts, scan_message(scan))
    assert {step.subscription_id for step in steps_of(parts, scan)} == {FIRST}
    assert left_out_of(latest(parts, scan).left_out_json) == LeftOut(("Fabrikam",), 1, 1)
    assert "alert=rows-set-aside" in caplog.text
    assert "Fabrikam" not in caplog.text


def test_no_subscription_at_all_ends_the_scan_with_what_to_ask_for(parts: Surroundings) -> None:
    parts.azure.lists()
    scan = requested_scan(parts)
    plan(parts, scan_message(scan))
    ended = latest(parts, scan)
    assert (ended.status, ended.finished_at) == (ScanStatus.BLOCKED, parts.time.now())
    assert "Cost Management Reader" in (ended.status_reason or "")
    assert parts.outbox.sent == []


@pytest.mark.parametrize("error", [Throttled(40, "Azure Resource Manager"), AzureUnavailable("reset")])
def test_a_plan_that_has_to_wait_asks_for_itself_again(parts: Surroundings, error: Exception) -> None:
    parts.azure.lists(FIRST)
    parts.azure.mishaps = [error]
    scan = requested_scan(parts)
    plan(parts, scan_message(scan))
    ((queue, message),) = parts.outbox.sent
    assert (queue, message.message_id) == ("scan-requests", f"{scan.scan_id}:plan:2")
    assert message.scheduled_for is not None
    assert message.scheduled_for > parts.time.now()
    plan(parts, message.body)
    assert latest(parts, scan).status is ScanStatus.COLLECTING


def test_a_short_throttle_is_scheduled_too(parts: Surroundings) -> None:
    parts.azure.mishaps = [Throttled(3, "Azure Resource Manager")]
    plan(parts, scan_message(requested_scan(parts)))
    assert parts.outbox.sent[0][1].scheduled_for == parts.time.now() + timedelta(seconds=3)


ENDINGS = [
    (AzureUnavailable("reset"), ScanStatus.FAILED),
    (UnexpectedPayload("odd"), ScanStatus.FAILED),
    (PermissionMissing("Reader", "/", "AuthorizationFailed"), ScanStatus.BLOCKED),
    (ConsentRevoked("invalid_grant"), ScanStatus.BLOCKED),
]


@pytest.mark.parametrize(("error", "status"), ENDINGS, ids=lambda value: type(value).__name__)
def test_a_list_that_cannot_be_had_ends_the_scan(parts: Surroundings, error: Exception, status: ScanStatus) -> None:
    parts.azure.mishaps = [error]
    scan = requested_scan(parts)
    plan(parts, scan_message(scan, attempt=MAX_FAULTS))
    ended = latest(parts, scan)
    assert ended.status is status
    assert ended.status_reason
    assert parts.outbox.sent == []


def test_a_fault_in_our_settings_is_waited_out(parts: Surroundings, caplog: pytest.LogCaptureFixture) -> None:
    parts.broker.tokens.refusal = ConfigurationError("ENTRA_CLIENT_SECRET has expired")
    scan = requested_scan(parts)
    plan(parts, scan_message(scan))
    assert latest(parts, scan).status is ScanStatus.REQUESTED
    (later,) = parts.outbox.of("scan-requests")
    assert later.scheduled_for == parts.time.now() + timedelta(seconds=5)
    assert "alert=configuration" in caplog.text


def test_a_cancelled_scan_is_not_planned(parts: Surroundings) -> None:
    scan = requested_scan(parts)
    parts.scans.cancel_running(TENANT, USER, "disconnected", parts.time.now())
    plan(parts, scan_message(scan))
    assert parts.azure.calls == []


def test_the_message_of_a_deleted_scan_is_dropped(parts: Surroundings) -> None:
    plan(parts, ScanMessage(tenant_id=TENANT, scan_id=OTHER_TENANT).encode())
    assert parts.azure.calls == []


def test_a_body_that_is_no_message_is_a_bad_message(parts: Surroundings) -> None:
    with pytest.raises(BadMessage):
        plan(parts, b"\x00")
