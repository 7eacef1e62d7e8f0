"""Steps: claimed by one worker at a time, resumable page by page."""

import builtins
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, insert, or_, select, update
from sqlalchemy import Connection as SqlConnection
from sqlalchemy.exc import IntegrityError

from shared.arm.request import ArmPage
from shared.core.errors import LeaseLost
from shared.core.models import ScanKey, ScanStatus, Step, StepStatus, Subscription
from shared.core.set_aside import SetAside, with_set_aside
from shared.sql.engine.engine import Database
from shared.sql.engine.retries import commit_is_unknown, whole_transaction
from shared.sql.engine.text import fit
from shared.sql.scans.dimension_numbers import DimensionNumbers
from shared.sql.scans.pages import collected_table, compressed, delete_pages, insert_page, insert_rows
from shared.sql.scans.row_batches import storable_rows
from shared.sql.scans.scans import scan_is_there
from shared.sql.scans.step_rows import (
    NO_LEASE,
    NOTHING_READ,
    STEP_COLUMNS,
    UNFINISHED,
    held_step,
    new_step,
    read_step,
    step_key,
    step_of,
    still_held,
)
from shared.sql.schema.metadata import of_scan
from shared.sql.schema.tables import scans, steps

OVERDUE = timedelta(minutes=30)
"""How long a message may take to arrive before the sweeper sends it again: costs queue up behind a tenant's quota."""

DEAD_FOR = timedelta(minutes=1)
"""How long a lease has been over before the sweeper speaks for its worker's death."""


