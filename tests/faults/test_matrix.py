"""The fault matrix: every fault by everything that reads Azure. The table is printed at the end of the tests.

`python -m tests.faults.matrix` runs the same without pytest.
"""

from collections.abc import Iterator

import pytest

from tests.faults.matrix.__main__ import seen
from tests.faults.matrix.fault import Ends, Fault
from tests.faults.matrix.lines import FAULTS, SUBJECTS, cells
from tests.faults.matrix.table import Seen, table
from tests.faults.matrix.workshop import Workshop, workshop

RESULTS = pytest.StashKey[dict[tuple[Fault, str], Seen]]()


@pytest.fixture(scope="module")
def shop(request: pytest.FixtureRequest) -> Iterator[Workshop]:
    request.config.stash[RESULTS] = {}
    with workshop() as opened:
        yield opened


@pytest.mark.parametrize(
    ("fault", "subject"), [pytest.param(*cell, id=f"{cell[0].name}: {cell[1]}") for cell in cells()]
)
def test_a_scan_ends_right_or_says_exactly_what_is_missing(
    shop: Workshop, request: pytest.FixtureRequest, fault: Fault, subject: str
) -> None:
    request.config.stash[RESULTS][fault, subject] = seen(shop, fault, subject)


def test_what_cannot_be_says_why() -> None:
    for fault in FAULTS:
        endings = [fault.expected_of(subject) for subject in SUBJECTS]
        assert all(each.words for each in endings if each.ends is Ends.NEVER)
        assert any(each.ends is not Ends.NEVER for each in endings)


def test_each_line_of_the_matrix_has_a_name_of_its_own() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(names) == len(set(names))


def test_the_table_shows_each_fault_each_cell_and_why_others_cannot_be() -> None:
    fault, other = FAULTS[1], next(fault for fault in FAULTS if fault.expected_of("advisor").ends is Ends.NEVER)
    told = table({(fault, "costs"): Seen(Ends.WHOLE, "", 53.4), (other, "costs"): Seen(Ends.BLOCKED, "Ask Ann.", 0.0)})
    (line,) = (line for line in told.splitlines() if line.startswith(f"| {fault.name} "))
    assert "whole +53 s" in line
    (line,) = (line for line in told.splitlines() if line.startswith(f"| {other.name} "))
    assert "| blocked " in line
    assert "| (1) " in line
    assert f"(1) {other.expected_of('subscriptions').words}" in told
    assert f"  Ask Ann.\n      after: {other.name}" in told
