"""What a receiver gets of what the sender sends, and how a receiver fares when the broker fails it.

In Azure the Functions host receives; it, too, is a client of this wire.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from azure.servicebus import (
    NEXT_AVAILABLE_SESSION,
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusReceivedMessage,
    ServiceBusReceiveMode,
)
from azure.servicebus.exceptions import (
    MessageLockLostError,
    ServiceBusError,
    SessionCannotBeLockedError,
    SessionLockLostError,
)

from shared.messaging.queues import OutgoingMessage
from shared.messaging.service_bus import ServiceBusSender
from tests.conformance.queueing import message
from tests.peers.servicebus import Credential, Fault, ServiceBusPeer
from tests.support.clock import FakeClock

WAIT_SECONDS = 10
SHORT_SECONDS = 0.3

pytestmark = [
    pytest.mark.usefixtures("hurried", "sockets_left_open"),
    # When the broker cuts the connection, the library leaves its socket to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]


@pytest.fixture
def client(peer: ServiceBusPeer) -> Iterator[ServiceBusClient]:
    with ServiceBusClient(peer.host, Credential(), use_tls=False) as opened:
        yield opened


@pytest.fixture
def sender(peer: ServiceBusPeer) -> Iterator[ServiceBusSender]:
    made = ServiceBusSender(peer.host, lambda host: ServiceBusClient(host, Credential(), use_tls=False))
    yield made
    made.close()


def only(received: list[ServiceBusReceivedMessage]) -> ServiceBusReceivedMessage:
    [one] = received
    return one


def wait_until(condition: Callable[[], bool]) -> None:
    """The broker works on a thread of its own."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.005)


def test_a_receiver_gets_every_byte_and_every_property_that_was_sent(
    sender: ServiceBusSender, client: ServiceBusClient
) -> None:
    body = bytes(range(256)) * 700  # more than two frames
    sender.send("dead-letters", [OutgoingMessage(body, "id-1", "tenant", None, "BadMessage", "collect-costs")])
    with client.get_queue_receiver("dead-letters") as receiver:
        received = only(receiver.receive_messages(max_wait_time=WAIT_SECONDS))
        receiver.complete_message(received)
    assert b"".join(received.body) == body
    assert (received.message_id, received.session_id) == ("id-1", "tenant")
    assert received.content_type == "application/json"
    assert received.application_properties == {
        b"DeadLetterReason": b"BadMessage",
        b"DeadLetterSource": b"collect-costs",
    }


def test_what_was_sent_for_later_says_when_that_was(
    peer: ServiceBusPeer, sender: ServiceBusSender, client: ServiceBusClient, clock: FakeClock
) -> None:
    due = clock.now() + timedelta(hours=6)
    sender.send("plain", [message("later", scheduled_for=due)])
    assert peer.queue.counts("plain").scheduled == 1
    clock.sleep(6 * 3600)
    with client.get_queue_receiver("plain") as receiver:
        received = only(receiver.receive_messages(max_wait_time=WAIT_SECONDS))
        receiver.complete_message(received)
    assert received.scheduled_enqueue_time_utc == received.enqueued_time_utc == due


def test_a_session_may_be_asked_for_by_name(sender: ServiceBusSender, client: ServiceBusClient) -> None:
    sender.send("sessions", [message("a1", "a"), message("b1", "b")])
    with client.get_queue_receiver("sessions", session_id="b") as receiver:
        assert only(receiver.receive_messages(max_wait_time=WAIT_SECONDS)).message_id == "b1"
        with pytest.raises(SessionCannotBeLockedError):
            client.get_queue_receiver("sessions", session_id="b").__enter__()
    with client.get_queue_receiver("sessions", session_id=NEXT_AVAILABLE_SESSION) as receiver:
        assert receiver.session.session_id == "a"


def test_a_batch_of_two_sessions_is_refused_whole(peer: ServiceBusPeer, client: ServiceBusClient) -> None:
    of_two = [ServiceBusMessage(b"", session_id=session, message_id=session) for session in ("a", "b")]
    with client.get_queue_sender("sessions") as link, pytest.raises(ServiceBusError, match="same session id"):
        link.send_messages(of_two)
    assert peer.queue.counts("sessions").active == 0


