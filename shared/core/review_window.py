"""The 24-hour review window after a scan, in which a reviewer may read more data."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.core.models import Scan, ScanStatus
from shared.core.periods import REVIEW_WINDOW_HOURS

REVIEWABLE = (ScanStatus.COLLECTED, ScanStatus.PARTIAL)
"""The final statuses of a scan that can be reviewed."""


class WindowState(StrEnum):
    """The state of a scan's review window."""

    NOT_YET = "not_yet"
    OPEN = "open"
    OVER = "over"
    PUBLISHED = "published"
    NEVER = "never"


REFUSALS = {
    WindowState.NOT_YET: "The scan has not finished. Its review window opens when it has.",
    WindowState.OVER: f"The review window closed {REVIEW_WINDOW_HOURS} hours after the scan. No more data can be read.",
    WindowState.PUBLISHED: "The review has been published. No more data can be read for it.",
    WindowState.NEVER: "The scan ended without data to review, so it has no review window.",
}


@dataclass(frozen=True)
class ReviewWindow:
    """The window. `opens_at` is None if it is not known yet or never opens."""

    state: WindowState
    opens_at: datetime | None
    closes_at: datetime | None

    @property
    def refusal(self) -> str | None:
        """Return why no data can be read now, for the reviewer; None while the window is open."""
        return REFUSALS.get(self.state)

    def left(self, now: datetime) -> timedelta:
        """Return the time left; negative if the review is overdue, zero without a window."""
        return self.closes_at - now if self.closes_at else timedelta(0)


def review_window(scan: Scan, published_at: datetime | None, now: datetime) -> ReviewWindow:
    """Return the scan's window. It ends at publication or after the last hour, whichever is first (exclusive)."""
    if not scan.status.is_final:
        return ReviewWindow(WindowState.NOT_YET, None, None)
    if scan.status not in REVIEWABLE or scan.finished_at is None:
        return ReviewWindow(WindowState.NEVER, None, None)
    closes_at = scan.finished_at + timedelta(hours=REVIEW_WINDOW_HOURS)
    if published_at is not None:
        return ReviewWindow(WindowState.PUBLISHED, scan.finished_at, closes_at)
    is_open = scan.finished_at <= now < closes_at
    return ReviewWindow(WindowState.OPEN if is_open else WindowState.OVER, scan.finished_at, closes_at)
