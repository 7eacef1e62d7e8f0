"""What no one looks after is asked for again."""

from datetime import timedelta

import pytest

from collectors.dead_letters import record
from collectors.registry import collector
from collectors.scan.finish import finish
from collectors.scan.plan import plan
from collectors.scan.run import collect
from collectors.scan.step_work import LEASE_SECONDS
from collectors.scan.sweep import sweep
from shared.core.errors import Throttled
from shared.core.messages import ScanMessage, StepMessage
from shared.core.models import Scan, ScanStatus, StepStatus
from shared.messaging.queues import DRAFT_FINDINGS, SCAN_REQUESTS, STEP_LIFETIME, OutgoingMessage
from tests.support.collecting import (
    FIRST,
    PERIOD,
    SECOND,
    TENANT,
    USER,
    Outbox,
    Surroundings,
    collecting_scan,
    latest,
    requested_scan,
    scan_message,
    step_body,
    steps_of,
)
from tests.support.consented import consented_scan

FAULT = "the queue is disabled"
HOUR = timedelta(hours=1).total_seconds()
COSTS = collector("costs")


@pytest.fixture
def scan(parts: Surroundings) -> Scan:
    return collecting_scan(parts, [("costs", FIRST)])


def test_a_scan_that_is_well_looked_after_is_left_alone(parts: Surroundings, scan: Scan) -> None:
    assert scan.scan_id
    assert sweep(parts) == 0
    assert parts.outbox.sent == []


def test_a_step_whose_message_was_lost_gets_another(parts: Surroundings, scan: Scan) -> None:
    parts.time.sleep(HOUR)
    assert sweep(parts) == 1
    (message,) = parts.outbox.of("collect-costs")
    assert message.session_id == TENANT
    assert message.message_id != f"{scan.scan_id}:{steps_of(parts, scan)[0].step_id}:1"
    collect(parts, COSTS, message.body)
    assert steps_of(parts, scan)[0].status is StepStatus.SUCCEEDED


def test_a_step_that_was_swept_is_left_alone_for_a_while(parts: Surroundings, scan: Scan) -> None:
    parts.time.sleep(HOUR)
    assert sweep(parts) == 1
    assert sweep(parts) == 0
    parts.time.sleep(HOUR)
    assert sweep(parts) == 1
    first, second = parts.outbox.of("collect-costs")
    assert scan.scan_id in first.message_id
    assert first.message_id != second.message_id


def test_a_step_of_a_dead_worker_is_brought_back(parts: Surroundings, scan: Scan) -> None:
    step = steps_of(parts, scan)[0]
    parts.steps.claim(TENANT, step.step_id, parts.time.now(), LEASE_SECONDS)
    parts.time.sleep(LEASE_SECONDS - 1)
    assert sweep(parts) == 0
    parts.time.sleep(120)
    assert sweep(parts) == 1
    collect(parts, COSTS, parts.outbox.sent[-1][1].body)
    assert steps_of(parts, scan)[0].status is StepStatus.SUCCEEDED


