"""Each wait, retry, redelivery and outcome is one line of the log, with scan, step, collector, attempt and reason."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from collectors.dead_letters import record
from collectors.jobs.run import run as run_job
from collectors.scan import step_work
from collectors.scan.run import collect
from collectors.scan.sweep import sweep
from shared import wiring
from shared.core.errors import (
    AzureUnavailable,
    BadMessage,
    ConfigurationError,
    ConsentRevoked,
    EntraUnavailable,
    LocallyThrottled,
    NoDataYet,
    NotOffered,
    PermissionMissing,
    QueryRefused,
    Throttled,
    UnexpectedPayload,
)
from shared.core.models import Scan
from shared.messaging import handler
from shared.messaging.queues import collector_queue
from tests.support.collecting import FIRST, TENANT, Surroundings, step_body, steps_of
from tests.support.operator_jobs import body_of, read_scan, repull
from tests.unit.collectors.costs_scan import COSTS, first, run_first, scan_of_costs

COSTS_QUEUE = collector_queue(COSTS.name, COSTS.requires_session)
LINE = re.compile(r"(?:alert=\S+ )?event=(\S+) scan=(\S+) step=(\S+) collector=(\S+) attempt=(\S+) .*?reason=(.+)")
Act = Callable[[Surroundings, Scan], None]


@pytest.fixture(autouse=True)
def told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")


@pytest.fixture
def installed(parts: Surroundings) -> Iterator[None]:
    wiring.use(parts)
    yield
    wiring.use(None)


def mishap(*errors: BaseException) -> Act:
    """Azure has these mishaps, one a call."""

    def act(parts: Surroundings, scan: Scan) -> None:
        parts.azure.mishaps = list(errors)
        with suppress(ZeroDivisionError):
            run_first(parts, scan)

    return act


def again(parts: Surroundings, scan: Scan) -> None:
    """The message of a step that has ended comes once more."""
    run_first(parts, scan)
    collect(parts, COSTS, step_body(first(parts, scan)))


def too_early(parts: Surroundings, scan: Scan) -> None:
    """The message of a step that waits for a later one."""
    mishap(Throttled(600, "Cost Management"))(parts, scan)
    collect(parts, COSTS, step_body(first(parts, scan)))


def held(parts: Surroundings, scan: Scan) -> None:
    """The message of a step that another worker is at."""
    parts.steps.claim(TENANT, first(parts, scan).step_id, parts.time.now(), 300)
    collect(parts, COSTS, step_body(first(parts, scan)))


def after_the_end(parts: Surroundings, scan: Scan) -> None:
    """The message of a step whose scan was cancelled."""
    parts.scans.cancel_running(TENANT, scan.user_object_id, "disconnected", parts.time.now())
    collect(parts, COSTS, step_body(first(parts, scan)))


def swept(parts: Surroundings, scan: Scan) -> None:  # noqa: ARG001 - all are called alike
    """A step whose message was lost."""
    parts.time.sleep(3600)
    sweep(parts)


def died(parts: Surroundings, scan: Scan) -> None:
    """A message that no one could process."""
    record(parts, step_body(first(parts, scan)), "MaxDeliveryCountExceeded", COSTS_QUEUE.name)


def handed_over(parts: Surroundings, scan: Scan) -> None:
    """A step that takes longer than one message may."""
    with patch.object(step_work, "WORK_SECONDS", -1):
        run_first(parts, scan)


KINDS: dict[str, tuple[str, Act]] = {
    "a short wait": ("step-throttled", mishap(Throttled(3, "Cost Management"))),
    "a long wait": ("step-postponed", mishap(Throttled(600, "Cost Management"))),
    "a wait for our turn": ("step-postponed", mishap(LocallyThrottled(53, "Cost Management"))),
    "a retry after a fault of Azure's": ("step-postponed", mishap(AzureUnavailable("reset"))),
    "a retry after a fault of Entra's": ("step-postponed", mishap(EntraUnavailable("down"))),
    "a retry where there is no data yet": ("step-postponed", mishap(NoDataYet("DataProviderReturnsNull"))),
    "a wait for our settings": ("step-postponed", mishap(ConfigurationError("the certificate has expired"))),
    "a simpler query": ("step-simplified", mishap(QueryRefused("BadRequest"))),
    "blocked": ("step-blocked", mishap(PermissionMissing("Reader", "/subscriptions/x", "RBACAccessDenied"))),
    "a lost consent": ("step-blocked", mishap(ConsentRevoked("invalid_grant"))),
    "skipped": ("step-skipped", mishap(NotOffered("OfferNotSupported", "Azure does not offer this."))),
    "failed": ("step-failed", mishap(UnexpectedPayload("odd"))),
    "our fault": ("step-interrupted", mishap(ZeroDivisionError())),
    "redelivered after its end": ("step-ended-before", again),
    "delivered too early": ("step-scheduled", too_early),
    "delivered to two": ("step-leased", held),
    "delivered after the scan's end": ("step-abandoned", after_the_end),
    "lost": ("step-resent", swept),
    "dead": ("message-dead-lettered", died),
    "a message's time is up": ("step-handed-over", handed_over),
}


def lines(caplog: pytest.LogCaptureFixture, event: str) -> list[str]:
    return [one.getMessage() for one in caplog.records if f"event={event} " in one.getMessage()]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_one_line_with_all_its_words(parts: Surroundings, caplog: pytest.LogCaptureFixture, kind: str) -> None:
    event, act = KINDS[kind]
    scan = scan_of_costs(parts)
    step = steps_of(parts, scan)[0]
    act(parts, scan)
    (line,) = [one for one in lines(caplog, event) if f"step={step.step_id} " in one]
    found = LINE.fullmatch(line)
    assert found is not None, line
    assert found.groups()[:4] == (event, scan.scan_id, str(step.step_id), "costs")
    assert found.group(5).isdecimal()
    assert len(found.group(6)) > 2


@dataclass(frozen=True)
class Received:
    """A message as the host hands it over."""

    body: bytes
    delivery_count: int = 1
    sequence_number: int = 7
    enqueued_time_utc: datetime = datetime(2026, 11, 23, tzinfo=UTC)
    application_properties: None = None
    session_id: None = None
    dead_letter_source: None = None

    def get_body(self) -> bytes:
        return self.body


def nothing(*_: object) -> None:
    """All is well."""


def refuses(*_: object) -> None:
    raise BadMessage("step 1 is not of this queue")


def breaks(*_: object) -> None:
    raise ZeroDivisionError


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("event", "delivery", "work"),
    [("message-redelivered", 2, nothing), ("message-rejected", 1, refuses), ("message-failed", 1, breaks)],
)
def test_what_becomes_of_a_message_is_one_line_that_names_its_step(
    parts: Surroundings, caplog: pytest.LogCaptureFixture, event: str, delivery: int, work: Callable[..., None]
) -> None:
    scan = scan_of_costs(parts)
    step = first(parts, scan)
    with suppress(ZeroDivisionError):
        handler.handle(COSTS_QUEUE, Received(step_body(step, attempt=3), delivery), work)
    (line,) = lines(caplog, event)
    found = LINE.fullmatch(line)
    assert found is not None, line
    assert found.groups()[:3] == (event, scan.scan_id, str(step.step_id))
    assert found.group(5) == "3"


@pytest.mark.usefixtures("installed")
def test_a_first_delivery_is_no_redelivery(parts: Surroundings, caplog: pytest.LogCaptureFixture) -> None:
    handler.handle(COSTS_QUEUE, Received(step_body(first(parts, scan_of_costs(parts)))), nothing)
    assert lines(caplog, "message-redelivered") == []


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ("job-throttled", Throttled(3, "Cost Management")),
        ("job-postponed", Throttled(600, "Cost Management")),
        ("job-request-skipped", PermissionMissing("Reader", "/subscriptions/x", "AuthorizationFailed")),
        ("job-refused", ConsentRevoked("invalid_grant")),
        ("job-interrupted", ZeroDivisionError()),
        ("job-done", None),
    ],
)
def test_what_becomes_of_an_operators_job_is_one_line_too(
    parts: Surroundings, caplog: pytest.LogCaptureFixture, event: str, error: BaseException | None
) -> None:
    scan = read_scan(parts, FIRST)
    job = repull(parts, scan)
    parts.azure.mishaps = [error]
    with suppress(ZeroDivisionError):
        run_job(parts, body_of(job))
    (line,) = lines(caplog, event)
    found = LINE.fullmatch(line)
    assert found is not None, line
    assert (found.group(2), found.group(5)) == (scan.scan_id, "1")
    assert f"job={job.job_id}" in line
