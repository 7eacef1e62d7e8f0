"""What the sender does when Service Bus fails it: an exception or a success, never a message lost in silence.

The client is Microsoft's own, talking to a broker that misbehaves on command.
"""

import threading
import time
from collections.abc import Iterator

import pytest
from azure.servicebus import ServiceBusClient
from azure.servicebus.exceptions import (
    OperationTimeoutError,
    ServiceBusConnectionError,
    ServiceBusError,
    ServiceBusQuotaExceededError,
    ServiceBusServerBusyError,
)
from proton import Described

from shared.messaging import service_bus
from shared.messaging.queues import OutgoingMessage
from shared.messaging.service_bus import ServiceBusSender
from tests.conformance.queueing import message
from tests.conformance.sending import PATIENCE_SECONDS, arrived, bounded, send, sender_to
from tests.peers.amqp.frames import error
from tests.peers.servicebus import SERVER_BUSY, Credential, Fault, ServiceBusPeer

ATTEMPTS = 4
"""The library's own: one and three more."""

FRAMES_UNTIL_SENT = 10
"""Open, begin, two links for the token with a flow each, the token, the queue's link with its flow, the transfer."""

FRAMES_OF_A_SEND = FRAMES_UNTIL_SENT + 2

pytestmark = [
    pytest.mark.usefixtures("hurried", "sockets_left_open"),
    # When the broker cuts the connection, the library leaves its socket to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]


@pytest.fixture
def sender(peer: ServiceBusPeer) -> Iterator[ServiceBusSender]:
    made = sender_to(peer)
    yield made
    made.close()


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER])
def test_a_connection_that_breaks_while_sending_costs_and_doubles_nothing(
    peer: ServiceBusPeer, sender: ServiceBusSender, fault: Fault
) -> None:
    peer.faults.sends.append(fault)
    send(sender, "one", "two")
    assert arrived(peer) == ["one", "two"]
    assert peer.connections == 2


def test_a_connection_that_breaks_at_every_attempt_is_an_error_and_the_next_send_has_a_new_link(
    peer: ServiceBusPeer, sender: ServiceBusSender
) -> None:
    peer.faults.sends.extend([Fault.CUT_BEFORE] * ATTEMPTS)
    with pytest.raises(ServiceBusConnectionError):
        send(sender, "one")
    assert arrived(peer) == []
    send(sender, "one")
    assert arrived(peer) == ["one"]
    assert peer.connections == ATTEMPTS + 1


def test_a_connection_that_broke_since_the_last_send_is_opened_again(
    peer: ServiceBusPeer, sender: ServiceBusSender
) -> None:
    for number in range(3):
        send(sender, str(number))
        peer.drop_connections()
    send(sender, "last")
    assert arrived(peer) == ["0", "1", "2", "last"]


@pytest.mark.parametrize("frame", range(1, FRAMES_OF_A_SEND + 1))
def test_a_connection_may_break_before_any_frame_and_each_message_still_arrives_once(
    peer: ServiceBusPeer, sender: ServiceBusSender, frame: int
) -> None:
    peer.faults.cuts.append(frame)
    send(sender, "one", "two")
    assert arrived(peer) == ["one", "two"]
    assert peer.connections == (1 if frame > FRAMES_UNTIL_SENT else 2)


@pytest.mark.parametrize("frame", range(1, FRAMES_UNTIL_SENT + 1))
def test_connections_that_all_break_are_an_error_wherever_they_break(
    peer: ServiceBusPeer, sender: ServiceBusSender, frame: int
) -> None:
    peer.faults.cuts.extend([frame] * 100)
    with pytest.raises(ServiceBusError):
        send(sender, "one")
    assert arrived(peer) == []
    peer.faults.cuts.clear()
    send(sender, "one")
    assert arrived(peer) == ["one"]


def test_a_busy_broker_is_asked_again(peer: ServiceBusPeer, sender: ServiceBusSender) -> None:
    peer.faults.sends.extend([SERVER_BUSY] * (ATTEMPTS - 1))
    send(sender, "one")
    assert arrived(peer) == ["one"]


