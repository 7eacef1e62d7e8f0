"""Sessions: one receiver at a time reads the messages of one session, in order."""

from datetime import timedelta

import pytest

from local.queue import NotAllowed, SessionLockLost
from tests.conformance.queueing import NOW, ContractQueue, accept, message, receive, receive_from
from tests.support.clock import FakeClock


def test_a_message_without_a_session_is_refused_where_one_is_needed(queue: ContractQueue) -> None:
    with pytest.raises(NotAllowed):
        queue.send("sessions", [message("one")])
    with pytest.raises(NotAllowed):
        queue.send("sessions", [message("one", "x" * 129)])
    with pytest.raises(NotAllowed):
        queue.receive("sessions")
    with pytest.raises(NotAllowed):
        queue.accept_next_session("plain")


def test_a_session_is_read_in_order_and_by_one_receiver_at_a_time(queue: ContractQueue) -> None:
    queue.send("sessions", [message("a1", "a"), message("b1", "b"), message("a2", "a")])
    first, second = accept(queue), accept(queue)
    assert (first.session_id, second.session_id) == ("a", "b")
    assert queue.accept_next_session("sessions") is None
    assert [receive_from(queue, first).message_id for _ in range(2)] == ["a1", "a2"]
    assert queue.receive_from_session(first) is None
    assert receive_from(queue, second).message_id == "b1"


def test_the_holder_of_a_session_gets_what_comes_for_it(queue: ContractQueue) -> None:
    queue.send("sessions", [message("a1", "a")])
    session = accept(queue)
    queue.complete(receive_from(queue, session))
    queue.send("sessions", [message("a2", "a")])
    assert queue.accept_next_session("sessions") is None
    assert receive_from(queue, session).message_id == "a2"


def test_an_abandoned_message_of_a_session_comes_again_before_the_next_one(queue: ContractQueue) -> None:
    queue.send("sessions", [message("a1", "a"), message("a2", "a")])
    session = accept(queue)
    queue.abandon(receive_from(queue, session))
    again = receive_from(queue, session)
    assert (again.message_id, again.delivery_count) == ("a1", 2)


def test_a_released_session_is_free_and_its_unsettled_messages_count_no_delivery(queue: ContractQueue) -> None:
    queue.send("sessions", [message("a1", "a")])
    session = accept(queue)
    held = receive_from(queue, session)
    queue.release_session(session)
    with pytest.raises(SessionLockLost):
        queue.complete(held)
    with pytest.raises(SessionLockLost):
        queue.receive_from_session(session)
    queue.release_session(session)
    assert receive_from(queue, accept(queue)).delivery_count == 1


def test_a_session_whose_lock_runs_out_is_lost_with_its_messages(queue: ContractQueue, clock: FakeClock) -> None:
    queue.send("sessions", [message("a1", "a")])
    session = accept(queue)
    held = receive_from(queue, session)
    assert held.locked_until == session.locked_until == NOW + timedelta(minutes=5)
    clock.sleep(5 * 60)
    with pytest.raises(SessionLockLost):
        queue.complete(held)
    with pytest.raises(SessionLockLost):
        queue.renew_session_lock(session)
    assert receive_from(queue, accept(queue)).delivery_count == 2


def test_the_late_reader_of_a_session_has_no_part_in_what_the_next_one_reads(
    queue: ContractQueue, clock: FakeClock
) -> None:
    queue.send("sessions", [message("a1", "a"), message("a2", "a")])
    late = accept(queue)
    clock.sleep(5 * 60)
    current = accept(queue)
    held = receive_from(queue, current)
    with pytest.raises(SessionLockLost):
        queue.receive_from_session(late)
    with pytest.raises(SessionLockLost):
        queue.renew_session_lock(late)
    queue.release_session(late)
    queue.complete(held)
    assert receive_from(queue, current).message_id == "a2"


def test_a_renewed_session_keeps_its_messages(queue: ContractQueue, clock: FakeClock) -> None:
    queue.send("sessions", [message("a1", "a")])
    session = accept(queue)
    held = receive_from(queue, session)
    clock.sleep(4 * 60)
    assert queue.renew_session_lock(session).locked_until == clock.now() + timedelta(minutes=5)
    with pytest.raises(NotAllowed):
        queue.renew_lock(held)
    clock.sleep(4 * 60)
    queue.complete(held)
    assert queue.receive_from_session(session) is None


def test_a_session_continues_after_a_message_that_was_set_aside(queue: ContractQueue) -> None:
    queue.send("sessions", [message("a1", "a"), message("a2", "a")])
    session = accept(queue)
    for _ in range(3):
        queue.abandon(receive_from(queue, session))
    assert receive_from(queue, session).message_id == "a2"
    assert receive(queue, "dead-letters").session_id == "a"
