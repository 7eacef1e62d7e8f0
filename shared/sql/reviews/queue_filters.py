"""The filters of the review queue as conditions, and the orders of its lists: each is an index."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, not_, text

from shared.core.periods import REVIEW_WINDOW_HOURS
from shared.sql.schema.desk_tables import reviews
from shared.sql.schema.tables import IS_RUNNING, IS_TO_REVIEW, scans


class QueueFilter(StrEnum):
    """Which scans the desk lists."""

    OPEN = "open"
    MINE = "mine"
    UNCLAIMED = "unclaimed"
    OVERDUE = "overdue"
    RUNNING = "running"
    PUBLISHED = "published"
    ALL = "all"


TO_REVIEW = and_(IS_TO_REVIEW, reviews.c.published_at.is_(None))
"""By the scan's index; the review itself says it too, also where a program before the index published it."""


def due_conditions(operator_id: str, now: datetime) -> dict[QueueFilter, ColumnElement[bool]]:
    """Return the filters of what is to be reviewed, as conditions over scans with their reviews.

    Without coalesce a database begins with the operator's reviews, which are more from month to month.
    """
    closed = scans.c.finished_at <= now - timedelta(hours=REVIEW_WINDOW_HOURS)
    return {
        QueueFilter.OPEN: TO_REVIEW,
        QueueFilter.MINE: and_(TO_REVIEW, func.coalesce(reviews.c.claimed_by, "") == operator_id),
        QueueFilter.UNCLAIMED: and_(TO_REVIEW, reviews.c.claimed_by.is_(None)),
        QueueFilter.OVERDUE: and_(TO_REVIEW, closed),
    }


LEAST_TIME_LEFT_FIRST = (scans.c.finished_at, scans.c.scan_id)
NEWEST_FIRST = (scans.c.requested_at.desc(), scans.c.scan_id.desc())
LATEST_PUBLISHED_FIRST = (scans.c.review_published_at.desc(), scans.c.scan_id.desc())

HAS_ENDED = and_(text(f"NOT ({IS_RUNNING})"), not_(TO_REVIEW))
"""What is neither running nor to be reviewed."""
