"""A step read anew: its pages wait beside the earlier ones and take their position in one transaction."""

import gzip
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from shared.arm.request import ArmPage
from shared.core.errors import LeaseLost, UnexpectedPayload
from shared.core.models import Scan, ScanStatus, Step, StepStatus
from shared.core.operator_jobs import JobCursor, OperatorJob
from shared.core.set_aside import SetAside, not_sent, with_set_aside
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import whole_transaction
from shared.sql.engine.text import fit
from shared.sql.reviews.operator_jobs import OperatorJobs
from shared.sql.scans.dimension_numbers import DimensionNumbers
from shared.sql.scans.pages import collected_table, compressed, delete_pages, insert_page, insert_rows
from shared.sql.scans.row_batches import StorableRows, storable_rows
from shared.sql.scans.scan_figures import figures_now
from shared.sql.schema.desk_tables import job_pages
from shared.sql.schema.tables import scans, steps

Row = tuple[object, ...]
Check = Callable[[Iterable[Row]], object]


@dataclass(frozen=True)
class StepReplacement:
    """How the pages of one step become rows.

    `rows_of(body, is_first_page)` makes the rows of a page as it was kept; `readable_of` makes those that
    also pass a check, with the reasons why others do not, each with their number; `counted(body)` is how
    many rows Azure says there are. `completion_notice(rows, set_aside, set_aside_json)` is the step's code
    and sentence, (None, None) when all is well; `plan_key` and `unread_json` are the step's from now on.
    """

    columns: tuple[str, ...]
    simplified: int
    rows_of: Callable[[bytes, bool], Iterable[Row]]
    readable_of: Callable[[bytes, bool, Check], tuple[list[Row], Mapping[str, int]]]
    counted: Callable[[bytes], int | None]
    completion_notice: Callable[[int, int, str | None], tuple[str | None, str | None]]
    plan_key: str
    unread_json: str | None


@dataclass(frozen=True)
class LastResponse:
    """What the last of a step's requests brought: a page with its number, or None where Azure refused it.

    `first_pages` are the numbers of all the pages that began a request.
    """

    page: ArmPage | None
    number: int
    first_pages: tuple[int, ...]


class Repulls:
    """Where pages wait, and how they take the position of the earlier ones. The job's lease guards both."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs = OperatorJobs(database)

    def stage(
        self,
        job: OperatorJob,
        position: JobCursor,
        page: ArmPage | None,
        number: int,
        now: datetime,
        lease_seconds: float,
    ) -> OperatorJob:
        """Keeps a page for later, if there is one, with the position to go on from."""

        def store(connection: Connection) -> None:
            _stage(connection, job, page, number, now)

        return self._jobs.advance(job, position, now, lease_seconds, store)

    def swap(
        self,
        job: OperatorJob,
        position: JobCursor,
        step: Step,
        last: LastResponse,
        reading: StepReplacement,
        now: datetime,
        lease_seconds: float,
    ) -> OperatorJob:
        """Keeps the last page, then puts all that were kept in the position of the step's, and their rows."""

        def store(connection: Connection) -> None:
            _stage(connection, job, last.page, last.number, now)
            _swap(connection, job, step, reading, frozenset(last.first_pages), now)

        return self._jobs.advance(job, position, now, lease_seconds, store)

    def discard(self, job: OperatorJob, position: JobCursor, now: datetime, lease_seconds: float) -> OperatorJob:
        """Forgets the pages of a step that could not be read to its end."""

        def store(connection: Connection) -> None:
            connection.execute(delete(job_pages).where(*_own(job)))

        return self._jobs.advance(job, position, now, lease_seconds, store)

    @whole_transaction
    def restate(self, scan: Scan, status: ScanStatus, reason: str | None) -> None:
        """Update the outcome of a finished scan after a re-pull. Its end time stays;
        its findings are to be drafted again."""
        own = (scans.c.tenant_id == scan.tenant_id, scans.c.scan_id == scan.scan_id, scans.c.status == scan.status)
        values = {"status": status, "status_reason": fit(scans.c.status_reason, reason), "drafting_ended_at": None}
        with self._database.transaction(scan.tenant_id) as connection:
            figures = figures_now(connection, scan.key).columns()
            connection.execute(update(scans).where(*own).values(**values, **figures))


