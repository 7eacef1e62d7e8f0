"""The nightly purge runs, and the overview of retention for operators."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from shared.core.deletions import Receipt
from shared.core.periods import RETENTION_NOTICE_DAYS
from shared.sql.deletion.receipts import Receipts
from shared.sql.deletion.retention_due import Due
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import commit_is_unknown, whole_transaction
from shared.sql.schema.record_tables import purge_run_results, purge_runs

LOOKING_BACK = timedelta(days=90)


@dataclass(frozen=True)
class PurgeRun:
    """One run as of a day. `finished_at` None: it is under way, or it died and the next went on."""

    run_id: int
    as_of: date
    started_at: datetime
    finished_at: datetime | None
    customers: int
    rows_deleted: int


@dataclass(frozen=True)
class RetentionOverview:
    """What was deleted in the last LOOKING_BACK, newest first; whose day is overdue or comes in RETENTION_NOTICE_DAYS;
    the latest purge runs, newest first."""

    deleted: list[Receipt]
    overdue: list[str]
    coming: dict[date, list[str]]
    runs: list[PurgeRun]

    @property
    def unfinished(self) -> list[Receipt]:
        return [receipt for receipt in self.deleted if not receipt.is_done]


class PurgeRuns:
    """Where the runs are kept: one row when a run begins and one when it ends; neither is ever changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def begin(self, as_of: date, now: datetime) -> int:
        """Notes that a run has begun; its number."""
        values = {"as_of": as_of, "started_at": now, "customers": 0, "rows_deleted": 0}
        begun = select(purge_runs.c.run_id).where(purge_runs.c.as_of == as_of, purge_runs.c.started_at == now)
        with self._database.system_transaction() as connection:
            if commit_is_unknown() and (run_id := connection.execute(begun).scalar()):
                return int(run_id)
            key = connection.execute(insert(purge_runs).values(values)).inserted_primary_key
            return int(key[0]) if key else 0

    @whole_transaction
    def finish(self, run_id: int, now: datetime, customers: int, rows_deleted: int) -> None:
        """Notes how it ended."""
        values = {"finished_at": now, "customers": customers, "rows_deleted": rows_deleted}
        with self._database.system_transaction() as connection:
            if not (commit_is_unknown() and _is_finished(connection, run_id)):
                connection.execute(insert(purge_run_results).values(run_id=run_id, **values))

    @whole_transaction
    def latest(self, limit: int) -> list[PurgeRun]:
        """The last runs, newest first."""
        run, result = purge_runs.c, purge_run_results.c
        statement = (
            select(run.run_id, run.as_of, run.started_at, result.finished_at)
            .add_columns(func.coalesce(result.customers, 0).label("customers"))
            .add_columns(func.coalesce(result.rows_deleted, 0).label("rows_deleted"))
            .join_from(purge_runs, purge_run_results, result.run_id == run.run_id, isouter=True)
            .order_by(run.run_id.desc())
            .limit(limit)
        )
        with self._database.system_reading() as connection:
            return [_run(row) for row in connection.execute(statement)]


def _is_finished(connection: Connection, run_id: int) -> bool:
    found = select(purge_run_results.c.run_id).where(purge_run_results.c.run_id == run_id)
    return connection.execute(found).first() is not None


def retention_overview(database: Database, receipts: Receipts, now: datetime) -> RetentionOverview:
    """What operators are to know, as of `now`."""
    today = now.date()
    due = Due(database)
    return RetentionOverview(
        deleted=receipts.since(now - LOOKING_BACK),
        overdue=due.by(today),
        coming=due.between(today + timedelta(days=1), today + timedelta(days=RETENTION_NOTICE_DAYS)),
        runs=PurgeRuns(database).latest(14),
    )


def _run(row: Row[Any]) -> PurgeRun:
    return PurgeRun(**row._mapping)  # noqa: SLF001  SQLAlchemy's public mapping
