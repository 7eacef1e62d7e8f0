"""Metrics that reviewers asked for, as series. A point without a value is none: it is no zero."""

import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from shared.core.operator_jobs import JobCursor, OperatorJob
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.reviews.operator_jobs import OperatorJobs
from shared.sql.schema.desk_tables import metric_series

Point = tuple[float | None, float | None]
"""The value of one step, and its largest; None where Azure has none."""


@dataclass(frozen=True)
class MetricSeries:
    """One metric of one resource from `starts_at` on, a point every `step_seconds`."""

    resource_id: str
    metric_name: str
    unit: str
    starts_at: datetime
    step_seconds: int
    points: tuple[Point, ...]

    @property
    def values(self) -> list[float]:
        return [value for value, _ in self.points if value is not None]

    @property
    def missing(self) -> int:
        return len(self.points) - len(self.values)

    @property
    def average(self) -> float | None:
        """Over the points that have a value; None without any."""
        return math.fsum(self.values) / len(self.values) if self.values else None

    @property
    def p95(self) -> float | None:
        """The smallest value that at least 95 % of the points do not exceed (nearest rank)."""
        ranked = sorted(self.values)
        return ranked[math.ceil(0.95 * len(ranked)) - 1] if ranked else None

    @property
    def maximum(self) -> float | None:
        """The largest value within any step, where Azure tells it; else the largest of the points."""
        tops = [top for _, top in self.points if top is not None] or self.values
        return max(tops) if tops else None


class MetricSeriesStore:
    """Where they are kept. The job's lease guards what is written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs = OperatorJobs(database)

    def add(
        self, job: OperatorJob, position: JobCursor, series: Sequence[MetricSeries], now: datetime, lease_seconds: float
    ) -> OperatorJob:
        """Store the result of one call and advance to `position`; a repeated call replaces its result."""

        def store(connection: Connection) -> None:
            first = job.position.part * 10_000
            table = metric_series.c
            own = (table.tenant_id == job.tenant_id, table.job_id == job.job_id)
            within = (table.series_number >= first, table.series_number < first + 10_000)
            connection.execute(delete(metric_series).where(*own, *within))
            for number, one in enumerate(series):
                connection.execute(insert(metric_series).values(_values(job, first + number, one)))

        return self._jobs.advance(job, position, now, lease_seconds, store)

    @whole_transaction
    def of_job(self, tenant_id: str, job_id: str) -> list[MetricSeries]:
        """The series of one job, in the order in which they came."""
        table = metric_series.c
        statement = select(metric_series).where(table.tenant_id == tenant_id, table.job_id == job_id)
        with self._database.reading(tenant_id) as connection:
            rows = connection.execute(statement.order_by(table.series_number)).all()
        return [
            MetricSeries(row.resource_id, row.metric_name, row.unit, row.starts_at, row.step_seconds, _points(row))
            for row in rows
        ]


def _points(row: object) -> tuple[Point, ...]:
    pairs = json.loads(gzip.decompress(row.points_gzip))  # type: ignore[attr-defined]
    return tuple((value, top) for value, top in pairs)


def _values(job: OperatorJob, number: int, series: MetricSeries) -> dict[str, object]:
    return {
        "job_id": job.job_id,
        "series_number": number,
        "tenant_id": job.tenant_id,
        "scan_id": job.scan_id,
        "resource_id": series.resource_id,
        "metric_name": series.metric_name,
        "unit": series.unit,
        "starts_at": series.starts_at,
        "step_seconds": series.step_seconds,
        "points": len(series.points),
        "missing": series.missing,
        "average": series.average,
        "p95": series.p95,
        "maximum": series.maximum,
        "points_gzip": gzip.compress(json.dumps(series.points).encode(), mtime=0),
    }
