"""What operators' queries brought, as tables of values."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from shared.core.operator_jobs import JobCursor, OperatorJob
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.reviews.operator_jobs import OperatorJobs
from shared.sql.schema.desk_tables import adhoc_results

Values = Sequence[Any]


@dataclass(frozen=True)
class AdhocTable:
    """A result. `total_rows` is how many Azure says there are, where it says so: `rows` may be fewer."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total_rows: int | None
    received_at: datetime


class AdhocResults:
    """Where they are kept. The job's lease guards what is written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs = OperatorJobs(database)

    @whole_transaction
    def get(self, tenant_id: str, job_id: str) -> AdhocTable | None:
        with self._database.reading(tenant_id) as connection:
            return _read(connection, tenant_id, job_id)

    def add(
        self,
        job: OperatorJob,
        position: JobCursor,
        columns: Sequence[str],
        rows: Sequence[Values],
        now: datetime,
        lease_seconds: float,
        *,
        total_rows: int | None = None,
    ) -> OperatorJob:
        """Adds rows to the job's result and goes on to `position`. All rows of a job have the same columns."""

        def store(connection: Connection) -> None:
            earlier = _read(connection, job.tenant_id, job.job_id)
            _write(connection, job, columns, [*(earlier.rows if earlier else ()), *rows], total_rows, now)

        return self._jobs.advance(job, position, now, lease_seconds, store)


def _read(connection: Connection, tenant_id: str, job_id: str) -> AdhocTable | None:
    results = adhoc_results.c
    statement = select(adhoc_results).where(results.tenant_id == tenant_id, results.job_id == job_id)
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    table = json.loads(gzip.decompress(row.table_gzip))
    return AdhocTable(tuple(table["columns"]), tuple(map(tuple, table["rows"])), row.total_rows, row.received_at)


def _write(
    connection: Connection,
    job: OperatorJob,
    columns: Sequence[str],
    rows: Sequence[Values],
    total_rows: int | None,
    now: datetime,
) -> None:
    own = (adhoc_results.c.tenant_id == job.tenant_id, adhoc_results.c.job_id == job.job_id)
    connection.execute(delete(adhoc_results).where(*own))
    table = json.dumps({"columns": list(columns), "rows": [list(row) for row in rows]}, ensure_ascii=False)
    values = {
        "job_id": job.job_id,
        "tenant_id": job.tenant_id,
        "scan_id": job.scan_id,
        "rows": len(rows),
        "total_rows": total_rows,
        "table_gzip": gzip.compress(table.encode(), mtime=0),
        "received_at": now,
    }
    connection.execute(insert(adhoc_results).values(values))