@pytest.mark.parametrize(
    ("reason", "raised"),
    [
        (SERVER_BUSY, ServiceBusServerBusyError),
        (error("amqp:resource-limit-exceeded", "The queue is full."), ServiceBusQuotaExceededError),
        (error("amqp:internal-error", "The service was unable to process the request."), ServiceBusError),
        (error("com.microsoft:entity-disabled", "Messaging entity is currently disabled."), ServiceBusError),
    ],
    ids=["busy", "full", "internal", "disabled"],
)
def test_a_send_that_stays_refused_is_an_error_and_the_next_one_succeeds(
    peer: ServiceBusPeer, sender: ServiceBusSender, reason: Described, raised: type[Exception]
) -> None:
    peer.faults.sends.extend([reason] * ATTEMPTS)
    with pytest.raises(raised):
        send(sender, "one")
    assert arrived(peer) == []
    peer.faults.sends.clear()
    send(sender, "one")
    assert arrived(peer) == ["one"]


def test_an_answer_that_never_comes_is_asked_for_again_and_nothing_is_doubled(peer: ServiceBusPeer) -> None:
    sender = ServiceBusSender(
        peer.host, lambda host: ServiceBusClient(host, Credential(), use_tls=False, try_timeout=1.5)
    )
    peer.faults.sends.append(Fault.NO_ANSWER)
    send(sender, "one")
    sender.close()
    assert arrived(peer) == ["one"]


def test_a_broker_that_never_answers_is_an_error_in_the_end(
    peer: ServiceBusPeer, sender: ServiceBusSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_bus, "SEND_SECONDS", 1.5)
    peer.faults.sends.extend([Fault.NO_ANSWER] * 100)
    with pytest.raises(OperationTimeoutError):
        send(sender, "one")
    opened = peer.connections
    peer.faults.sends.clear()
    send(sender, "two")
    assert peer.connections == opened + 1, "the link that did not answer was left"
    assert arrived(peer) == ["one", "two"]


def test_senders_do_not_queue_up_one_after_the_other_behind_a_broker_that_never_answers(
    peer: ServiceBusPeer, sender: ServiceBusSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_bus, "SEND_SECONDS", 1.5)
    peer.faults.sends.extend([Fault.NO_ANSWER] * 100)
    failed: list[float] = []

    def try_to_send(number: int) -> None:
        began = time.monotonic()
        with pytest.raises(OperationTimeoutError):
            sender.send("plain", [message(str(number))])
        failed.append(time.monotonic() - began)

    threads = [threading.Thread(target=try_to_send, args=(number,), daemon=True) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert len(failed) == len(threads)
    assert max(failed) < 3 * 1.5, "the turn is waited for as long as a send may take, and no longer"


def test_sending_all_again_after_a_part_was_refused_makes_each_message_arrive_once(
    peer: ServiceBusPeer, sender: ServiceBusSender
) -> None:
    of_two_sessions = [OutgoingMessage(b"{}", "a1", "a"), OutgoingMessage(b"{}", "b1", "b")]
    send(sender, "warm-up")
    peer.faults.sends.extend([Fault.CUT_AFTER, *[SERVER_BUSY] * ATTEMPTS])
    with pytest.raises(ServiceBusServerBusyError):
        bounded(lambda: sender.send("sessions", of_two_sessions))
    bounded(lambda: sender.send("sessions", of_two_sessions))
    assert sorted(arrived(peer, "sessions")) == ["a1", "b1"]


def test_links_of_two_queues_fail_apart(peer: ServiceBusPeer, sender: ServiceBusSender) -> None:
    send(sender, "one")
    peer.faults.sends.extend([SERVER_BUSY] * ATTEMPTS)
    with pytest.raises(ServiceBusServerBusyError):
        bounded(lambda: sender.send("sessions", [message("s1", "s")]))
    opened = peer.connections
    send(sender, "two")
    assert peer.connections == opened
    assert arrived(peer) == ["one", "two"]
