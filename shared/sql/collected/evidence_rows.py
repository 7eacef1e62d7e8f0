"""The stored rows that a reviewer can cite as evidence: costs, advice and metrics of chosen resources."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from shared.core.models import ScanKey
from shared.sql.collected.cost_lines import cost_lines
from shared.sql.collected.recommendations import AdvisorRecommendation
from shared.sql.engine.engine import Database, exact_sum
from shared.sql.engine.lists import any_of
from shared.sql.engine.retries import whole_transaction
from shared.sql.scans.row_keys import row_bounds, rows_of_scan
from shared.sql.schema.desk_tables import metric_series
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.tables import advisor

IDS_AT_ONCE = 1_000
"""SQL Server takes 2,100 parameters to a statement."""


@dataclass(frozen=True)
class ResourceMonth:
    """What one resource was billed in one month and currency; negative when refunds outweigh it.

    `commitment` is the type of a commitment that covered usage of it.
    """

    resource_id: str
    month: date
    currency: str
    amount: Decimal
    commitment: str | None = None


@dataclass(frozen=True)
class MetricSummary:
    """One metric of one resource over a time span. None: Azure has no value, which is not a zero."""

    resource_id: str
    metric_name: str
    unit: str
    starts_at: datetime
    until: datetime
    average: float | None
    p95: float | None
    maximum: float | None


class EvidenceRows:
    """Reads one scan's rows about some resources (ids in lower case)."""

    def __init__(self, database: Database, scan_key: ScanKey) -> None:
        self._database = database
        self._scan_key = scan_key

    @whole_transaction
    def months(self, resource_ids: Sequence[str]) -> list[ResourceMonth]:
        """What each was billed, by month and currency, the earliest month first."""
        lines = cost_lines(self._scan_key)
        keys = (lines.c.resource_id, lines.c.charge_period_start, lines.c.billing_currency)
        sums = (exact_sum(lines.c.billed_cost), func.max(lines.c.commitment_discount_type))
        summed = select(*keys, *sums).group_by(*keys)
        found: list[ResourceMonth] = []
        with self._database.reading(self._scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, self._scan_key)
            for some in _parts(resource_ids):
                rows = connection.execute(summed.where(any_of(lines.c.resource_id, some)), bounds)
                found += [ResourceMonth(*row) for row in rows]
        return sorted(found, key=lambda each: (each.month, each.currency, each.resource_id))

    @whole_transaction
    def advice(self, resource_ids: Sequence[str]) -> list[AdvisorRecommendation]:
        """What Advisor says about them."""
        columns = [advisor.c[field.name] for field in fields(AdvisorRecommendation)]
        own = rows_of_scan(advisor, self._scan_key)
        statement = select(*columns).where(own).order_by(advisor.c.row_id)
        found: list[AdvisorRecommendation] = []
        with self._database.reading(self._scan_key.tenant_id) as connection:
            bounds = row_bounds(connection, self._scan_key)
            for some in _parts(resource_ids):
                rows = connection.execute(statement.where(any_of(advisor.c.resource_id, some)), bounds).mappings()
                found += [AdvisorRecommendation(**row) for row in rows]
        return found

    @whole_transaction
    def metrics(self, resource_ids: Sequence[str]) -> list[MetricSummary]:
        """Of each metric the summary that was fetched last."""
        table = metric_series.c
        own = of_scan(metric_series, self._scan_key)
        statement = select(
            table.resource_id, table.metric_name, table.unit, table.starts_at, table.step_seconds, table.points,
            table.average, table.p95, table.maximum,
        ).where(own).order_by(table.starts_at, table.job_id, table.series_number)  # fmt: skip
        found: dict[tuple[str, str], MetricSummary] = {}
        with self._database.reading(self._scan_key.tenant_id) as connection:
            for some in _parts(resource_ids):
                for row in connection.execute(statement.where(any_of(table.resource_id, some))):
                    until = row.starts_at + timedelta(seconds=row.step_seconds * row.points)
                    found[row.resource_id, row.metric_name] = MetricSummary(
                        row.resource_id, row.metric_name, row.unit, row.starts_at, until, row.average, row.p95,
                        row.maximum,
                    )  # fmt: skip
        return list(found.values())


def _parts(resource_ids: Sequence[str]) -> Iterator[list[str]]:
    distinct = sorted(set(resource_ids))
    for start in range(0, len(distinct), IDS_AT_ONCE):
        yield distinct[start : start + IDS_AT_ONCE]
