"""A re-pull of a step of many lists: a refused one is named, a deployment in its middle mixes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.jobs.run import run
from shared.core.errors import QueryRefused, Throttled
from shared.core.models import Scan, ScanKey, ScanStatus, StepStatus
from shared.core.operator_jobs import JobState, OperatorJob
from shared.core.partly_read import PARTLY_READ
from shared.messaging.queues import DRAFT_FINDINGS
from tests.support.collecting import FIRST, TENANT, Surroundings, collecting_scan, latest, steps_of
from tests.support.operator_jobs import body_of, now_of, repull, worked
from tests.unit.collectors.listing import (
    RESERVATIONS,
    TITLES,
    ListsOfTheirOwn,
    deployed,
    listed,
    pages_of,
    read_on,
    skus,
)

REFUSED = QueryRefused("BadRequest")


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Surroundings]:
    made, _ = listed(tmp_path)
    yield made
    made.database.dispose()


@pytest.fixture
def lists(parts: Surroundings) -> ListsOfTheirOwn:
    assert isinstance(parts.azure, ListsOfTheirOwn)
    return parts.azure


@pytest.fixture
def scan(parts: Surroundings, lists: ListsOfTheirOwn) -> Scan:
    """A scan that has ended with one list refused."""
    begun = collecting_scan(parts, [(RESERVATIONS.name, FIRST)])
    lists.refuses = {TITLES[29]: REFUSED}
    read_on(parts, begun)
    scans = parts.scans
    scans.finish(ScanKey(TENANT, begun.scan_id), ScanStatus.PARTIAL, "in part", parts.clock.now())
    scans.end_drafting(ScanKey(TENANT, begun.scan_id), parts.clock.now())
    return latest(parts, begun)


@pytest.mark.parametrize("place", [0, 7, 29])
def test_what_is_refused_this_time_is_named_and_all_else_replaced(
    parts: Surroundings, lists: ListsOfTheirOwn, scan: Scan, place: int
) -> None:
    lists.refuses = {TITLES[place]: REFUSED}
    job = worked(parts, repull(parts, scan))
    assert job.state is JobState.DONE
    (step,) = steps_of(parts, scan)
    assert skus(parts) == pages_of(*(title for title in TITLES if title != TITLES[place]))
    assert (step.status, step.status_code) == (StepStatus.SUCCEEDED, PARTLY_READ)
    assert TITLES[place] in (step.status_reason or "")
    assert latest(parts, scan).status is ScanStatus.PARTIAL


def test_once_azure_gives_the_list_the_scan_is_complete(
    parts: Surroundings, lists: ListsOfTheirOwn, scan: Scan
) -> None:
    lists.refuses = {}
    worked(parts, repull(parts, scan))
    (step,) = steps_of(parts, scan)
    assert (step.status_code, step.status_reason, step.is_read_in_full) == (None, None, True)
    assert skus(parts) == pages_of(*TITLES)
    assert latest(parts, scan).status is ScanStatus.COLLECTED


def test_a_deployment_in_the_middle_restarts_the_part(
    parts: Surroundings, lists: ListsOfTheirOwn, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists.refuses = {}
    lists.mishaps = [None, None, None, Throttled(600, "Azure Resource Manager")]
    job: OperatorJob = repull(parts, scan)
    run(parts, body_of(job))
    assert now_of(parts, job).state is JobState.WAITING
    later = (TITLES[3], TITLES[1], TITLES[0])
    monkeypatch.setattr("collectors.jobs.repull.collector", lambda _: deployed(*later))
    assert worked(parts, job).state is JobState.DONE
    assert skus(parts) == pages_of(*later)


def test_a_drafting_message_follows_each_re_pull(parts: Surroundings, lists: ListsOfTheirOwn, scan: Scan) -> None:
    lists.refuses = {}
    job = repull(parts, scan)
    parts.outbox.sent.clear()
    run(parts, body_of(job))
    (message,) = parts.outbox.of(DRAFT_FINDINGS.name)
    assert message.message_id != f"{scan.scan_id}:draft:1"
    parts.time.sleep(3600)
    assert [one.scan_id for one in parts.scans.undrafted(parts.clock.now())] == [scan.scan_id]
