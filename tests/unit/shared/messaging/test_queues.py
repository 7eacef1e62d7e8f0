"""The queues' definitions keep to what Service Bus offers."""

from datetime import timedelta

import pytest

from shared.messaging.queues import (
    DEAD_LETTERS,
    DELETIONS,
    DRAFT_FINDINGS,
    OPERATOR_JOBS,
    SCAN_FINISHES,
    SCAN_REQUESTS,
    SEND_MAIL,
    Queue,
    collector_queue,
)

COSTS = collector_queue("costs", requires_session=True)
QUEUES = (SCAN_REQUESTS, SCAN_FINISHES, DRAFT_FINDINGS, DEAD_LETTERS, DELETIONS, SEND_MAIL, OPERATOR_JOBS, COSTS)

MAX_ON_THE_WIRE = timedelta(milliseconds=2**32 - 1)
"""AMQP has 32 bits of milliseconds for a time to live."""


def test_a_collectors_queue_has_its_name_with_hyphens() -> None:
    assert collector_queue("savings_plans").name == "collect-savings-plans"
    assert not collector_queue("savings_plans").requires_session
    assert COSTS.requires_session


@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: queue.name)
def test_locks_and_windows_are_within_service_bus_limits(queue: Queue) -> None:
    assert timedelta(seconds=5) <= queue.lock_duration <= timedelta(minutes=5)
    window = queue.duplicate_detection_window
    assert window is None or timedelta(seconds=20) <= window <= timedelta(days=7)
    assert queue.max_delivery_count >= 1
    assert timedelta(seconds=1) <= queue.time_to_live <= MAX_ON_THE_WIRE


@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: queue.name)
def test_a_message_outlives_its_deliveries_and_no_message_outlives_its_dead_letter(queue: Queue) -> None:
    assert queue.max_delivery_count * queue.lock_duration < queue.time_to_live <= DEAD_LETTERS.time_to_live


@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: queue.name)
def test_every_dead_letter_ends_in_the_queue_that_records_them(queue: Queue) -> None:
    assert queue.forward_dead_lettered_to == (None if queue is DEAD_LETTERS else DEAD_LETTERS.name)


def test_no_dead_letter_is_dropped_as_a_duplicate_of_another_queues() -> None:
    assert DEAD_LETTERS.duplicate_detection_window is None
