from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import azure.functions as func
import pytest

from collectors.blueprint import handle
from shared import wiring
from shared.core.errors import AzureUnavailable, BadMessage
from shared.messaging.handler import PAUSE_SECONDS
from shared.messaging.queues import DEAD_LETTERS, SCAN_REQUESTS, OutgoingMessage
from shared.wiring import Services
from tests.support.clock import START, FakeClock


@dataclass
class SentMessages:
    """A queue that remembers."""

    sent: list[tuple[str, OutgoingMessage]] = field(default_factory=list)

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None:
        self.sent += [(queue, message) for message in messages]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def queues(clock: FakeClock) -> Iterator[SentMessages]:
    made = SentMessages()
    wiring.use(cast(Services, SimpleNamespace(queues=made, clock=clock)))
    yield made
    wiring.use(None)


def message(body: bytes) -> func.ServiceBusMessage:
    given = SimpleNamespace(
        get_body=lambda: body,
        sequence_number=42,
        delivery_count=1,
        enqueued_time_utc=None,
        application_properties=None,
    )
    return cast(func.ServiceBusMessage, given)


def refuse(_: Services, __: bytes) -> None:
    raise BadMessage("ScanMessage: scan_id cannot be used")


def fail(_: Services, __: bytes) -> None:
    raise AzureUnavailable("503")


def test_the_work_gets_the_bytes_of_the_message(queues: SentMessages) -> None:
    bodies: list[bytes] = []
    handle(SCAN_REQUESTS, message(b"{}"), lambda _, body: bodies.append(body))
    assert bodies == [b"{}"]
    assert queues.sent == []


def test_a_message_that_cannot_be_understood_is_set_aside_with_its_reason(queues: SentMessages) -> None:
    handle(SCAN_REQUESTS, message(b"\xff"), refuse)
    expected = OutgoingMessage(
        body=b"\xff",
        message_id="scan-requests:42",
        dead_letter_reason="ScanMessage: scan_id cannot be used",
        dead_letter_source="scan-requests",
    )
    assert queues.sent == [(DEAD_LETTERS.name, expected)]


def test_any_other_trouble_is_the_hosts_to_see_after_a_pause(queues: SentMessages, clock: FakeClock) -> None:
    with pytest.raises(AzureUnavailable):
        handle(SCAN_REQUESTS, message(b"{}"), fail)
    assert queues.sent == []
    assert clock.now() == START + timedelta(seconds=PAUSE_SECONDS)


def test_the_pauses_of_all_deliveries_outlast_a_minute() -> None:
    assert PAUSE_SECONDS * SCAN_REQUESTS.max_delivery_count > 60
