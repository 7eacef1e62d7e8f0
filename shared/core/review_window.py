"""The 24 hours after a scan in which a reviewer may have more read: when they open, when they end, and why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.core.models import Scan, ScanStatus
from shared.core.periods import REVIEW_WINDOW_HOURS

REVIEWABLE = (ScanStatus.COLLECTED, ScanStatus.PARTIAL)
"""How a scan ends that has something to review."""


class WindowState(StrEnum):
    """Where the window of a scan stands."""

    NOT_YET = "not_yet"
    OPEN = "open"
    OVER = "over"
    PUBLISHED = "published"
    NEVER = "never"


REFUSALS = {
    WindowState.NOT_YET: "The scan has not finished. Its review window opens when it has.",
    WindowState.OVER: f"The {REVIEW_WINDOW_HOURS} hours after the scan are over: nothing more is read for this review.",
    WindowState.PUBLISHED: "The review has been published: nothing more is read for it.",
    WindowState.NEVER: "The scan ended without data to review, so it has no review window.",
}


@dataclass(frozen=True)
class ReviewWindow:
    """`opens_at` None: not known yet, or never."""

    state: WindowState
    opens_at: datetime | None
    closes_at: datetime | None

    @property
    def refusal(self) -> str | None:
        """Why nothing can be read just now, for the reviewer; None while the window is open."""
        return REFUSALS.get(self.state)

    def left(self, now: datetime) -> timedelta:
        """The time left; negative when the review is overdue, none without a window."""
        return self.closes_at - now if self.closes_at else timedelta(0)


def review_window(scan: Scan, published_at: datetime | None, now: datetime) -> ReviewWindow:
    """The window of this scan. It ends at the sooner of publication and the last hour; that moment is outside."""
    if not scan.status.is_final:
        return ReviewWindow(WindowState.NOT_YET, None, None)
    if scan.status not in REVIEWABLE or scan.finished_at is None:
        return ReviewWindow(WindowState.NEVER, None, None)
    closes_at = scan.finished_at + timedelta(hours=REVIEW_WINDOW_HOURS)
    if published_at is not None:
        return ReviewWindow(WindowState.PUBLISHED, scan.finished_at, closes_at)
    is_open = scan.finished_at <= now < closes_at
    return ReviewWindow(WindowState.OPEN if is_open else WindowState.OVER, scan.finished_at, closes_at)
