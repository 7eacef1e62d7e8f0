"""Reminding whoever reviews a scan that its time is nearly over: once for each scan."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from shared.core.mail import MailKind, NewMail
from shared.core.periods import REVIEW_DUE_SOON_HOURS, REVIEW_WINDOW_HOURS
from shared.core.review_window import REVIEWABLE
from shared.core.setting_checks import is_address
from shared.sql.desk_tables import reviews
from shared.sql.engine import Database
from shared.sql.outbox import enqueue
from shared.sql.outbox_tables import outbox
from shared.sql.repeats import whole_transaction
from shared.sql.scans import scan_is_there
from shared.sql.tables import scans


@dataclass(frozen=True)
class DueReview:
    """A scan whose review is due soon and not published; `owner` is whoever has taken it."""

    tenant_id: str
    scan_id: str
    owner: str | None


class DueReviews:
    """Finds them, and writes the mails down."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def find(self, now: datetime) -> list[DueReview]:
        """Of all customers: those of which nobody was reminded yet."""
        with self._database.system_reading() as connection:
            return [DueReview(row[0], row[1], row[2]) for row in connection.execute(_due(now))]

    @whole_transaction
    def remind(self, due: DueReview, everybody: str, now: datetime) -> bool:
        """Writes the mail to the owner, or to `everybody` where nobody has taken it; False if none can be written."""
        recipient = due.owner if due.owner and is_address(due.owner) else everybody
        if not is_address(recipient):
            return False
        with self._database.transaction(due.tenant_id) as connection:
            return self._remind(connection, due, NewMail(MailKind.REVIEW_DUE, recipient), now)

    @staticmethod
    def _remind(connection: Connection, due: DueReview, mail: NewMail, now: datetime) -> bool:
        if not scan_is_there(connection, due.tenant_id, due.scan_id):
            return False
        enqueue(connection, due.tenant_id, due.scan_id, [mail], now)
        return True


def _due(now: datetime) -> Select[Any]:
    """By the time that is left, the least first."""
    reviewed = and_(reviews.c.tenant_id == scans.c.tenant_id, reviews.c.scan_id == scans.c.scan_id)
    reminded = select(outbox.c.mail_id).where(
        outbox.c.tenant_id == scans.c.tenant_id,
        outbox.c.scan_id == scans.c.scan_id,
        outbox.c.kind == MailKind.REVIEW_DUE,
    )
    ends_within = now - timedelta(hours=REVIEW_WINDOW_HOURS - REVIEW_DUE_SOON_HOURS)
    return (
        select(scans.c.tenant_id, scans.c.scan_id, reviews.c.taken_by_name)
        .select_from(scans.outerjoin(reviews, reviewed))
        .where(scans.c.status.in_(REVIEWABLE), reviews.c.published_at.is_(None), ~reminded.exists())
        .where(scans.c.finished_at <= ends_within, scans.c.finished_at > now - timedelta(hours=REVIEW_WINDOW_HOURS))
        .order_by(scans.c.finished_at, scans.c.scan_id)
    )
