"""What waits too long for its receiver is set aside, whatever the queue is made of."""

from datetime import timedelta

import pytest

from local.queue import QueueCounts
from shared.messaging.queues import DEAD_LETTERS
from tests.conformance.queueing import NOW, PLAIN, ContractQueue, accept, is_empty, message, receive, receive_from, send
from tests.support.clock import FakeClock

LIFETIME = PLAIN.time_to_live.total_seconds()
LOCK = PLAIN.lock_duration.total_seconds()


def test_a_message_that_expires_is_set_aside_with_the_brokers_reason(queue: ContractQueue, clock: FakeClock) -> None:
    send(queue, "one")
    clock.sleep(LIFETIME)
    assert queue.receive("plain") is None
    assert is_empty(queue)
    dead = receive(queue, "dead-letters")
    assert (dead.body, dead.message_id, dead.delivery_count) == (b"body of one", "one", 1)
    assert (dead.dead_letter_reason, dead.dead_letter_source) == ("TTLExpiredException", "plain")
    assert dead.dead_letter_description == "The message expired and was dead lettered."


def test_a_message_may_be_taken_until_its_last_moment_and_says_when_that_is(
    queue: ContractQueue, clock: FakeClock
) -> None:
    send(queue, "one")
    clock.sleep(LIFETIME - 1)
    taken = receive(queue)
    assert taken.expires_at == NOW + PLAIN.time_to_live


def test_a_scheduled_message_lives_from_its_time_and_not_from_its_sending(
    queue: ContractQueue, clock: FakeClock
) -> None:
    due = NOW + timedelta(days=30)
    queue.send("plain", [message("later", scheduled_for=due)])
    clock.sleep(30 * 86_400 + LIFETIME - 1)
    taken = receive(queue)
    assert (taken.enqueued_at, taken.expires_at) == (due, due + PLAIN.time_to_live)


def test_a_scheduled_message_that_is_not_received_after_its_time_expires_like_any_other(
    queue: ContractQueue, clock: FakeClock
) -> None:
    queue.send("plain", [message("later", scheduled_for=NOW + timedelta(hours=1))])
    clock.sleep(3600 + LIFETIME)
    assert queue.receive("plain") is None
    assert receive(queue, "dead-letters").dead_letter_reason == "TTLExpiredException"


def test_a_held_message_does_not_expire_and_can_still_be_completed(queue: ContractQueue, clock: FakeClock) -> None:
    send(queue, "one")
    clock.sleep(LIFETIME - 60)
    held = receive(queue)
    clock.sleep(120)
    queue.complete(held)
    assert is_empty(queue)
    assert is_empty(queue, "dead-letters")


@pytest.mark.parametrize("how", ["abandoned", "run out"])
def test_a_held_message_expires_when_it_comes_back_too_late(queue: ContractQueue, clock: FakeClock, how: str) -> None:
    send(queue, "one")
    clock.sleep(LIFETIME - 60)
    held = receive(queue)
    clock.sleep(120)
    if how == "abandoned":
        queue.abandon(held)
    else:
        clock.sleep(LOCK)
    assert queue.receive("plain") is None
    assert receive(queue, "dead-letters").dead_letter_reason == "TTLExpiredException"


def test_of_a_session_only_what_is_too_old_is_set_aside_and_the_rest_stays_in_order(
    queue: ContractQueue, clock: FakeClock
) -> None:
    queue.send("sessions", [message("a1", "a")])
    clock.sleep(LIFETIME - 60)
    queue.send("sessions", [message("a2", "a"), message("a3", "a")])
    clock.sleep(60)
    session = accept(queue)
    assert [receive_from(queue, session).message_id for _ in range(2)] == ["a2", "a3"]
    assert queue.receive_from_session(session) is None
    dead = receive(queue, "dead-letters")
    assert (dead.message_id, dead.session_id, dead.dead_letter_source) == ("a1", "a", "sessions")


def test_a_session_of_expired_messages_is_no_session_any_more(queue: ContractQueue, clock: FakeClock) -> None:
    queue.send("sessions", [message("a1", "a")])
    clock.sleep(LIFETIME)
    assert queue.accept_next_session("sessions") is None


def test_a_forwarded_dead_letter_lives_as_long_again_as_it_was_allowed_and_no_longer(
    queue: ContractQueue, clock: FakeClock
) -> None:
    assert DEAD_LETTERS.time_to_live > PLAIN.time_to_live
    send(queue, "one")
    clock.sleep(LIFETIME)
    assert queue.receive("plain") is None
    arrived = clock.now()
    clock.sleep(LIFETIME - 1)
    dead = receive(queue, "dead-letters")
    assert (dead.enqueued_at, dead.expires_at) == (arrived, arrived + PLAIN.time_to_live)


def test_what_expires_among_the_dead_letters_stays_there_for_good(queue: ContractQueue, clock: FakeClock) -> None:
    queue.send("dead-letters", [message("one")])
    clock.sleep(DEAD_LETTERS.time_to_live.total_seconds())
    assert queue.receive("dead-letters") is None
    clock.sleep(365 * 86_400)
    assert queue.counts("dead-letters") == QueueCounts(active=0, locked=0, scheduled=0, dead_lettered=1)
    [kept] = queue.peek("dead-letters", dead_lettered=True)
    assert (kept.message_id, kept.dead_letter_reason) == ("one", "TTLExpiredException")
