"""The filters of the review queue as conditions, and its order: the same in lists and counts."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, true

from shared.core.models import ScanStatus
from shared.core.periods import REVIEW_WINDOW_HOURS
from shared.core.review_window import REVIEWABLE
from shared.sql.schema.desk_tables import reviews
from shared.sql.schema.tables import connections, scans


class QueueFilter(StrEnum):
    """Which scans the desk lists."""

    OPEN = "open"
    MINE = "mine"
    UNCLAIMED = "unclaimed"
    OVERDUE = "overdue"
    RUNNING = "running"
    PUBLISHED = "published"
    ALL = "all"


IS_READ = and_(scans.c.status.in_(REVIEWABLE), scans.c.finished_at.is_not(None))
IS_TO_REVIEW = and_(IS_READ, reviews.c.published_at.is_(None))
IS_PUBLISHED = and_(IS_READ, reviews.c.published_at.is_not(None))
IS_RUNNING = scans.c.status.in_([status for status in ScanStatus if not status.is_final])


def conditions(operator_id: str, now: datetime) -> dict[QueueFilter, ColumnElement[bool]]:
    """Return the condition of each filter, over scans with their reviews."""
    closed = scans.c.finished_at <= now - timedelta(hours=REVIEW_WINDOW_HOURS)
    return {
        QueueFilter.OPEN: IS_TO_REVIEW,
        QueueFilter.MINE: and_(IS_TO_REVIEW, reviews.c.claimed_by == operator_id),
        QueueFilter.UNCLAIMED: and_(IS_TO_REVIEW, reviews.c.claimed_by.is_(None)),
        QueueFilter.OVERDUE: and_(IS_TO_REVIEW, closed),
        QueueFilter.RUNNING: IS_RUNNING,
        QueueFilter.PUBLISHED: IS_PUBLISHED,
        QueueFilter.ALL: scans.c.scan_id.is_not(None),  # CASE takes no bare truth value in T-SQL.
    }


def matches(search: str) -> ColumnElement[bool]:
    """Return the condition of a search for customer, tenant id or scan id; every scan for an empty one."""
    wanted = search.strip().lower()
    if not wanted:
        return true()
    columns = (connections.c.username, scans.c.tenant_id, scans.c.scan_id)
    return or_(*(func.lower(column).contains(wanted, autoescape=True) for column in columns))


def order() -> tuple[ColumnElement[Any], ...]:
    """Least time left first, then running scans, published ones and the rest, each newest first."""
    rank = case((IS_TO_REVIEW, 0), (IS_RUNNING, 1), (IS_PUBLISHED, 2), else_=3)
    return rank, case((IS_TO_REVIEW, scans.c.finished_at)), scans.c.requested_at.desc(), scans.c.scan_id
