"""What the desk's list shows of a scan, kept with it from its end on: the list then reads no step and no total.

https://learn.microsoft.com/azure/architecture/patterns/materialized-view
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select

from shared.core.models import ScanKey, StepStatus
from shared.sql.engine.types import exact_sum
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.tables import cost_totals, steps


@dataclass(frozen=True)
class ScanFigures:
    """A scan's total by currency, its subscriptions, and how many of them were read in full."""

    spend: tuple[tuple[str, Decimal], ...] = ()
    subscriptions: int = 0
    subscriptions_in_full: int = 0

    def columns(self) -> dict[str, Any]:
        """Return the columns of `scans` that keep them; amounts as texts, so that no digit is lost."""
        return {
            "spend_json": json.dumps([[currency, format(amount, "f")] for currency, amount in self.spend]),
            "subscriptions": self.subscriptions,
            "subscriptions_in_full": self.subscriptions_in_full,
        }


def kept_figures(spend_json: str | None, subscriptions: int | None, in_full: int | None) -> ScanFigures:
    """Return the figures of these columns; empty ones for a scan that has not ended."""
    spend = tuple((currency, Decimal(amount)) for currency, amount in json.loads(spend_json or "[]"))
    return ScanFigures(spend, subscriptions or 0, in_full or 0)


def figures_now(connection: Connection, scan_key: ScanKey) -> ScanFigures:
    """Work the figures out of the scan's totals and steps, in the caller's transaction."""
    spend: Sequence[Any] = connection.execute(_spend(scan_key)).all()
    subscriptions, in_full = connection.execute(_covered(scan_key)).one()
    return ScanFigures(tuple((row.billing_currency, row.billed_cost) for row in spend), subscriptions, in_full or 0)


def _spend(scan_key: ScanKey) -> Select[Any]:
    totals = cost_totals.c
    return (
        select(totals.billing_currency, exact_sum(totals.billed_cost).label("billed_cost"))
        .where(of_scan(cost_totals, scan_key), totals.dimension == "service")
        .group_by(totals.billing_currency)
        .order_by(totals.billing_currency)
    )


def _covered(scan_key: ScanKey) -> Select[int, int]:
    is_in_full = and_(
        steps.c.status == StepStatus.SUCCEEDED, steps.c.unread_json.is_(None), steps.c.rows_set_aside == 0
    )
    by_subscription = (
        select(func.sum(case((is_in_full, 0), else_=1)).label("missing"))
        .where(of_scan(steps, scan_key))
        .group_by(steps.c.subscription_id)
        .subquery()
    )
    return select(func.count(), func.sum(case((by_subscription.c.missing == 0, 1), else_=0))).select_from(
        by_subscription
    )
