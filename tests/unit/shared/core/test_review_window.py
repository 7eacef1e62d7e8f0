from dataclasses import replace
from datetime import date, timedelta

import pytest

from shared.core.models import Scan, ScanStatus
from shared.core.review_window import WindowState, review_window
from tests.support.clock import START

SCAN = Scan("t", "s", "u", ScanStatus.COLLECTED, None, START, START, date(2025, 11, 1), date(2026, 11, 1))
HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(0), WindowState.OPEN),
        (24 * HOURS - timedelta(microseconds=1), WindowState.OPEN),
        (24 * HOURS, WindowState.OVER),
        (400 * 24 * HOURS, WindowState.OVER),
        (-timedelta(microseconds=1), WindowState.OVER),
    ],
)
def test_the_window_is_open_for_24_hours_from_the_end_of_the_scan(after: timedelta, state: WindowState) -> None:
    window = review_window(SCAN, None, START + after)
    assert window.state is state
    assert (window.refusal is None) is (state is WindowState.OPEN)


@pytest.mark.parametrize("status", [status for status in ScanStatus if not status.is_final])
def test_a_scan_that_runs_has_no_window_yet(status: ScanStatus) -> None:
    window = review_window(replace(SCAN, status=status, finished_at=None), None, START)
    assert window.state is WindowState.NOT_YET
    assert "has not finished" in str(window.refusal)


@pytest.mark.parametrize("status", [ScanStatus.BLOCKED, ScanStatus.FAILED, ScanStatus.CANCELLED])
def test_a_scan_without_data_never_has_one(status: ScanStatus) -> None:
    assert review_window(replace(SCAN, status=status), None, START).state is WindowState.NEVER


def test_publication_ends_it_at_once() -> None:
    window = review_window(SCAN, START + HOURS, START + 2 * HOURS)
    assert window.state is WindowState.PUBLISHED
    assert "published" in str(window.refusal)
