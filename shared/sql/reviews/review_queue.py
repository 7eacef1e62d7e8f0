"""The scans of all customers, as the review desk lists them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, Table, and_, case, func, not_, select

from shared.core.models import Scan, ScanStatus, StepStatus
from shared.sql.engine.engine import Database, exact_sum
from shared.sql.engine.retries import whole_transaction
from shared.sql.reviews.queue_filters import IS_TO_REVIEW, QueueFilter, conditions, matches, order
from shared.sql.reviews.reviews import Review
from shared.sql.schema.desk_tables import reviews
from shared.sql.schema.tables import connections, cost_totals, scans, steps

MAX_SCANS = 300
"""Of those that are not to be reviewed, the newest."""

SCANS_A_QUERY = 500
"""Scans whose figures are read at once: well below SQL Server's 2,100 parameters."""

_SCAN_FIELDS = [scans.c[field.name] for field in fields(Scan)]
_REVIEW_FIELDS = [reviews.c[field.name] for field in fields(Review) if field.name not in ("tenant_id", "scan_id")]


@dataclass(frozen=True)
class QueueEntry:
    """One scan with what a reviewer chooses by. `spend` is by currency; subscriptions are counted by coverage."""

    scan: Scan
    review: Review
    username: str | None
    spend: tuple[tuple[str, Decimal], ...]
    subscriptions: int
    subscriptions_in_full: int


class ReviewQueue:
    """Reads across customers: for operators alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def find(self, scan_id: str) -> Scan | None:
        """Any customer's scan."""
        with self._database.system_reading() as connection:
            row = connection.execute(select(*_SCAN_FIELDS).where(scans.c.scan_id == scan_id)).one_or_none()
        return None if row is None else _scan(row)

    @whole_transaction
    def counts(self, operator_id: str, now: datetime) -> dict[QueueFilter, int]:
        """How many scans of all customers each filter finds."""
        each = {show: func.sum(case((wanted, 1), else_=0)) for show, wanted in conditions(operator_id, now).items()}
        statement = select(*(count.label(show) for show, count in each.items())).select_from(_scans_with_reviews())
        with self._database.system_reading() as connection:
            row = connection.execute(statement).one()
        return {show: int(row._mapping[show] or 0) for show in each}  # noqa: SLF001  SQLAlchemy's public mapping

    @whole_transaction
    def list(
        self, show: QueueFilter, search: str, operator_id: str, now: datetime, limit: int = MAX_SCANS
    ) -> list[QueueEntry]:
        """Of all customers, the scans of a filter: every one that is to be reviewed, and at most `limit` others."""
        wanted = and_(conditions(operator_id, now)[show], matches(search))
        due, others = and_(wanted, IS_TO_REVIEW), and_(wanted, not_(IS_TO_REVIEW))
        with self._database.system_reading() as connection:
            rows = [*connection.execute(_listing(due)), *connection.execute(_listing(others).limit(limit))]
            found = [_entries(connection, rows[at : at + SCANS_A_QUERY]) for at in range(0, len(rows), SCANS_A_QUERY)]
        return [entry for entries in found for entry in entries]


def _scans_with_reviews() -> FromClause:
    reviewed = and_(reviews.c.tenant_id == scans.c.tenant_id, reviews.c.scan_id == scans.c.scan_id)
    return scans.outerjoin(reviews, reviewed)


def _listing(wanted: ColumnElement[bool]) -> Select[Any]:
    consented = and_(
        connections.c.tenant_id == scans.c.tenant_id, connections.c.user_object_id == scans.c.user_object_id
    )
    return (
        select(*_SCAN_FIELDS, *_REVIEW_FIELDS, connections.c.username)
        .select_from(_scans_with_reviews().outerjoin(connections, consented))
        .where(wanted)
        .order_by(*order())
    )


def _entries(connection: Connection, rows: Sequence[Row[Any]]) -> Sequence[QueueEntry]:
    scan_ids = [row.scan_id for row in rows]
    spend, covered = _spend(connection, scan_ids), _covered(connection, scan_ids)
    return [_entry(row, spend, covered) for row in rows]


def _spend(connection: Connection, scan_ids: Sequence[str]) -> dict[str, list[tuple[str, Decimal]]]:
    """Each scan's total by currency, from its totals by service."""
    totals = cost_totals.c
    statement = (
        select(totals.scan_id, totals.billing_currency, exact_sum(totals.billed_cost).label("billed_cost"))
        .join_from(scans, cost_totals, _same_scan(cost_totals))
        .where(scans.c.scan_id.in_(scan_ids), totals.dimension == "service")
        .group_by(totals.scan_id, totals.billing_currency)
        .order_by(totals.billing_currency)
    )
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.scan_id, []).append((row.billing_currency, row.billed_cost))
    return found


def _covered(connection: Connection, scan_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Each scan's subscriptions, and how many of them were read in full."""
    is_in_full = and_(
        steps.c.status == StepStatus.SUCCEEDED, steps.c.unread_json.is_(None), steps.c.rows_set_aside == 0
    )
    missing = func.sum(case((is_in_full, 0), else_=1)).label("missing")
    by_subscription = (
        select(steps.c.scan_id, missing)
        .join_from(scans, steps, _same_scan(steps))
        .where(scans.c.scan_id.in_(scan_ids))
        .group_by(steps.c.scan_id, steps.c.subscription_id)
        .subquery()
    )
    in_full = func.sum(case((by_subscription.c.missing == 0, 1), else_=0)).label("in_full")
    statement = select(by_subscription.c.scan_id, func.count().label("subscriptions"), in_full)
    rows = connection.execute(statement.group_by(by_subscription.c.scan_id))
    return {row.scan_id: (row.subscriptions, row.in_full) for row in rows}


def _same_scan(table: Table) -> ColumnElement[bool]:
    """Lets each scan's rows be found by their index, which begins with the tenant."""
    return and_(table.c.tenant_id == scans.c.tenant_id, table.c.scan_id == scans.c.scan_id)


def _entry(
    row: Row[Any], spend: dict[str, list[tuple[str, Decimal]]], covered: dict[str, tuple[int, int]]
) -> QueueEntry:
    subscriptions, in_full = covered.get(row.scan_id, (0, 0))
    of_review = {column.name: getattr(row, column.name) for column in _REVIEW_FIELDS}
    return QueueEntry(
        scan=_scan(row),
        review=Review(row.tenant_id, row.scan_id, **of_review),
        username=row.username,
        spend=tuple(spend.get(row.scan_id, ())),
        subscriptions=subscriptions,
        subscriptions_in_full=in_full,
    )


def _scan(row: Row[Any]) -> Scan:
    values = {column.name: getattr(row, column.name) for column in _SCAN_FIELDS}
    return Scan(**{**values, "status": ScanStatus(row.status)})
