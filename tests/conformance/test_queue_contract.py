"""What a queue does whatever it is made of: Service Bus's semantics, one sentence each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from local.queue import MessageLockLost, MessageSizeExceeded, NotAllowed, QueueCounts, QueueNotFound
from shared.messaging.queues import MAX_MESSAGE_BYTES, OutgoingMessage
from tests.conformance.queueing import NOW, ContractQueue, accept, is_empty, message, receive, receive_from, send
from tests.support.clock import FakeClock

LARGEST_BODY = MAX_MESSAGE_BYTES - 1024
"""The limit is the whole message's; ids, properties and the batch around it take their part."""


def test_messages_arrive_whole_and_in_the_order_they_were_sent(queue: ContractQueue, clock: FakeClock) -> None:
    queue.send("plain", [OutgoingMessage(b"\x00\xff binary", "one"), OutgoingMessage(b"", "two", "a-session")])
    first, second = receive(queue), receive(queue)
    assert (first.body, first.message_id, first.session_id) == (b"\x00\xff binary", "one", None)
    assert (second.body, second.message_id, second.session_id) == (b"", "two", "a-session")
    assert first.sequence_number < second.sequence_number
    assert (first.delivery_count, first.enqueued_at, first.locked_until) == (
        1,
        clock.now(),
        NOW + timedelta(minutes=5),
    )
    assert (first.dead_letter_reason, first.dead_letter_source) == (None, None)


def test_a_held_message_is_given_to_no_other_receiver(queue: ContractQueue) -> None:
    send(queue, "one")
    receive(queue)
    assert queue.receive("plain") is None
    assert queue.counts("plain") == QueueCounts(active=1, locked=1, scheduled=0, dead_lettered=0)


def test_a_completed_message_is_deleted(queue: ContractQueue) -> None:
    send(queue, "one")
    queue.complete(receive(queue))
    assert is_empty(queue)


def test_a_lock_that_runs_out_gives_the_message_to_the_next_receiver(queue: ContractQueue, clock: FakeClock) -> None:
    send(queue, "one")
    receive(queue)
    clock.sleep(5 * 60 - 1)
    assert queue.receive("plain") is None
    clock.sleep(1)
    assert receive(queue).delivery_count == 2


@pytest.mark.parametrize("settle", ["complete", "abandon", "renew_lock", "dead_letter"])
def test_nothing_can_be_done_with_a_lock_that_has_run_out(queue: ContractQueue, clock: FakeClock, settle: str) -> None:
    send(queue, "one")
    held = receive(queue)
    clock.sleep(5 * 60)
    arguments = (held, "reason") if settle == "dead_letter" else (held,)
    with pytest.raises(MessageLockLost):
        getattr(queue, settle)(*arguments)
    assert receive(queue).delivery_count == 2


def test_the_late_first_receiver_cannot_settle_what_the_second_one_holds(
    queue: ContractQueue, clock: FakeClock
) -> None:
    send(queue, "one")
    late = receive(queue)
    clock.sleep(5 * 60)
    second = receive(queue)
    with pytest.raises(MessageLockLost):
        queue.complete(late)
    queue.complete(second)
    assert is_empty(queue)


def test_a_message_is_settled_once(queue: ContractQueue) -> None:
    send(queue, "one")
    held = receive(queue)
    queue.complete(held)
    with pytest.raises(MessageLockLost):
        queue.abandon(held)


def test_a_renewed_lock_lasts_from_now(queue: ContractQueue, clock: FakeClock) -> None:
    send(queue, "one")
    held = receive(queue)
    clock.sleep(4 * 60)
    renewed = queue.renew_lock(held)
    assert renewed == replace(held, locked_until=clock.now() + timedelta(minutes=5))
    clock.sleep(4 * 60)
    queue.complete(held)
    assert is_empty(queue)


def test_an_abandoned_message_is_back_at_once_before_younger_ones(queue: ContractQueue) -> None:
    send(queue, "one", "two")
    queue.abandon(receive(queue))
    again = receive(queue)
    assert (again.message_id, again.delivery_count) == ("one", 2)


@pytest.mark.parametrize("how", ["abandoned", "run out"])
def test_after_its_last_delivery_a_message_is_set_aside(queue: ContractQueue, clock: FakeClock, how: str) -> None:
    send(queue, "one")
    for delivery in (1, 2, 3):
        held = receive(queue)
        assert held.delivery_count == delivery
        if how == "abandoned":
            queue.abandon(held)
        else:
            clock.sleep(5 * 60)
    assert queue.receive("plain") is None
    dead = receive(queue, "dead-letters")
    assert (dead.body, dead.message_id) == (b"body of one", "one")
    assert (dead.dead_letter_reason, dead.dead_letter_source) == ("MaxDeliveryCountExceeded", "plain")
    assert dead.delivery_count == 1


def test_a_message_set_aside_on_purpose_carries_its_reason(queue: ContractQueue) -> None:
    send(queue, "one")
    queue.dead_letter(receive(queue), "BadMessage", "scan_id is missing")
    assert is_empty(queue)
    dead = receive(queue, "dead-letters")
    assert (dead.dead_letter_reason, dead.dead_letter_description) == ("BadMessage", "scan_id is missing")
    assert dead.dead_letter_source == "plain"


def test_dead_letters_that_are_not_forwarded_stay_beside_their_queue(queue: ContractQueue) -> None:
    queue.send("dead-letters", [message("one")])
    queue.dead_letter(receive(queue, "dead-letters"), "TwiceBad")
    assert queue.receive("dead-letters") is None
    assert queue.counts("dead-letters") == QueueCounts(active=0, locked=0, scheduled=0, dead_lettered=1)
    [dead] = queue.peek("dead-letters", dead_lettered=True)
    assert (dead.message_id, dead.dead_letter_reason, dead.dead_letter_source) == ("one", "TwiceBad", None)
    assert queue.peek("dead-letters") == []


