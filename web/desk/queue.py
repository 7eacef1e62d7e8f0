"""What waits to be reviewed: by the time that is left, with filters, and who has taken it."""

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
    "mine": "Mine",
    "free": "Not taken",
    "overdue": "Overdue",
    "running": "Being read",
    "published": "Published",
    "all": "All",
}
"""What can be listed, in a reviewer's words; the first is shown at first."""


@dataclass(frozen=True)
class QueueLine:
    """One line of the queue. `tone` is the stylesheet's class of the time that is left."""

    entry: QueueEntry
    window: ReviewWindow
    words: str
    tone: str

    @property
    def is_overdue(self) -> bool:
        return self.window.state is WindowState.OVER


def lines(entries: Sequence[QueueEntry], now: datetime) -> list[QueueLine]:
    """The least time left first; then what is being read, then what is published, newest first."""
    found = [_line(entry, now) for entry in entries]
    return sorted(found, key=_place)


def chosen(all_lines: Sequence[QueueLine], show: str, search: str, who: Operator) -> list[QueueLine]:
    """The lines of one filter whose customer holds the searched text."""
    wanted = search.strip().casefold()
    return [line for line in all_lines if _is_shown(line, show, who) and wanted in _customer(line)]


def counts(all_lines: Sequence[QueueLine], who: Operator) -> dict[str, int]:
    """How many lines each filter has."""
    return {show: sum(_is_shown(line, show, who) for line in all_lines) for show in FILTERS}


def time_left(window: ReviewWindow, now: datetime) -> tuple[str, str]:
    """`5 h 12 min left`, with its tone."""
    match window.state:
        case WindowState.OPEN:
            left = window.left(now)
            return f"{span(left)} left", "warn" if left <= DUE_SOON else "good"
        case WindowState.OVER:
            return f"overdue by {span(-window.left(now))}", "bad"
        case WindowState.PUBLISHED:
            return "published", "good"
        case WindowState.NOT_YET:
            return "being read", "busy"
        case WindowState.NEVER:
            return "nothing to review", ""


def span(length: timedelta) -> str:
    """`2 d 3 h`, `5 h 12 min`, `12 min`."""
    minutes = int(length.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _line(entry: QueueEntry, now: datetime) -> QueueLine:
    window = review_window(entry.scan, entry.review.published_at, now)
    return QueueLine(entry, window, *time_left(window, now))


ORDER = (WindowState.OVER, WindowState.OPEN, WindowState.NOT_YET, WindowState.PUBLISHED, WindowState.NEVER)


def _place(line: QueueLine) -> tuple[int, float, str]:
    is_timed = line.window.state in (WindowState.OVER, WindowState.OPEN)
    moment = line.window.closes_at if is_timed and line.window.closes_at else line.entry.scan.requested_at
    rank = 0 if is_timed else ORDER.index(line.window.state)
    return rank, moment.timestamp() if is_timed else -moment.timestamp(), line.entry.scan.scan_id


def _is_shown(line: QueueLine, show: str, who: Operator) -> bool:
    state, owner = line.window.state, line.entry.review.taken_by
    is_to_review = state in (WindowState.OPEN, WindowState.OVER)
    return {
        "open": is_to_review,
        "mine": owner == who.object_id and is_to_review,
        "free": owner is None and is_to_review,
        "overdue": state is WindowState.OVER,
        "running": state is WindowState.NOT_YET,
        "published": state is WindowState.PUBLISHED,
        "all": True,
    }[show]


def _customer(line: QueueLine) -> str:
    return f"{line.entry.username or ''} {line.entry.scan.tenant_id} {line.entry.scan.scan_id}".casefold()