class Steps:
    """Stores steps. A worker holds the lease of its step; without it every change raises LeaseLost."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert_missing(
        self, scan_key: ScanKey, wanted: Sequence[tuple[str, Subscription]], now: datetime, *, simplified: int = 0
    ) -> None:
        """Adds the (collector, subscription) steps that the scan has not got yet; none if the scan was deleted."""
        try:
            self._insert_missing(scan_key, wanted, now, simplified)
        except IntegrityError:  # The same plan, delivered twice, ran at once: what it added is there now.
            self._insert_missing(scan_key, wanted, now, simplified)

    @whole_transaction
    def _insert_missing(
        self, scan_key: ScanKey, wanted: Sequence[tuple[str, Subscription]], now: datetime, simplified: int
    ) -> None:
        with self._database.transaction(scan_key.tenant_id) as connection:
            if not scan_is_there(connection, scan_key):
                return
            present = {
                (row.collector, row.subscription_id)
                for row in connection.execute(
                    select(steps.c.collector, steps.c.subscription_id).where(of_scan(steps, scan_key))
                )
            }
            missing = [
                {**new_step(scan_key, collector, subscription, now), "simplified": simplified}
                for collector, subscription in wanted
                if (collector, subscription.subscription_id) not in present
            ]
            if missing:
                connection.execute(insert(steps), missing)

    def add_following(self, step: Step, collectors: Sequence[str], now: datetime) -> builtins.list[Step]:
        """Adds steps of these collectors for the step's subscription, which start with its simpler query if it has one.

        Returns those that no worker has claimed yet, also if they were added before.
        """
        subscription = Subscription(step.subscription_id, step.subscription_name, step.subscription_state, None)
        wanted = [(collector, subscription) for collector in collectors]
        self.insert_missing(step.scan_key, wanted, now, simplified=step.simplified)
        return [
            each
            for each in self.list(step.scan_key)
            if each.subscription_id == step.subscription_id and each.collector in collectors and each.attempt == 0
        ]

    @whole_transaction
    def get(self, tenant_id: str, step_id: int) -> Step | None:
        with self._database.reading(tenant_id) as connection:
            return read_step(connection, tenant_id, step_id)

    def claim(self, tenant_id: str, step_id: int, now: datetime, lease_seconds: float) -> Step | None:
        """The step, leased to the caller; None if it is finished or held by a living worker.

        A waiting step may be claimed at any time: when to bring it back is the queue's schedule.
        """
        lease = {"lease_id": str(uuid.uuid4()), "lease_expires_at": now + timedelta(seconds=lease_seconds)}
        return self._claim(tenant_id, step_id, now, lease)

    @whole_transaction
    def _claim(self, tenant_id: str, step_id: int, now: datetime, lease: dict[str, Any]) -> Step | None:
        """Claimed once: run again, it finds the lease that it has taken already."""
        free = or_(
            steps.c.status.in_((StepStatus.PENDING, StepStatus.WAITING)),
            and_(steps.c.status == StepStatus.RUNNING, steps.c.lease_expires_at <= now),
        )
        statement = update(steps).where(step_key(tenant_id, step_id), free)
        values = {
            "status": StepStatus.RUNNING,
            "status_reason": None,
            "attempt": steps.c.attempt + 1,
            "not_before": None,
            "updated_at": now,
            **lease,
        }
        with self._database.transaction(tenant_id) as connection:
            if connection.execute(statement.values(values)).rowcount != 1 and not commit_is_unknown():
                return None
            claimed = read_step(connection, tenant_id, step_id)
            return claimed if claimed and claimed.lease_id == lease["lease_id"] else None

    def save_page(
        self,
        step: Step,
        page: ArmPage,
        table: str,
        columns: tuple[str, ...],
        rows: Iterable[tuple[object, ...]],
        next_request_index: int,
        next_cursor: str | None,
        now: datetime,
        lease_seconds: float,
        set_aside: Sequence[SetAside] = (),
        known: DimensionNumbers | None = None,
    ) -> Step:
        """Stores the page, its rows and where to go on, all or nothing, and extends the lease.

        `columns` are in the order of the table. What `rows` raises comes before the first
        write. A page that the step has already is not stored twice. `set_aside` are the rows of
        the page that could not be read. `known` is what the worker knows of the values that are stored.
        """
        given = storable_rows(collected_table(table), columns, rows, self._database.dialect)
        known = known or DimensionNumbers()
        progress: dict[str, Any] = {
            "pages": step.pages + 1,
            "rows": step.rows + given.count,
            "request_index": next_request_index,
            "cursor": next_cursor,
            "plan_key": step.plan_key,
            "updated_at": now,
        }
        if set_aside:
            progress["rows_set_aside"] = step.rows_set_aside + sum(each.count for each in set_aside)
            progress["set_aside_json"] = with_set_aside(step.set_aside_json, set_aside)
        lease = {"lease_expires_at": now + timedelta(seconds=lease_seconds)}
        advance = held_step(step).where(steps.c.lease_id.is_not(None), steps.c.pages == step.pages)
        body_gzip = compressed(page.body)

        def store() -> Step:
            """The count of pages is the guard: run again, it finds the page stored."""
            with self._database.transaction(step.tenant_id) as connection:
                if connection.execute(advance.values(progress | lease)).rowcount != 1:
                    return still_held(connection, step)
                insert_page(connection, step, page.status, body_gzip, now)
                added = insert_rows(connection, step, given, known)
            following = replace(step, **progress)
            known.added(added, following)
            return following

        return self._database.repeat(store)

    def check_rows(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
        """Raises UnexpectedPayload for rows that the table cannot hold; writes nothing."""
        storable_rows(collected_table(table), columns, rows, self._database.dialect)

    @whole_transaction
    def restart(self, step: Step, now: datetime, *, simplified: int) -> Step:
        """Starts the step again with the full query (0) or a simpler one, without what it has stored so far."""
        values = {**NOTHING_READ, "simplified": simplified, "updated_at": now}
        with self._database.transaction(step.tenant_id) as connection:
            connection.execute(held_step(step).values(values))
            current = still_held(connection, step)
            delete_pages(connection, step, collected_table(step.collector))
            return current

    @whole_transaction
    def skip_request(self, step: Step, unread_json: str, now: datetime) -> Step:
        """Continue with the next request; `unread_json` names what of the step failed, this request included."""
        progress: dict[str, Any] = {
            "request_index": step.request_index + 1,
            "cursor": None,
            "unread_json": unread_json,
            "plan_key": step.plan_key,
            "updated_at": now,
        }
        with self._database.transaction(step.tenant_id) as connection:
            connection.execute(held_step(step).values(progress))
            still_held(connection, step)
        return replace(step, **progress)

    def wait(self, step: Step, not_before: datetime, reason: str, now: datetime) -> None:
        """Gives the step back until `not_before`; a scheduled message brings it up again."""
        values = {"status": StepStatus.WAITING, "not_before": not_before, "status_reason": _reason(reason)}
        self._give_back(step, now, values)

    def release(self, step: Step, now: datetime, reason: str | None = None) -> None:
        """Gives the step back at once, for the next message or the same one delivered again; why, for people."""
        self._give_back(step, now, {"status": StepStatus.PENDING, "status_reason": _reason(reason)})

    def complete(
        self,
        step: Step,
        status: StepStatus,
        now: datetime,
        *,
        code: str | None = None,
        reason: str | None = None,
        remedy_role: str | None = None,
        remedy_scope: str | None = None,
    ) -> None:
        """Ends the step, with what the customer can do about it if anything.

        A step without a lease can be ended too, unless a worker has claimed it since it was read.
        """
        values = {
            "status": status,
            "status_code": fit(steps.c.status_code, code),
            "status_reason": _reason(reason),
            "remedy_role": fit(steps.c.remedy_role, remedy_role),
            "remedy_scope": fit(steps.c.remedy_scope, remedy_scope),
            "cursor": None,
        }
        self._give_back(step, now, values)

    @whole_transaction
    def _give_back(self, step: Step, now: datetime, values: dict[str, Any]) -> None:
        with self._database.transaction(step.tenant_id) as connection:
            statement = held_step(step).values({**NO_LEASE, **values, "updated_at": now})
            if connection.execute(statement).rowcount != 1 and not _is_given_back(connection, step, values, now):
                raise LeaseLost(f"step {step.step_id} is no longer held")

    @whole_transaction
    def stale(self, now: datetime) -> builtins.list[Step]:
        """Return steps of all customers without an active worker: lost messages, dead workers."""
        overdue = or_(
            and_(steps.c.status == StepStatus.PENDING, steps.c.updated_at <= now - OVERDUE),
            and_(
                steps.c.status == StepStatus.WAITING,
                steps.c.not_before <= now - OVERDUE,
                steps.c.updated_at <= now - OVERDUE,
            ),
            and_(steps.c.status == StepStatus.RUNNING, steps.c.lease_expires_at <= now - DEAD_FOR),
        )
        statement = select(*STEP_COLUMNS).where(overdue, _scan_is_collecting()).order_by(steps.c.step_id)
        with self._database.system_reading() as connection:
            return [step_of(row) for row in connection.execute(statement)]

    @whole_transaction
    def touch(self, step: Step, now: datetime) -> None:
        """Notes that the step's message was sent again, so that the sweeper leaves it alone for a while."""
        statement = update(steps).where(step_key(step.tenant_id, step.step_id), UNFINISHED)
        with self._database.transaction(step.tenant_id) as connection:
            connection.execute(statement.values(updated_at=now))

    @whole_transaction
    def break_leases(self) -> int:
        """Gives back every step that is held, for a process that knows it is alone: its predecessor is dead."""
        statement = update(steps).where(steps.c.status == StepStatus.RUNNING)
        with self._database.system_transaction() as connection:
            return connection.execute(statement.values(status=StepStatus.PENDING, **NO_LEASE)).rowcount

    @whole_transaction
    def list(self, scan_key: ScanKey) -> builtins.list[Step]:
        """All steps of the scan, in the order in which they were planned."""
        statement = select(*STEP_COLUMNS).where(of_scan(steps, scan_key)).order_by(steps.c.step_id)
        with self._database.reading(scan_key.tenant_id) as connection:
            return [step_of(row) for row in connection.execute(statement)]


def _scan_is_collecting() -> ColumnElement[bool]:
    return exists().where(
        scans.c.scan_id == steps.c.scan_id,
        scans.c.tenant_id == steps.c.tenant_id,
        scans.c.status == ScanStatus.COLLECTING,
    )


def _is_given_back(connection: SqlConnection, step: Step, values: dict[str, Any], now: datetime) -> bool:
    """Whether a commit that was not answered did this already, and no worker has claimed the step since."""
    if not commit_is_unknown():
        return False
    current = read_step(connection, step.tenant_id, step.step_id)
    done = (values["status"], step.attempt, now)
    return current is not None and (current.status, current.attempt, current.updated_at) == done


def _reason(text: str | None) -> str | None:
    return fit(steps.c.status_reason, text)
