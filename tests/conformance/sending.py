"""A sender of Microsoft's client to a broker that misbehaves, and sends that may hang no test."""

import threading
from collections.abc import Callable

from azure.core.exceptions import AzureError
from azure.servicebus import ServiceBusClient

from shared.messaging.service_bus import ServiceBusSender
from tests.conformance.queueing import message
from tests.peers.servicebus import Credential, ServiceBusPeer

PATIENCE_SECONDS = 20


def sender_to(peer: ServiceBusPeer) -> ServiceBusSender:
    """Who has it closes it."""
    return ServiceBusSender(peer.host, lambda host: ServiceBusClient(host, Credential(), use_tls=False, try_timeout=5))


def bounded(work: Callable[[], None]) -> None:
    """Does it, and fails when it hangs."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except (AzureError, ValueError) as problem:
            raised.append(problem)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive(), "the send hangs"
    if raised:
        raise raised[0]


def send(sender: ServiceBusSender, *message_ids: str) -> None:
    bounded(lambda: sender.send("plain", [message(message_id) for message_id in message_ids]))


def arrived(peer: ServiceBusPeer, queue: str = "plain") -> list[str]:
    return [stored.message_id for stored in peer.queue.peek(queue, 1000)]
