"""The review queue: scans ordered by the time left, with filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.periods import REVIEW_DUE_SOON_HOURS
from shared.core.review_window import REVIEWABLE, ReviewWindow, WindowState, review_window
from shared.sql.reviews.queue_filters import QueueFilter
from shared.sql.reviews.review_queue import QueueEntry

DUE_SOON = timedelta(hours=REVIEW_DUE_SOON_HOURS)

FILTERS = {
    QueueFilter.OPEN: "To review",
    QueueFilter.MINE: "My reviews",
    QueueFilter.UNCLAIMED: "Unclaimed",
    QueueFilter.OVERDUE: "Overdue",
    QueueFilter.RUNNING: "Scanning",
    QueueFilter.PUBLISHED: "Published",
    QueueFilter.ALL: "All",
}
"""The filters with their labels; the first is the default."""


@dataclass(frozen=True)
class QueueLine:
    """One row of the queue. `label` is the time left, `tone` its CSS class."""

    entry: QueueEntry
    window: ReviewWindow
    label: str
    tone: str

    @property
    def is_overdue(self) -> bool:
        return self.window.state is WindowState.OVER


def lines(entries: Sequence[QueueEntry], now: datetime) -> list[QueueLine]:
    """Return the rows, in the order of the entries."""
    return [_line(entry, now) for entry in entries]


def is_to_review(entry: QueueEntry) -> bool:
    """Whether the scan was read and its review is not published."""
    return entry.scan.status in REVIEWABLE and entry.review.published_at is None


def time_left(window: ReviewWindow, now: datetime) -> tuple[str, str]:
    """Return the time left, such as `5 h 12 min left`, and its CSS class."""
    match window.state:
        case WindowState.OPEN:
            left = window.left(now)
            return f"{span(left)} left", "warn" if left <= DUE_SOON else "good"
        case WindowState.OVER:
            return f"Overdue by {span(-window.left(now))}", "bad"
        case WindowState.PUBLISHED:
            return "Published", "good"
        case WindowState.NOT_YET:
            return "Scanning", "busy"
        case WindowState.NEVER:
            return "Nothing to review", ""


def span(length: timedelta) -> str:
    """Format a duration: `2 d 3 h`, `5 h 12 min`, `12 min`."""
    minutes = length // timedelta(minutes=1)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _line(entry: QueueEntry, now: datetime) -> QueueLine:
    window = review_window(entry.scan, entry.review.published_at, now)
    return QueueLine(entry, window, *time_left(window, now))
