"""One list that Azure refuses does not keep the others from being read; it is named, never taken for nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.scan.finish import ending
from shared.core.coverage import coverage
from shared.core.errors import CaletaError, NotOffered, PermissionMissing, QueryRefused
from shared.core.models import Scan, ScanStatus, StepStatus
from shared.core.partly_read import PARTLY_READ
from tests.support.collecting import FIRST, Surroundings, collecting_scan
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

MARIADB = "MariaDB, shared scope, last 30 days"
REFUSALS = [QueryRefused("BadRequest"), NotOffered("OfferNotSupported", "Azure does not offer this.")]


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[tuple[Surroundings, ListsOfTheirOwn]]:
    parts, azure = listed(tmp_path)
    yield parts, azure
    parts.database.dispose()


@pytest.fixture
def parts(azure: tuple[Surroundings, ListsOfTheirOwn]) -> Surroundings:
    return azure[0]


@pytest.fixture
def lists(azure: tuple[Surroundings, ListsOfTheirOwn]) -> ListsOfTheirOwn:
    return azure[1]


@pytest.fixture
def scan(parts: Surroundings) -> Scan:
    return collecting_scan(parts, [(RESERVATIONS.name, FIRST)])


@pytest.mark.parametrize("refused", [TITLES[0], TITLES[1], TITLES[14], MARIADB])
@pytest.mark.parametrize("refusal", REFUSALS, ids=["400", "not offered"])
def test_every_other_list_is_read_and_the_refused_one_named(
    parts: Surroundings, lists: ListsOfTheirOwn, scan: Scan, refusal: CaletaError, refused: str
) -> None:
    lists.refuses = {refused: refusal}
    step = read_on(parts, scan)
    assert skus(parts) == pages_of(*(title for title in TITLES if title != refused))
    assert (step.status, step.status_code, step.is_read_in_full) == (StepStatus.SUCCEEDED, PARTLY_READ, False)
    said = step.status_reason or ""
    assert said.startswith("1 of 30 lists was not read; its content is unknown.")
    assert refused in said
    assert said.endswith("Azure refused our query (BadRequest)." if refusal is REFUSALS[0] else "does not offer this.")


def test_the_scan_does_not_say_that_all_was_read(parts: Surroundings, lists: ListsOfTheirOwn, scan: Scan) -> None:
    lists.refuses = {MARIADB: REFUSALS[0]}
    step = read_on(parts, scan)
    status, reason = ending([step])
    assert status is ScanStatus.PARTIAL
    assert reason == "1 of 1 datasets is incomplete. 0 of 1 subscription was read in full."
    (subscription,) = coverage([step]).subscriptions
    assert subscription.sentences == (f"Reservations: read in part. {step.status_reason}",)


def test_many_refused_lists_are_named_by_their_reason_and_counted(
    parts: Surroundings, lists: ListsOfTheirOwn, scan: Scan
) -> None:
    shared = [title for title in TITLES if "shared" in title]
    lists.refuses = dict.fromkeys(shared, REFUSALS[0])
    step = read_on(parts, scan)
    assert len(skus(parts)) == 30
    said = step.status_reason or ""
    assert said.startswith("15 of 30 lists were not read")
    assert "; and 11 more: Azure refused our query (BadRequest)." in said
    assert len(said) < 600


@pytest.mark.parametrize(("refusal", "status"), [(REFUSALS[0], StepStatus.FAILED), (REFUSALS[1], StepStatus.SKIPPED)])
def test_a_subscription_of_which_all_is_refused_is_asked_three_times_and_ends_so(
    parts: Surroundings, lists: ListsOfTheirOwn, scan: Scan, refusal: CaletaError, status: StepStatus
) -> None:
    lists.refuses = dict.fromkeys(TITLES, refusal)
    step = read_on(parts, scan)
    assert (step.status, step.rows, len(lists.asked)) == (status, 0, 3)


def test_lists_without_a_single_recommendation_are_not_a_refusal(
    parts: Surroundings, lists: ListsOfTheirOwn, scan: Scan
) -> None:
    known = deployed(*TITLES[:2])
    lists.refuses = dict.fromkeys(TITLES[:2], REFUSALS[1])
    assert read_on(parts, scan, known).status is StepStatus.SKIPPED


def test_a_missing_role_still_ends_the_step(parts: Surroundings, lists: ListsOfTheirOwn, scan: Scan) -> None:
    lists.refuses = {TITLES[5]: PermissionMissing("Reader", "/subscriptions/x", "AuthorizationFailed")}
    assert read_on(parts, scan).status is StepStatus.BLOCKED


def test_a_refused_query_alerts_an_engineer_though_the_step_continues(
    parts: Surroundings, lists: ListsOfTheirOwn, scan: Scan, caplog: pytest.LogCaptureFixture
) -> None:
    lists.refuses = {MARIADB: REFUSALS[0]}
    read_on(parts, scan)
    (line,) = [record.getMessage() for record in caplog.records if "alert=query-refused" in record.getMessage()]
    assert f"scan={scan.scan_id}" in line
    assert MARIADB in line


def test_a_worker_that_dies_after_a_refusal_forgets_neither_it_nor_the_pages(
    parts: Surroundings, lists: ListsOfTheirOwn, scan: Scan
) -> None:
    lists.refuses = {TITLES[1]: REFUSALS[0]}
    lists.mishaps = [None, None, None, MemoryError()]
    with pytest.raises(MemoryError):
        read_on(parts, scan)
    step = read_on(parts, scan)
    assert skus(parts) == pages_of(TITLES[0], *TITLES[2:])
    assert (step.status_code, lists.asked.count(TITLES[1])) == (PARTLY_READ, 1)
