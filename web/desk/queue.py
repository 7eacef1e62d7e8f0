"""The review queue: scans ordered by the time left, with filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.operators import Operator
from shared.core.periods import REVIEW_DUE_SOON_HOURS
from shared.core.review_window import ReviewWindow, WindowState, review_window
from shared.sql.reviews.review_queue import QueueEntry

DUE_SOON = timedelta(hours=REVIEW_DUE_SOON_HOURS)

FILTERS = {
    "open": "To review",
    "mine": "My reviews",
    "unclaimed": "Unclaimed",
    "overdue": "Overdue",
    "running": "Scanning",
    "published": "Published",
    "all": "All",
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
    """Return the rows: the least time left first, then running scans, then published ones, newest first."""
    found = [_line(entry, now) for entry in entries]
    return sorted(found, key=_order)


def chosen(all_lines: Sequence[QueueLine], show: str, search: str, who: Operator) -> list[QueueLine]:
    """Return the rows that match a filter and a search for customer, tenant id or scan id."""
    wanted = search.strip().casefold()
    return [line for line in all_lines if _matches_filter(line, show, who) and wanted in _searchable(line)]


def counts(all_lines: Sequence[QueueLine], who: Operator) -> dict[str, int]:
    """Return the number of rows per filter."""
    return {show: sum(_matches_filter(line, show, who) for line in all_lines) for show in FILTERS}


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


STATE_ORDER = (WindowState.OVER, WindowState.OPEN, WindowState.NOT_YET, WindowState.PUBLISHED, WindowState.NEVER)


def _order(line: QueueLine) -> tuple[int, float, str]:
    is_timed = line.window.state in (WindowState.OVER, WindowState.OPEN)
    moment = line.window.closes_at if is_timed and line.window.closes_at else line.entry.scan.requested_at
    rank = 0 if is_timed else STATE_ORDER.index(line.window.state)
    return rank, moment.timestamp() if is_timed else -moment.timestamp(), line.entry.scan.scan_id


def _matches_filter(line: QueueLine, show: str, who: Operator) -> bool:
    state, owner = line.window.state, line.entry.review.taken_by
    is_to_review = state in (WindowState.OPEN, WindowState.OVER)
    return {
        "open": is_to_review,
        "mine": owner == who.object_id and is_to_review,
        "unclaimed": owner is None and is_to_review,
        "overdue": state is WindowState.OVER,
        "running": state is WindowState.NOT_YET,
        "published": state is WindowState.PUBLISHED,
        "all": True,
    }[show]


def _searchable(line: QueueLine) -> str:
    return f"{line.entry.username or ''} {line.entry.scan.tenant_id} {line.entry.scan.scan_id}".casefold()
