"""What a queue does when it fails, whatever it is made of: nothing lost, nothing doubled, and an error that says so.

Tokens can be refused by Service Bus alone, and only it can be asked for a session by its name: see
test_service_bus_faults.py and test_service_bus_received.py. The local queue is a file of this user's, and gives
sessions in the order of their messages.
"""

import pytest

from local.queue import LocalQueue, LockedMessage, LockLost, MessageLockLost, QueueUnavailable, SessionLockLost
from tests.conformance.queue_troubles import TroubledBroker, TroubledFile, TroubledQueue
from tests.conformance.queueing import ContractQueue, accept, is_empty, message, receive, receive_from, send
from tests.conformance.service_bus_queue import ServiceBusQueue
from tests.peers.servicebus import Fault
from tests.support.clock import FakeClock

CUTS = [Fault.CUT_BEFORE, Fault.CUT_AFTER]
LOCK_SECONDS = 5 * 60

pytestmark = [
    pytest.mark.usefixtures("hurried", "sockets_left_open"),
    # When the broker cuts the connection, the library leaves its socket to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]


@pytest.fixture(params=["local_queue", "service_bus_queue"])
def troubled(request: pytest.FixtureRequest) -> TroubledQueue:
    queue = request.getfixturevalue(request.param)
    if isinstance(queue, LocalQueue):
        return TroubledFile(queue)
    assert isinstance(queue, ServiceBusQueue)
    return TroubledBroker(queue, request.getfixturevalue("peer"))


def ids(queue: ContractQueue, name: str = "plain") -> list[str]:
    return [stored.message_id for stored in queue.peek(name)]


@pytest.mark.parametrize("cut", CUTS, ids=["before", "after"])
def test_a_send_that_is_cut_off_is_an_error_and_sent_again_each_message_is_there_once(
    troubled: TroubledQueue, cut: Fault
) -> None:
    troubled.cut_send(cut)
    with pytest.raises(QueueUnavailable):
        send(troubled.queue, "one", "two")
    troubled.come_back()
    assert ids(troubled.queue) == ([] if cut is Fault.CUT_BEFORE else ["one", "two"])
    send(troubled.queue, "one", "two")
    assert ids(troubled.queue) == ["one", "two"]


def test_messages_of_two_sessions_that_are_cut_off_between_them_arrive_once_each_when_sent_again(
    troubled: TroubledQueue,
) -> None:
    both = [message("a1", "a"), message("a2", "a"), message("b1", "b")]
    troubled.cut_send(Fault.CUT_AFTER)
    with pytest.raises(QueueUnavailable):
        troubled.queue.send("sessions", both)
    troubled.come_back()
    troubled.queue.send("sessions", both)
    assert troubled.queue.counts("sessions").active == len(both)
    first, second = accept(troubled.queue), accept(troubled.queue)
    assert [receive_from(troubled.queue, first).message_id for _ in range(2)] == ["a1", "a2"]
    assert receive_from(troubled.queue, second).message_id == "b1"


def test_a_busy_queue_takes_nothing_says_so_and_takes_the_next(troubled: TroubledQueue) -> None:
    troubled.be_busy()
    with pytest.raises(QueueUnavailable):
        send(troubled.queue, "one")
    troubled.come_back()
    assert is_empty(troubled.queue)
    send(troubled.queue, "one")
    assert ids(troubled.queue) == ["one"]


def test_a_queue_that_is_busy_for_a_moment_takes_the_message_once(troubled: TroubledQueue) -> None:
    troubled.be_busy_for_a_moment()
    send(troubled.queue, "one")
    assert ids(troubled.queue) == ["one"]


def test_a_completion_that_is_cut_off_is_an_error_or_done_and_the_message_is_never_in_between(
    troubled: TroubledQueue, clock: FakeClock
) -> None:
    send(troubled.queue, "one")
    held = receive(troubled.queue)
    troubled.cut_settlement(Fault.CUT_BEFORE)
    try:
        troubled.queue.complete(held)
    except QueueUnavailable:
        clock.sleep(LOCK_SECONDS)
        again = receive(troubled.queue)
        assert (again.message_id, again.delivery_count) == ("one", 2)
        troubled.queue.complete(again)
    assert is_empty(troubled.queue)


def test_a_completion_that_comes_through_nowhere_is_an_error_and_the_message_comes_again(
    troubled: TroubledQueue, clock: FakeClock
) -> None:
    send(troubled.queue, "one")
    held = receive(troubled.queue)
    troubled.cut_settlement_everywhere()
    with pytest.raises((QueueUnavailable, LockLost)):
        troubled.queue.complete(held)
    troubled.come_back()
    clock.sleep(LOCK_SECONDS)
    again = receive(troubled.queue)
    assert (again.message_id, again.delivery_count) == ("one", 2)


def test_a_completion_whose_answer_was_lost_is_done_once_and_the_message_never_comes_again(
    troubled: TroubledQueue, clock: FakeClock
) -> None:
    send(troubled.queue, "one")
    held = receive(troubled.queue)
    troubled.cut_settlement(Fault.CUT_AFTER)
    with pytest.raises((QueueUnavailable, MessageLockLost)):
        troubled.queue.complete(held)
    with pytest.raises(LockLost):
        troubled.queue.complete(held)
    clock.sleep(2 * LOCK_SECONDS)
    assert troubled.queue.receive("plain") is None
    assert is_empty(troubled.queue)
    assert is_empty(troubled.queue, "dead-letters")


def test_an_abandonment_whose_answer_was_lost_counts_one_delivery(troubled: TroubledQueue) -> None:
    send(troubled.queue, "one")
    held = receive(troubled.queue)
    troubled.cut_settlement(Fault.CUT_AFTER)
    with pytest.raises((QueueUnavailable, MessageLockLost)):
        troubled.queue.abandon(held)
    again = receive(troubled.queue)
    assert (again.message_id, again.delivery_count) == ("one", 2)


@pytest.mark.parametrize("cut", CUTS, ids=["before", "after"])
def test_a_message_whose_setting_aside_was_cut_off_is_in_one_place_only(
    troubled: TroubledQueue, clock: FakeClock, cut: Fault
) -> None:
    send(troubled.queue, "one")
    held = receive(troubled.queue)
    troubled.cut_settlement(cut)
    try:
        troubled.queue.dead_letter(held, "BadMessage")
    except (QueueUnavailable, MessageLockLost):
        clock.sleep(LOCK_SECONDS)
    places = ids(troubled.queue) + ids(troubled.queue, "dead-letters")
    assert places == ["one"]
    if cut is Fault.CUT_AFTER:
        assert receive(troubled.queue, "dead-letters").dead_letter_reason == "BadMessage"


@pytest.mark.parametrize("settle", ["complete", "abandon", "renew_lock", "dead_letter"])
def test_a_lock_that_the_broker_has_lost_before_its_time_settles_nothing(troubled: TroubledQueue, settle: str) -> None:
    send(troubled.queue, "one")
    held = receive(troubled.queue)
    troubled.lose_locks()
    arguments = (held, "reason") if settle == "dead_letter" else (held,)
    with pytest.raises(MessageLockLost):
        getattr(troubled.queue, settle)(*arguments)
    again = receive(troubled.queue)
    assert (again.message_id, again.delivery_count) == ("one", 2)
    troubled.queue.complete(again)
    assert is_empty(troubled.queue)


def test_the_next_receiver_gets_a_session_that_the_broker_lost_with_its_messages_in_order(
    troubled: TroubledQueue,
) -> None:
    troubled.queue.send("sessions", [message("a1", "a"), message("a2", "a")])
    session = accept(troubled.queue)
    held = receive_from(troubled.queue, session)
    troubled.lose_locks()
    with pytest.raises(SessionLockLost):
        troubled.queue.complete(held)
    with pytest.raises(SessionLockLost):
        troubled.queue.renew_session_lock(session)
    current = accept(troubled.queue)
    assert current.session_id == "a"
    assert [receive_from(troubled.queue, current).message_id for _ in range(2)] == ["a1", "a2"]


def test_while_a_session_is_held_no_other_receiver_gets_it_whatever_breaks(troubled: TroubledQueue) -> None:
    troubled.queue.send("sessions", [message("a1", "a")])
    session = accept(troubled.queue)
    troubled.cut_send(Fault.CUT_BEFORE)
    with pytest.raises(QueueUnavailable):
        troubled.queue.send("sessions", [message("a2", "a")])
    troubled.come_back()
    assert troubled.queue.accept_next_session("sessions") is None
    assert receive_from(troubled.queue, session).message_id == "a1"


def test_a_receiver_that_was_cut_off_finds_what_it_held_when_its_lock_has_run_out(
    troubled: TroubledQueue, clock: FakeClock
) -> None:
    send(troubled.queue, "one", "two")
    receive(troubled.queue)
    troubled.drop_connections()
    assert _in_the_end(troubled.queue).message_id == "two"
    clock.sleep(LOCK_SECONDS)
    found = {(each.message_id, each.delivery_count) for each in (receive(troubled.queue), receive(troubled.queue))}
    assert found == {("one", 2), ("two", 2)}


def test_a_queue_that_was_cut_off_is_reached_again(troubled: TroubledQueue) -> None:
    troubled.queue.check_connection("plain")
    troubled.drop_connections()
    troubled.queue.check_connection("plain")
    send(troubled.queue, "one")
    assert ids(troubled.queue) == ["one"]


def _in_the_end(queue: ContractQueue) -> LockedMessage:
    """What a receiver gets that calls again after an error, as every host does."""
    for _ in range(3):
        try:
            received = queue.receive("plain")
        except QueueUnavailable:
            continue
        if received is not None:
            return received
    pytest.fail("nothing came")