def test_two_queues_may_set_aside_messages_of_one_id(queue: ContractQueue) -> None:
    send(queue, "one")
    queue.send("sessions", [message("one", "s")])
    queue.dead_letter(receive(queue), "a")
    queue.dead_letter(receive_from(queue, accept(queue)), "b")
    assert {receive(queue, "dead-letters").dead_letter_source for _ in range(2)} == {"plain", "sessions"}


def test_the_sender_may_say_why_and_where_a_message_was_set_aside(queue: ContractQueue) -> None:
    queue.send("dead-letters", [OutgoingMessage(b"", "one", dead_letter_reason="why", dead_letter_source="plain")])
    dead = receive(queue, "dead-letters")
    assert (dead.dead_letter_reason, dead.dead_letter_source) == ("why", "plain")


def test_a_message_says_where_it_comes_from(queue: ContractQueue) -> None:
    origin = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    queue.send("plain", [OutgoingMessage(b"", "one", traceparent=origin), OutgoingMessage(b"", "two")])
    assert [receive(queue).traceparent for _ in range(2)] == [origin, None]


def test_a_scheduled_message_waits_until_its_time(queue: ContractQueue, clock: FakeClock) -> None:
    due = NOW + timedelta(seconds=60)
    queue.send("plain", [message("later", scheduled_for=due)])
    assert queue.counts("plain") == QueueCounts(active=0, locked=0, scheduled=1, dead_lettered=0)
    assert [peeked.scheduled_for for peeked in queue.peek("plain")] == [due]
    clock.sleep(59)
    assert queue.receive("plain") is None
    clock.sleep(1)
    received = receive(queue)
    assert (received.message_id, received.enqueued_at, received.scheduled_for) == ("later", due, due)


def test_a_scheduled_message_takes_its_place_in_line_when_it_becomes_due(
    queue: ContractQueue, clock: FakeClock
) -> None:
    queue.send("plain", [message("later", scheduled_for=NOW + timedelta(seconds=60)), message("now")])
    clock.sleep(30)
    send(queue, "soon")
    clock.sleep(60)
    send(queue, "last")
    assert [receive(queue).message_id for _ in range(4)] == ["now", "soon", "later", "last"]


def test_scheduled_messages_that_became_due_unseen_are_in_the_order_of_their_times(
    queue: ContractQueue, clock: FakeClock
) -> None:
    minutes = {"third": 3, "first": 1, "second": 2}
    queue.send("plain", [message(one, scheduled_for=NOW + timedelta(minutes=at)) for one, at in minutes.items()])
    clock.sleep(3600)
    assert [receive(queue).message_id for _ in minutes] == ["first", "second", "third"]


def test_a_message_scheduled_for_the_past_is_there_at_once(queue: ContractQueue) -> None:
    queue.send("plain", [message("overdue", scheduled_for=NOW - timedelta(hours=1))])
    assert receive(queue).message_id == "overdue"


def test_a_second_message_of_one_id_is_dropped_in_silence(queue: ContractQueue, clock: FakeClock) -> None:
    send(queue, "one", "one")
    send(queue, "one")
    queue.complete(receive(queue))
    clock.sleep(10 * 60 - 1)
    send(queue, "one")
    assert is_empty(queue)
    clock.sleep(1)
    send(queue, "one")
    assert receive(queue).message_id == "one"


def test_scheduled_messages_take_part_in_duplicate_detection(queue: ContractQueue) -> None:
    send(queue, "step:1")
    queue.send("plain", [message("step:1", scheduled_for=NOW + timedelta(minutes=5))])
    assert queue.counts("plain") == QueueCounts(active=1, locked=0, scheduled=0, dead_lettered=0)


def test_one_id_in_two_queues_is_no_duplicate(queue: ContractQueue) -> None:
    send(queue, "one")
    queue.send("sessions", [message("one", "s")])
    assert queue.counts("sessions").active == 1


def test_a_message_over_the_size_limit_is_refused(queue: ContractQueue) -> None:
    with pytest.raises(MessageSizeExceeded):
        queue.send("plain", [message("fits"), OutgoingMessage(bytes(MAX_MESSAGE_BYTES), "one")])
    assert is_empty(queue), "all are sent or none"
    queue.send("plain", [OutgoingMessage(bytes(LARGEST_BODY), "one")])
    assert len(receive(queue).body) == LARGEST_BODY


@pytest.mark.parametrize("message_id", ["", "x" * 129])
def test_a_message_id_has_1_to_128_characters(queue: ContractQueue, message_id: str) -> None:
    with pytest.raises(NotAllowed):
        send(queue, message_id)
    send(queue, "x" * 128)
    assert receive(queue).message_id == "x" * 128


def test_an_unknown_queue_is_refused(queue: ContractQueue) -> None:
    with pytest.raises(QueueNotFound):
        queue.send("nowhere", [message("one")])
    with pytest.raises(QueueNotFound):
        queue.receive("nowhere")


def test_a_queue_is_reached_without_sending_anything(queue: ContractQueue) -> None:
    queue.check_connection("plain")
    assert queue.counts("plain") == QueueCounts(active=0, locked=0, scheduled=0, dead_lettered=0)


def test_a_missing_queue_is_an_error(queue: ContractQueue) -> None:
    with pytest.raises(QueueNotFound):
        queue.check_connection("nowhere")
