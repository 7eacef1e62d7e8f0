"""The sender with Microsoft's own messages and batches, without a network."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from azure.core.credentials import AccessToken
from azure.servicebus import ServiceBusClient, ServiceBusMessage, ServiceBusMessageBatch
from azure.servicebus import ServiceBusSender as Link
from azure.servicebus.exceptions import MessageSizeExceededError, ServiceBusConnectionError

from shared.messaging.queues import MAX_MESSAGE_BYTES, OutgoingMessage
from shared.messaging.service_bus import IDLE_SECONDS, ServiceBusSender, as_service_bus_message, connect
from tests.support.clock import START, FakeClock
from tests.support.key_vault_double import Identity

NAMESPACE = "caleta.servicebus.windows.net"


class NoCredential:
    """Would be asked for a token if anything were sent."""

    def get_token(self, *scopes: str, **options: object) -> AccessToken:
        raise AssertionError(f"a token was asked for: {scopes} {options}")


class RecordingLink(Link):
    """Keeps what it is to send; fails as often as `failures` says."""

    def __init__(self, queue: str, failures: list[Exception]) -> None:
        super().__init__(NAMESPACE, NoCredential(), queue_name=queue)
        self.sent: list[list[ServiceBusMessage]] = []
        self.busy = threading.Lock()
        self.failures = failures
        self.was_closed = False
        self.timeouts: list[float | None] = []

    def create_message_batch(self, max_size_in_bytes: int | None = None) -> ServiceBusMessageBatch:
        return ServiceBusMessageBatch(max_size_in_bytes or MAX_MESSAGE_BYTES)

    def send_messages(self, message: object, *, timeout: float | None = None, **_: object) -> None:
        self.timeouts.append(timeout)
        assert self.busy.acquire(blocking=False), "two threads use one link at once"
        try:
            time.sleep(0.001)  # long enough for another thread to come by
            if self.failures:
                raise self.failures.pop(0)
            assert isinstance(message, ServiceBusMessageBatch)
            self.sent.append(list(message._messages))
        finally:
            self.busy.release()

    def close(self) -> None:
        self.was_closed = True


class RecordingClient(ServiceBusClient):
    """Gives out recording links."""

    def __init__(self, failures: list[Exception]) -> None:
        super().__init__(NAMESPACE, NoCredential())
        self.failures = failures
        self.links: list[RecordingLink] = []

    def get_queue_sender(self, queue_name: str, **_: object) -> Link:
        self.links.append(RecordingLink(queue_name, self.failures))
        self._handlers.add(self.links[-1])
        return self.links[-1]


IDLE_TIMES = [(IDLE_SECONDS, 1), (IDLE_SECONDS + 1, 2)]


@pytest.mark.parametrize(("idle_seconds", "links"), IDLE_TIMES)
def test_a_link_that_service_bus_is_about_to_close_is_opened_again(idle_seconds: float, links: int) -> None:
    client, clock = RecordingClient([]), FakeClock()
    sender = ServiceBusSender(NAMESPACE, lambda _: client, lambda: clock.now().timestamp())
    sender.send("one", [OutgoingMessage(b"{}", "1")])
    clock.sleep(idle_seconds)
    sender.send("one", [OutgoingMessage(b"{}", "2")])
    assert [link.was_closed for link in client.links] == [True] * (links - 1) + [False]


class RecordingSender(ServiceBusSender):
    def __init__(self, failures: list[Exception] | None = None) -> None:
        super().__init__(NAMESPACE, self.connected)
        self.client = RecordingClient(failures or [])
        self.connections = 0

    def connected(self, namespace: str) -> ServiceBusClient:
        assert namespace == NAMESPACE
        self.connections += 1
        return self.client

    def sent_ids(self) -> list[list[str | None]]:
        return [[message.message_id for message in batch] for link in self.client.links for batch in link.sent]


def message(message_id: str, session_id: str | None = None, body: bytes = b"{}") -> OutgoingMessage:
    return OutgoingMessage(body, message_id, session_id)


def test_a_message_keeps_all_that_it_is_made_of() -> None:
    later = START + timedelta(minutes=5)
    made = as_service_bus_message(OutgoingMessage(b'{"a": 1}', "step:2", "tenant", later, "why", "collect-costs"))
    assert b"".join(made.body) == b'{"a": 1}'
    assert (made.message_id, made.session_id) == ("step:2", "tenant")
    assert made.scheduled_enqueue_time_utc == later
    assert made.application_properties == {"DeadLetterReason": "why", "DeadLetterSource": "collect-costs"}
    assert made.content_type == "application/json"


@pytest.mark.parametrize("message_id", ["", "x" * 129])
def test_a_message_id_is_never_made_up_and_never_cut(message_id: str) -> None:
    with pytest.raises(ValueError, match="1 to 128"):
        as_service_bus_message(message(message_id))


def test_what_a_message_lacks_is_not_sent_as_empty() -> None:
    made = as_service_bus_message(message("one"))
    assert (made.session_id, made.scheduled_enqueue_time_utc, made.application_properties) == (None, None, {})


def test_many_messages_travel_together() -> None:
    sender = RecordingSender()
    sender.send("scan-requests", [message(str(number)) for number in range(100)])
    assert sender.sent_ids() == [[str(number) for number in range(100)]]


def test_what_does_not_fit_in_one_transfer_is_sent_in_the_next_in_order() -> None:
    sender = RecordingSender()
    sender.send("collect-costs", [message(str(number), body=bytes(100_000)) for number in range(5)])
    assert sender.sent_ids() == [["0", "1"], ["2", "3"], ["4"]]


def test_each_session_has_its_own_transfer() -> None:
    sender = RecordingSender()
    sender.send("collect-costs", [message("a1", "a"), message("a2", "a"), message("b1", "b")])
    assert sender.sent_ids() == [["a1", "a2"], ["b1"]]


def test_nothing_is_sent_when_one_message_is_too_large() -> None:
    sender = RecordingSender()
    with pytest.raises(MessageSizeExceededError):
        sender.send("q", [message("fits", "a"), message("too large", "b", bytes(MAX_MESSAGE_BYTES))])
    assert sender.sent_ids() == []


def test_an_empty_list_sends_nothing() -> None:
    sender = RecordingSender()
    sender.send("q", [])
    assert sender.sent_ids() == []


def test_one_client_and_one_link_a_queue_serve_all_sends() -> None:
    sender = RecordingSender()
    for queue in ("a", "b", "a", "b"):
        sender.send(queue, [message("one")])
    assert sender.connections == 1
    assert [link.entity_name for link in sender.client.links] == ["a", "b"]


def test_an_error_is_raised_and_the_next_send_opens_a_new_link() -> None:
    sender = RecordingSender([ServiceBusConnectionError(message="connection lost")])
    with pytest.raises(ServiceBusConnectionError):
        sender.send("q", [message("one")])
    sender.send("q", [message("one")])
    assert [link.was_closed for link in sender.client.links] == [True, False]
    assert sender.sent_ids() == [["one"]]


def in_threads(count: int, work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_threads_take_turns_on_a_link() -> None:
    sender = RecordingSender()
    in_threads(16, lambda number: sender.send("q", [message(str(number))]))
    assert sorted(batch[0] or "" for batch in sender.sent_ids()) == sorted(map(str, range(16)))
    assert len(sender.client.links) == 1


def test_a_closed_sender_reconnects() -> None:
    sender = RecordingSender()
    sender.send("q", [message("one")])
    sender.close()
    assert sender.client.links[0].was_closed
    sender.send("q", [message("two")])
    assert sender.connections == 2


def test_no_wait_of_a_send_is_without_end() -> None:
    sender = RecordingSender()
    sender.send("q", [message("one")])
    assert sender.client.links[0].timeouts == [60.0]
    client = connect(NAMESPACE, Identity())
    assert client._config.try_timeout == 20.0
    client.close()


def test_the_namespace_is_spoken_to_as_the_identity_that_was_given() -> None:
    identity = Identity()
    client = connect(NAMESPACE, identity)
    assert client.fully_qualified_namespace == NAMESPACE
    assert client._credential is identity
    client.close()
