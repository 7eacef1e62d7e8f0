"""The scans of all customers, as the review desk lists them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, and_, case, func, select, true

from shared.core.models import Scan, ScanStatus
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.reviews.customer_search import found_scans
from shared.sql.reviews.queue_filters import (
    HAS_ENDED,
    LATEST_PUBLISHED_FIRST,
    LEAST_TIME_LEFT_FIRST,
    NEWEST_FIRST,
    TO_REVIEW,
    QueueFilter,
    due_conditions,
)
from shared.sql.reviews.reviews import Review
from shared.sql.scans.scan_figures import ScanFigures, kept_figures
from shared.sql.schema.desk_tables import reviews
from shared.sql.schema.tables import IS_PUBLISHED, IS_RUNNING, connections, scans

MAX_SCANS = 300
"""Of those that have ended and are not to be reviewed, the newest."""

MAX_OWNERS = 10_000

_SCAN_FIELDS = [scans.c[field.name] for field in fields(Scan)]
_KEPT = [scans.c[name] for name in ("spend_json", "subscriptions", "subscriptions_in_full")]
_REVIEW_FIELDS = [reviews.c[field.name] for field in fields(Review) if field.name not in ("tenant_id", "scan_id")]


@dataclass(frozen=True)
class QueueEntry:
    """One scan with what a reviewer chooses by; `figures` are kept with a scan that has ended."""

    scan: Scan
    review: Review
    username: str | None
    figures: ScanFigures


class Owners:
    """Remembers whose scans were seen last: a scan never moves to another customer."""

    def __init__(self) -> None:
        self._tenants: dict[str, str] = {}

    def of(self, scan_id: str) -> str | None:
        return self._tenants.get(scan_id)

    def noted(self, scan: Scan) -> Scan:
        if len(self._tenants) >= MAX_OWNERS:
            self._tenants.clear()
        self._tenants[scan.scan_id] = scan.tenant_id
        return scan


class ReviewQueue:
    """Reads across customers: for operators alone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._owners = Owners()

    @whole_transaction
    def find(self, scan_id: str) -> Scan | None:
        """Any customer's scan, read as its customer's where it is known whose it is: so the page goes on reading."""
        tenant_id = self._owners.of(scan_id)
        statement = select(*_SCAN_FIELDS).where(scans.c.scan_id == scan_id)
        if tenant_id is not None:
            statement = statement.where(scans.c.tenant_id == tenant_id)
        with self._database.reading(tenant_id) if tenant_id else self._database.system_reading() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else self._owners.noted(_scan(row))

    @whole_transaction
    def counts(self, operator_id: str, now: datetime) -> dict[QueueFilter, int]:
        """How many scans of all customers are to be reviewed, by filter, and how many are running.

        What has ended is not counted: there is more of it every day.
        """
        each = {show: func.sum(case((wanted, 1), else_=0)) for show, wanted in due_conditions(operator_id, now).items()}
        due = select(*(count.label(show) for show, count in each.items())).select_from(_scans_with_reviews())
        running = select(func.count()).select_from(scans).where(IS_RUNNING)
        with self._database.system_reading() as connection:
            row = connection.execute(due.where(TO_REVIEW)).one()
            counts = {show: int(row._mapping[show] or 0) for show in each}  # noqa: SLF001  SQLAlchemy's public mapping
            return {**counts, QueueFilter.RUNNING: connection.execute(running).scalar_one()}

    @whole_transaction
    def list(
        self, show: QueueFilter, search: str, operator_id: str, now: datetime, limit: int = MAX_SCANS
    ) -> list[QueueEntry]:
        """Of all customers, the scans of a filter: all that are to be reviewed or running, at most `limit` others.

        `search` is the beginning of a customer's name or domain, of a tenant id or of a scan id.
        """
        with self._database.system_reading() as connection:
            found = found_scans(connection, search) if search.strip() else true()
            rows = [*_due(connection, show, and_(_due_condition(show, operator_id, now), found))]
            rows += [*_running(connection, show, found), *_ended(connection, show, found, limit)]
        entries = [_entry(row) for row in rows]
        for entry in entries:
            self._owners.noted(entry.scan)
        return entries


Rows = Sequence[Row[Any]]


def _due_condition(show: QueueFilter, operator_id: str, now: datetime) -> ColumnElement[bool]:
    return due_conditions(operator_id, now).get(show, TO_REVIEW)


def _due(connection: Connection, show: QueueFilter, wanted: ColumnElement[bool]) -> Rows:
    if show in (QueueFilter.RUNNING, QueueFilter.PUBLISHED):
        return ()
    return connection.execute(_listing().where(wanted).order_by(*LEAST_TIME_LEFT_FIRST)).all()


def _running(connection: Connection, show: QueueFilter, found: ColumnElement[bool]) -> Rows:
    """All of them, newest first: put in order here, so that they are found by the index of running scans."""
    if show not in (QueueFilter.RUNNING, QueueFilter.ALL):
        return ()
    rows = connection.execute(_listing().where(IS_RUNNING, found)).all()
    return sorted(rows, key=lambda row: (row.requested_at, row.scan_id), reverse=True)


def _ended(connection: Connection, show: QueueFilter, found: ColumnElement[bool], limit: int) -> Rows:
    if show is QueueFilter.PUBLISHED:
        listing = _listing().where(IS_PUBLISHED).order_by(*LATEST_PUBLISHED_FIRST)
    elif show is QueueFilter.ALL:
        listing = _listing().where(HAS_ENDED).order_by(*NEWEST_FIRST)
    else:
        return ()
    return connection.execute(listing.where(found).limit(limit)).all()


def _scans_with_reviews() -> FromClause:
    reviewed = and_(reviews.c.tenant_id == scans.c.tenant_id, reviews.c.scan_id == scans.c.scan_id)
    return scans.outerjoin(reviews, reviewed)


def _listing() -> Select[Any]:
    consented = and_(
        connections.c.tenant_id == scans.c.tenant_id, connections.c.user_object_id == scans.c.user_object_id
    )
    joined = _scans_with_reviews().outerjoin(connections, consented)
    return select(*_SCAN_FIELDS, *_KEPT, *_REVIEW_FIELDS, connections.c.username).select_from(joined)


def _entry(row: Row[Any]) -> QueueEntry:
    of_review = {column.name: getattr(row, column.name) for column in _REVIEW_FIELDS}
    figures = kept_figures(*(getattr(row, column.name) for column in _KEPT))
    return QueueEntry(_scan(row), Review(row.tenant_id, row.scan_id, **of_review), row.username, figures)


def _scan(row: Row[Any]) -> Scan:
    values = {column.name: getattr(row, column.name) for column in _SCAN_FIELDS}
    return Scan(**{**values, "status": ScanStatus(row.status)})
