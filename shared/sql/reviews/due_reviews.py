"""Reviews that are about to expire and of which no reminder was sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, select

from shared.core.mail import MailKind
from shared.core.models import ScanKey
from shared.core.periods import REVIEW_DUE_SOON_HOURS, REVIEW_WINDOW_HOURS
from shared.core.review_window import REVIEWABLE
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.schema.desk_tables import reviews
from shared.sql.schema.outbox_tables import outbox
from shared.sql.schema.tables import scans


@dataclass(frozen=True)
class DueReview:
    """A scan whose review is due soon and not published; `owner` is its reviewer."""

    tenant_id: str
    scan_id: str
    owner: str | None

    @property
    def scan_key(self) -> ScanKey:
        return ScanKey(self.tenant_id, self.scan_id)


class DueReviews:
    """Reads across customers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def find(self, now: datetime) -> list[DueReview]:
        """Those of all customers, the least time left first."""
        with self._database.system_reading() as connection:
            return [DueReview(row[0], row[1], row[2]) for row in connection.execute(_due(now))]


def _due(now: datetime) -> Select[Any]:
    reviewed = and_(reviews.c.tenant_id == scans.c.tenant_id, reviews.c.scan_id == scans.c.scan_id)
    reminded = select(outbox.c.mail_id).where(
        outbox.c.tenant_id == scans.c.tenant_id,
        outbox.c.scan_id == scans.c.scan_id,
        outbox.c.kind == MailKind.REVIEW_DUE,
    )
    ends_within = now - timedelta(hours=REVIEW_WINDOW_HOURS - REVIEW_DUE_SOON_HOURS)
    return (
        select(scans.c.tenant_id, scans.c.scan_id, reviews.c.claimed_by_name)
        .select_from(scans.outerjoin(reviews, reviewed))
        .where(scans.c.status.in_(REVIEWABLE), reviews.c.published_at.is_(None), ~reminded.exists())
        .where(scans.c.finished_at <= ends_within, scans.c.finished_at > now - timedelta(hours=REVIEW_WINDOW_HOURS))
        .order_by(scans.c.finished_at, scans.c.scan_id)
    )
