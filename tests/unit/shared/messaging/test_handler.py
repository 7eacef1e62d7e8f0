"""A database that stays away costs time, not messages: the work is sent again for later, as it was."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest

from shared import wiring
from shared.messaging.handler import DATABASE_AWAY_DELAY, handle
from shared.messaging.queues import (
    DEAD_LETTER_REASON_PROPERTY,
    DEAD_LETTER_SOURCE_PROPERTY,
    DEAD_LETTERS,
    OutgoingMessage,
    Queue,
    collector_queue,
)
from shared.sql.engine.retries import CommitUnknown
from shared.wiring import Services
from tests.support.clock import START, FakeClock
from tests.unit.shared.sql.engine.test_sql_faults import error

COSTS = collector_queue("costs", requires_session=True)
AWAY, DEADLOCK, MISTAKE = 40613, 1205, 207


@dataclass(frozen=True)
class Received:
    """A message as the host hands it over."""

    session_id: str | None = "tenant"
    dead_letter_source: str | None = None
    application_properties: dict[str, str] | None = None
    sequence_number: int = 42
    delivery_count: int = 1
    enqueued_time_utc: datetime = datetime(2026, 11, 23, tzinfo=UTC)

    def get_body(self) -> bytes:
        return b"{}"


@dataclass
class Sent:
    """A queue that remembers, or that is away as well."""

    messages: list[tuple[str, OutgoingMessage]] = field(default_factory=list)
    is_away: bool = False

    def send(self, queue: str, messages: list[OutgoingMessage]) -> None:
        if self.is_away:
            raise ConnectionError
        self.messages += [(queue, message) for message in messages]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def sent(clock: FakeClock) -> Iterator[Sent]:
    made = Sent()
    wiring.use(cast(Services, SimpleNamespace(queues=made, clock=clock)))
    yield made
    wiring.use(None)


def work(queue: Queue, received: Received, failure: Exception) -> None:
    def fails(_: Services, __: bytes) -> None:
        raise failure

    handle(queue, received, fails)


@pytest.mark.parametrize("failure", [error(AWAY), CommitUnknown("the connection broke")])
def test_work_that_meets_no_database_is_done_later_in_its_session(sent: Sent, failure: Exception) -> None:
    work(COSTS, Received(), failure)
    ((queue, again),) = sent.messages
    assert (queue, again.body, again.session_id) == (COSTS.name, b"{}", "tenant")
    assert again.scheduled_for == START + DATABASE_AWAY_DELAY
    assert again.message_id == "collect-costs:42:later"


def test_the_next_copy_is_no_duplicate_of_this_one(sent: Sent) -> None:
    work(COSTS, Received(), error(AWAY))
    work(COSTS, Received(sequence_number=43), error(AWAY))
    first, second = (message.message_id for _, message in sent.messages)
    assert first != second


@pytest.mark.parametrize(
    "received",
    [
        Received(None, None, {DEAD_LETTER_REASON_PROPERTY: "poison", DEAD_LETTER_SOURCE_PROPERTY: COSTS.name}),
        Received(None, COSTS.name, {DEAD_LETTER_REASON_PROPERTY: "poison"}),
    ],
)
def test_a_dead_letter_keeps_its_reason_and_its_place(sent: Sent, received: Received) -> None:
    work(DEAD_LETTERS, received, error(AWAY))
    ((_, again),) = sent.messages
    assert (again.dead_letter_reason, again.dead_letter_source) == ("poison", COSTS.name)


@pytest.mark.parametrize("number", [DEADLOCK, MISTAKE])
def test_a_lock_and_a_mistake_are_the_hosts_to_see(sent: Sent, number: int) -> None:
    failure = error(number)
    with pytest.raises(type(failure)):
        work(COSTS, Received(), failure)
    assert sent.messages == []


def test_where_the_queue_is_away_too_the_message_is_given_back(sent: Sent) -> None:
    sent.is_away = True
    with pytest.raises(ConnectionError):
        work(COSTS, Received(), error(AWAY))


@pytest.mark.usefixtures("sent")
def test_the_log_says_how_long_it_waits(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        work(COSTS, Received(), error(AWAY))
    (line,) = (record.getMessage() for record in caplog.records)
    assert line.startswith("event=database-unavailable")
    assert "queue=collect-costs" in line
    assert "seconds=360.0" in line