def test_a_wait_whose_message_was_lost_is_ended(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [Throttled(53, "Cost Management")]
    collect(parts, COSTS, step_body(steps_of(parts, scan)[0]))
    parts.outbox.sent.clear()
    parts.time.sleep(HOUR)
    assert sweep(parts) == 1
    (message,) = parts.outbox.of("collect-costs")
    assert StepMessage.decode(message.body).attempt == 2
    collect(parts, COSTS, message.body)
    assert steps_of(parts, scan)[0].status is StepStatus.SUCCEEDED


def test_an_unplanned_scan_is_asked_for_again(parts: Surroundings) -> None:
    scan = requested_scan(parts)
    parts.time.sleep(HOUR)
    assert sweep(parts) == 1
    (message,) = parts.outbox.of("scan-requests")
    assert message.message_id != f"{scan.scan_id}:plan:1"


def test_an_unfinished_scan_is_asked_for_again(parts: Surroundings, scan: Scan) -> None:
    collect(parts, COSTS, step_body(steps_of(parts, scan)[0]))
    parts.outbox.sent.clear()
    parts.time.sleep(HOUR)
    assert sweep(parts) == 1
    (message,) = parts.outbox.of("scan-finishes")
    assert message.message_id != f"{scan.scan_id}:finish:1"


def test_a_scan_with_no_step_left_is_moved_on(parts: Surroundings, scan: Scan) -> None:
    steps = parts.steps
    held = steps.claim(TENANT, steps_of(parts, scan)[0].step_id, parts.time.now(), LEASE_SECONDS)
    assert held is not None
    steps.complete(held, StepStatus.SUCCEEDED, parts.time.now())
    parts.time.sleep(HOUR)
    assert sweep(parts) == 1
    assert latest(parts, scan).status is ScanStatus.FINISHING
    assert len(parts.outbox.of("scan-finishes")) == 1


def test_nothing_of_an_ended_scan_is_swept(parts: Surroundings, scan: Scan) -> None:
    assert scan.scan_id
    parts.scans.cancel_running(TENANT, USER, "disconnected", parts.time.now())
    parts.time.sleep(HOUR)
    assert sweep(parts) == 0


class OneQueueDown(Outbox):
    """Takes messages for all queues but that of the costs."""

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None:
        if queue == "collect-costs":
            raise ConnectionError(FAULT)
        super().send(queue, messages)


def test_a_queue_that_refuses_holds_up_no_other_messages_and_the_sweep_has_failed(parts: Surroundings) -> None:
    collecting_scan(parts, [("costs", FIRST), ("costs", SECOND), ("inventory", FIRST), ("advisor", FIRST)])
    unplanned = consented_scan(parts.database, TENANT, "a colleague", PERIOD, parts.clock.now())
    parts.queues = outbox = OneQueueDown()
    parts.time.sleep(HOUR)
    with pytest.raises(ConnectionError, match=FAULT):
        sweep(parts)
    assert sorted(queue for queue, _ in outbox.sent) == ["collect-advisor", "collect-inventory", "scan-requests"]
    assert outbox.of("scan-requests")[0].message_id.startswith(unplanned.scan_id)


def test_what_could_not_be_sent_is_swept_again_and_what_was_sent_is_left_alone(parts: Surroundings) -> None:
    collecting_scan(parts, [("costs", FIRST), ("inventory", FIRST)])
    parts.queues = OneQueueDown()
    parts.time.sleep(HOUR)
    with pytest.raises(ConnectionError, match=FAULT):
        sweep(parts)
    parts.queues = parts.outbox
    assert sweep(parts) == 1
    assert [queue for queue, _ in parts.outbox.sent] == ["collect-costs"]


def test_a_step_of_a_collector_that_this_version_lacks_holds_up_no_other(parts: Surroundings) -> None:
    scan = collecting_scan(parts, [("of-the-next-version", FIRST), ("inventory", FIRST)])
    parts.time.sleep(HOUR)
    assert sweep(parts) == 1
    assert [queue for queue, _ in parts.outbox.sent] == ["collect-inventory"]
    assert {step.status for step in steps_of(parts, scan)} == {StepStatus.PENDING}


def test_it_is_given_up_when_no_message_for_it_can_live_any_more(parts: Surroundings) -> None:
    scan = collecting_scan(parts, [("of-the-next-version", FIRST)])
    parts.time.sleep(STEP_LIFETIME.total_seconds())
    assert sweep(parts) == 1
    (step,) = steps_of(parts, scan)
    assert (step.status, step.status_code) == (StepStatus.FAILED, "NotOfThisVersion")
    assert latest(parts, scan).status is ScanStatus.FINISHING
    assert len(parts.outbox.of("scan-finishes")) == 1


def read_and_undrafted(parts: Surroundings) -> Scan:
    """A scan that was read while the queue was away: its drafting message was never sent."""
    scan = collecting_scan(parts, [("costs", FIRST)])
    parts.steps.complete(steps_of(parts, scan)[0], StepStatus.SUCCEEDED, parts.time.now())
    assert parts.scans.begin_finishing(scan.key)
    parts.outbox.refuses = OSError("no queue")
    with pytest.raises(OSError, match="no queue"):
        finish(parts, scan_message(scan))
    assert latest(parts, scan).status is ScanStatus.COLLECTED
    assert parts.outbox.of(DRAFT_FINDINGS.name) == []
    return scan


def test_drafts_whose_message_was_lost_between_the_commit_and_the_queue_are_asked_for(parts: Surroundings) -> None:
    scan = read_and_undrafted(parts)
    assert sweep(parts) == 0
    parts.time.sleep(600)
    assert sweep(parts) == 1
    (message,) = parts.outbox.of(DRAFT_FINDINGS.name)
    assert ScanMessage.decode(message.body).scan_id == scan.scan_id
    assert message.message_id.startswith(f"{scan.scan_id}:draft:1:swept:")


@pytest.mark.parametrize("ending", ["drafted", "given up"])
def test_drafts_that_were_made_or_given_up_are_not_asked_for_again(parts: Surroundings, ending: str) -> None:
    scan = read_and_undrafted(parts)
    if ending == "drafted":
        parts.finding_drafts.replace(scan.key, [], parts.time.now())
    else:
        record(parts, scan_message(scan), "MaxDeliveryCountExceeded", DRAFT_FINDINGS.name)
    parts.time.sleep(3600)
    assert sweep(parts) == 0
    assert parts.outbox.of(DRAFT_FINDINGS.name) == []


def test_a_scan_that_is_throttled_for_hours_before_its_plan_keeps_one_chain_of_messages(parts: Surroundings) -> None:
    scan = requested_scan(parts)
    parts.azure.mishaps = [Throttled(900, "Azure Resource Manager")] * 1000
    waiting = [OutgoingMessage(scan_message(scan), "first")]
    for _ in range(6 * 12):  # Six hours, a sweep each five minutes.
        due = [message for message in waiting if (message.scheduled_for or parts.time.now()) <= parts.time.now()]
        waiting = [message for message in waiting if message not in due]
        parts.outbox.sent.clear()
        for message in due:
            plan(parts, message.body)
        sweep(parts)
        waiting += parts.outbox.of(SCAN_REQUESTS.name)
        parts.time.sleep(300)
    assert len([message for message in waiting if ":swept:" not in message.message_id]) == 1
    assert len(parts.azure.calls) <= 6 * 4 + 6 * 12


def test_a_plan_that_was_swept_plans_the_scan_once_azure_lets_it(parts: Surroundings) -> None:
    scan = requested_scan(parts)
    parts.azure.lists(FIRST)
    parts.time.sleep(600)
    assert sweep(parts) == 1
    (message,) = parts.outbox.of(SCAN_REQUESTS.name)
    plan(parts, message.body)
    assert latest(parts, scan).status is ScanStatus.COLLECTING