def _stage(connection: Connection, job: OperatorJob, page: ArmPage | None, number: int, now: datetime) -> None:
    """A page of this number from an earlier try is replaced."""
    connection.execute(delete(job_pages).where(*_own(job), job_pages.c.page_number >= number))
    if page is None:
        return
    values = {
        "job_id": job.job_id,
        "page_number": number,
        "tenant_id": job.tenant_id,
        "scan_id": job.scan_id,
        "status": page.status,
        "body_gzip": compressed(page.body),
        "received_at": now,
    }
    connection.execute(insert(job_pages).values(values))


def _swap(
    connection: Connection,
    job: OperatorJob,
    step: Step,
    reading: StepReplacement,
    first_pages: frozenset[int],
    now: datetime,
) -> None:
    table = collected_table(step.collector)
    delete_pages(connection, step, table)
    pages = connection.execute(select(job_pages).where(*_own(job)).order_by(job_pages.c.page_number)).all()
    rows, counted, known = 0, None, DimensionNumbers()
    set_aside: list[SetAside] = []
    for number, page in enumerate(pages):
        at, body = replace(step, pages=number), gzip.decompress(page.body_gzip)
        insert_page(connection, at, page.status, page.body_gzip, page.received_at)
        values, reasons = _values(connection, table, reading, body, page.page_number in first_pages)
        known.added(insert_rows(connection, at, values, known), replace(step, pages=number + 1))
        rows, counted = rows + values.count, reading.counted(body)
        set_aside += [SetAside(number, why, count) for why, count in reasons.items()]
    set_aside += not_sent(counted, rows, set_aside, len(pages) - 1)
    connection.execute(delete(job_pages).where(*_own(job)))
    _note(connection, step, reading, len(pages), rows, set_aside, now)


def _values(
    connection: Connection, table: Table, reading: StepReplacement, body: bytes, is_first_page: bool
) -> tuple[StorableRows, Mapping[str, int]]:
    """Return a page's rows by column, and why others cannot be read."""

    def by_column(rows: Iterable[Row]) -> StorableRows:
        return storable_rows(table, reading.columns, rows, connection.dialect)

    try:
        return by_column(reading.rows_of(body, is_first_page)), {}
    except UnexpectedPayload:
        rows, reasons = reading.readable_of(body, is_first_page, by_column)
        return by_column(rows), reasons


def _note(
    connection: Connection,
    step: Step,
    reading: StepReplacement,
    pages: int,
    rows: int,
    set_aside: Sequence[SetAside],
    now: datetime,
) -> None:
    """Write what became of the step. Raises UnexpectedPayload rather than replace its rows by none."""
    count = sum(each.count for each in set_aside)
    if count > 1 and not rows:
        raise UnexpectedPayload(f"none of {count} rows can be read")
    set_aside_json = with_set_aside(None, set_aside) if set_aside else None
    code, reason = reading.completion_notice(rows, count, set_aside_json)
    values = {
        "status": StepStatus.SUCCEEDED,
        "status_code": fit(steps.c.status_code, code),
        "status_reason": fit(steps.c.status_reason, reason),
        "remedy_role": None,
        "remedy_scope": None,
        "cursor": None,
        "simplified": reading.simplified,
        "plan_key": reading.plan_key,
        "unread_json": reading.unread_json,
        "rows_set_aside": count,
        "set_aside_json": set_aside_json,
        "pages": pages,
        "rows": rows,
        "updated_at": now,
    }
    own = (steps.c.tenant_id == step.tenant_id, steps.c.scan_id == step.scan_id, steps.c.step_id == step.step_id)
    if connection.execute(update(steps).where(*own).values(values)).rowcount != 1:
        raise LeaseLost(f"step {step.step_id} was deleted")


def _own(job: OperatorJob) -> tuple[Any, ...]:
    return job_pages.c.tenant_id == job.tenant_id, job_pages.c.job_id == job.job_id
