"""A deployment changes what a collector asks while its steps are under way: each list is stored once all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from collectors.base import Collector, plan_key
from collectors.registry import COLLECTORS
from shared.core.errors import Throttled
from shared.core.models import Scan, StepStatus
from shared.sql.schema.tables import steps
from tests.support.collecting import FIRST, Surroundings, collecting_scan, steps_of
from tests.unit.collectors.listing import (
    CONTEXT,
    RESERVATIONS,
    TITLES,
    ListsOfTheirOwn,
    deployed,
    listed,
    pages_of,
    read_on,
    skus,
)

EARLIER = TITLES[:4]
LATER = {
    "in another order": (TITLES[2], TITLES[0], TITLES[3], TITLES[1]),
    "with one more at the beginning": (TITLES[9], *EARLIER),
    "with one more at the end": (*EARLIER, TITLES[9]),
    "without the one under way": (TITLES[0], TITLES[3]),
    "with one only": (TITLES[3],),
}


class Stopped(Exception):
    """The worker of the earlier version has ended."""


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Surroundings]:
    made, _ = listed(tmp_path)
    yield made
    made.database.dispose()


@pytest.fixture
def scan(parts: Surroundings) -> Scan:
    return collecting_scan(parts, [(RESERVATIONS.name, FIRST)])


def read_by_the_earlier(parts: Surroundings, scan: Scan, pages: int) -> None:
    """So many pages, then its process ends."""
    azure = parts.azure
    assert isinstance(azure, ListsOfTheirOwn)
    azure.mishaps = [*[None] * pages, Stopped()]
    with pytest.raises(Stopped):
        read_on(parts, scan, deployed(*EARLIER))
    azure.mishaps = []


@pytest.mark.parametrize("pages", [0, 1, 3, 4, 7])
@pytest.mark.parametrize("later", LATER)
def test_what_the_later_version_asks_for_is_there_once(parts: Surroundings, scan: Scan, later: str, pages: int) -> None:
    read_by_the_earlier(parts, scan, pages)
    step = read_on(parts, scan, deployed(*LATER[later]))
    assert step.status is StepStatus.SUCCEEDED
    assert skus(parts) == pages_of(*LATER[later])
    assert (step.pages, step.rows) == (2 * len(LATER[later]), 2 * len(LATER[later]))


def test_the_same_version_continues_where_the_step_stopped(parts: Surroundings, scan: Scan) -> None:
    read_by_the_earlier(parts, scan, 3)
    step = read_on(parts, scan, deployed(*EARLIER))
    assert (step.status, skus(parts)) == (StepStatus.SUCCEEDED, pages_of(*EARLIER))
    assert len(parts.azure.calls) == 3 + 1 + 5


def test_a_step_of_a_version_that_kept_no_key_restarts(parts: Surroundings, scan: Scan) -> None:
    read_by_the_earlier(parts, scan, 3)
    with parts.database.system_transaction() as connection:
        connection.execute(update(steps).values(plan_key=None))
    step = read_on(parts, scan, deployed(*EARLIER))
    assert (step.status, skus(parts)) == (StepStatus.SUCCEEDED, pages_of(*EARLIER))


def test_a_message_that_waited_meanwhile_brings_the_step_to_its_end(parts: Surroundings, scan: Scan) -> None:
    parts.azure.mishaps = [None, None, None, Throttled(60, "Azure Resource Manager"), Stopped()]
    with pytest.raises(Stopped):
        read_on(parts, scan, deployed(*EARLIER))
    assert steps_of(parts, scan)[0].status is StepStatus.PENDING
    step = read_on(parts, scan, deployed(*LATER["in another order"]))
    assert (step.status, skus(parts)) == (StepStatus.SUCCEEDED, pages_of(*EARLIER))


@pytest.mark.parametrize("known", COLLECTORS, ids=lambda each: each.name)
def test_the_same_version_always_has_the_same_key(known: Collector) -> None:
    key = plan_key(known, known.requests(CONTEXT))
    assert key == plan_key(known, known.requests(CONTEXT))
    assert len(key) == 32


def test_other_columns_are_another_key() -> None:
    from dataclasses import replace

    requests = RESERVATIONS.requests(CONTEXT)
    assert plan_key(RESERVATIONS, requests) != plan_key(replace(RESERVATIONS, columns=("a",)), requests)
