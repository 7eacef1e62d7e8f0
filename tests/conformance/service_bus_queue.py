"""Microsoft's client library as the contracts see a queue; sending is the app's own ServiceBusSender."""

import uuid
from dataclasses import replace

from azure.servicebus import (
    NEXT_AVAILABLE_SESSION,
    ServiceBusClient,
    ServiceBusReceivedMessage,
    ServiceBusReceiver,
    ServiceBusSubQueue,
)
from azure.servicebus.exceptions import OperationTimeoutError

from local.queue import LockedMessage, LockedSession, QueueCounts, StoredMessage
from shared.messaging.queues import OutgoingMessage
from shared.messaging.service_bus import ServiceBusSender
from tests.conformance.received import as_locked, as_stored, refusals
from tests.peers.servicebus import Credential, ServiceBusPeer

LOOKS = (0.25, 0.1)
"""How long to wait for a message, twice: what arrives while the first wait ends is found by the second."""


class ServiceBusQueue:
    """A ContractQueue over the wire."""

    def __init__(self, peer: ServiceBusPeer) -> None:
        self._peer = peer
        self._client = ServiceBusClient(peer.host, Credential(), use_tls=False, retry_total=0)
        self._sender = ServiceBusSender(peer.host, lambda host: ServiceBusClient(host, Credential(), use_tls=False))
        self._receivers: dict[str, ServiceBusReceiver] = {}
        self._sessions: dict[str, ServiceBusReceiver] = {}
        self._held: dict[str, tuple[ServiceBusReceiver, ServiceBusReceivedMessage]] = {}

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None:
        with refusals():
            self._sender.send(queue, messages)

    def check_connection(self, queue: str) -> None:
        with refusals():
            self._sender.check_connection(queue)

    def receive(self, queue: str) -> LockedMessage | None:
        if queue not in self._receivers:
            with refusals():  # Opened first: the short wait for a message must not count the opening of the link.
                self._receivers[queue] = self._client.get_queue_receiver(queue).__enter__()
        return self._take(self._receivers[queue], queue)

    def accept_next_session(self, queue: str) -> LockedSession | None:
        receiver = self._client.get_queue_receiver(queue, session_id=NEXT_AVAILABLE_SESSION, max_wait_time=0.2)
        with refusals():
            try:
                receiver.__enter__()
            except OperationTimeoutError:
                return None
        session, lock = receiver.session, str(uuid.uuid4())
        assert session.locked_until_utc is not None
        self._sessions[lock] = receiver
        return LockedSession(queue, session.session_id, lock, session.locked_until_utc)

    def receive_from_session(self, session: LockedSession) -> LockedMessage | None:
        return self._take(self._sessions[session.lock_token], session.queue)

    def renew_session_lock(self, session: LockedSession) -> LockedSession:
        with refusals():
            return replace(session, locked_until=self._sessions[session.lock_token].session.renew_lock())

    def release_session(self, session: LockedSession) -> None:
        self._sessions[session.lock_token].close()

    def complete(self, message: LockedMessage) -> None:
        receiver, held = self._held[message.lock_token]
        with refusals():
            receiver.complete_message(held)

    def abandon(self, message: LockedMessage) -> None:
        receiver, held = self._held[message.lock_token]
        with refusals():
            receiver.abandon_message(held)

    def dead_letter(self, message: LockedMessage, reason: str, description: str = "") -> None:
        receiver, held = self._held[message.lock_token]
        with refusals():
            receiver.dead_letter_message(held, reason, description)

    def renew_lock(self, message: LockedMessage) -> LockedMessage:
        receiver, held = self._held[message.lock_token]
        with refusals():
            return replace(message, locked_until=receiver.renew_message_lock(held))

    def counts(self, queue: str) -> QueueCounts:
        """As the portal would show them: no part of the wire protocol."""
        return self._peer.queue.counts(queue)

    def peek(self, queue: str, limit: int = 100, *, dead_lettered: bool = False) -> list[StoredMessage]:
        sub_queue = ServiceBusSubQueue.DEAD_LETTER if dead_lettered else None
        with self._client.get_queue_receiver(queue, sub_queue=sub_queue) as receiver:
            return [as_stored(found, queue) for found in receiver.peek_messages(limit)]

    def close(self) -> None:
        self._sender.close()
        self._client.close()

    def _take(self, receiver: ServiceBusReceiver, queue: str) -> LockedMessage | None:
        with refusals():
            for seconds in LOOKS:
                for received in receiver.receive_messages(max_wait_time=seconds):
                    self._held[str(received.lock_token)] = (receiver, received)
                    session_until = receiver.session.locked_until_utc if receiver.session else None
                    return as_locked(received, queue, session_until)
            receiver._amqp_transport.reset_link_credit(receiver._handler, 0)  # type: ignore[no-untyped-call]
        return None