def test_receive_and_delete_needs_no_settling(
    peer: ServiceBusPeer, sender: ServiceBusSender, client: ServiceBusClient
) -> None:
    sender.send("plain", [message("one")])
    mode = ServiceBusReceiveMode.RECEIVE_AND_DELETE
    with client.get_queue_receiver("plain", receive_mode=mode) as receiver:
        only(receiver.receive_messages(max_wait_time=WAIT_SECONDS))
    assert peer.queue.counts("plain").active == 0


def test_a_message_that_no_receive_call_waits_for_is_given_back_uncounted(
    peer: ServiceBusPeer, sender: ServiceBusSender, client: ServiceBusClient
) -> None:
    with client.get_queue_receiver("plain") as receiver:
        assert receiver.receive_messages(max_wait_time=SHORT_SECONDS) == []
        sender.send("plain", [message("one")])
        wait_until(lambda: peer.queue.counts("plain").locked == 1)
    wait_until(lambda: peer.queue.counts("plain").locked == 0)
    with client.get_queue_receiver("plain") as receiver:
        assert only(receiver.receive_messages(max_wait_time=WAIT_SECONDS)).delivery_count == 0


def test_a_connection_cut_before_the_settlement_leaves_the_message_to_the_management_node(
    peer: ServiceBusPeer, sender: ServiceBusSender, client: ServiceBusClient
) -> None:
    sender.send("plain", [message("one")])
    receiver = client.get_queue_receiver("plain")
    received = only(receiver.receive_messages(max_wait_time=WAIT_SECONDS))
    peer.faults.settlements.append(Fault.CUT_BEFORE)
    receiver.complete_message(received)
    assert peer.queue.counts("plain").active == 0


def test_a_settlement_whose_answer_was_lost_is_not_done_twice(
    peer: ServiceBusPeer, sender: ServiceBusSender, client: ServiceBusClient
) -> None:
    sender.send("plain", [message("one")])
    receiver = client.get_queue_receiver("plain")
    received = only(receiver.receive_messages(max_wait_time=WAIT_SECONDS))
    peer.faults.settlements.append(Fault.CUT_AFTER)
    with pytest.raises(MessageLockLostError):
        receiver.complete_message(received)
    assert peer.queue.counts("plain").active == 0


def test_the_next_receiver_gets_a_session_that_is_cut_off(
    peer: ServiceBusPeer, sender: ServiceBusSender, client: ServiceBusClient
) -> None:
    sender.send("sessions", [message("a1", "a")])
    receiver = client.get_queue_receiver("sessions", session_id=NEXT_AVAILABLE_SESSION)
    received = only(receiver.receive_messages(max_wait_time=WAIT_SECONDS))
    peer.drop_connections()
    with pytest.raises((SessionLockLostError, ServiceBusError)):
        receiver.complete_message(received)
    with client.get_queue_receiver("sessions", session_id=NEXT_AVAILABLE_SESSION) as again:
        assert only(again.receive_messages(max_wait_time=WAIT_SECONDS)).message_id == "a1"


def test_the_management_node_schedules_as_the_annotation_does(
    peer: ServiceBusPeer, client: ServiceBusClient, clock: FakeClock
) -> None:
    with client.get_queue_sender("plain") as link:
        due = clock.now() + timedelta(minutes=5)
        [number] = link.schedule_messages(ServiceBusMessage(b"later", message_id="one"), due)
    [stored] = peer.queue.peek("plain")
    assert (stored.sequence_number, stored.message_id, stored.scheduled_for) == (number, "one", due)


def test_a_receiver_without_a_token_for_its_queue_gets_nothing(peer: ServiceBusPeer) -> None:
    peer.faults.tokens = "InvalidAudience"
    with (
        ServiceBusClient(peer.host, Credential(), use_tls=False, retry_total=0) as client,
        pytest.raises(ServiceBusError),
    ):
        client.get_queue_receiver("plain").receive_messages(max_wait_time=WAIT_SECONDS)
