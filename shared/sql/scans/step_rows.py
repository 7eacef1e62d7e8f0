"""A step's row: how it is found and read, and changed only by the holder of its lease."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Update, and_, select, update

from shared.core.errors import LeaseLost
from shared.core.models import ScanKey, Step, StepStatus, Subscription
from shared.sql.engine.text import fit
from shared.sql.schema.tables import steps

STEP_COLUMNS = [column for column in steps.c if column.name != "lease_expires_at"]
"""Those of a Step."""

NO_LEASE: dict[str, Any] = {"lease_id": None, "lease_expires_at": None}
NOTHING_READ: dict[str, Any] = {
    "request_index": 0, "cursor": None, "pages": 0, "rows": 0, "plan_key": None, "unread_json": None,
    "rows_set_aside": 0, "set_aside_json": None,
}  # fmt: skip
"""The values of a step that restarts; delete_pages deletes what it has stored."""

UNFINISHED = steps.c.status.not_in([status for status in StepStatus if status.is_final])


def step_key(tenant_id: str, step_id: int) -> ColumnElement[bool]:
    """The one step."""
    return and_(steps.c.tenant_id == tenant_id, steps.c.step_id == step_id)


def held_step(step: Step) -> Update:
    """An update that finds its row only while the step is unfinished and leased to whom it was when it was read."""
    return update(steps).where(step_key(step.tenant_id, step.step_id), UNFINISHED, steps.c.lease_id == step.lease_id)


def still_held(connection: Connection, step: Step) -> Step:
    """The step as it stands, if its holder is whom it was; raises LeaseLost."""
    current = read_step(connection, step.tenant_id, step.step_id)
    if current is None or step.lease_id is None or current.lease_id != step.lease_id:
        raise LeaseLost(f"step {step.step_id} is no longer held")
    return current


def read_step(connection: Connection, tenant_id: str, step_id: int) -> Step | None:
    """The step, in the caller's transaction."""
    row = connection.execute(select(*STEP_COLUMNS).where(step_key(tenant_id, step_id))).one_or_none()
    return None if row is None else step_of(row)


def step_of(row: Row[Any]) -> Step:
    """The row as a step."""
    values = {**row._mapping, "status": StepStatus(row.status)}  # noqa: SLF001  SQLAlchemy's public mapping
    return Step(**values)


def new_step(scan_key: ScanKey, collector: str, subscription: Subscription, now: datetime) -> dict[str, Any]:
    """The row of a step that is to be done."""
    return {
        "tenant_id": scan_key.tenant_id,
        "scan_id": scan_key.scan_id,
        "collector": collector,
        "subscription_id": subscription.subscription_id,
        "subscription_name": fit(steps.c.subscription_name, subscription.display_name),
        "subscription_state": subscription.state[:40],
        "status": StepStatus.PENDING,
        "attempt": 0,
        "request_index": 0,
        "simplified": 0,
        "pages": 0,
        "rows": 0,
        "updated_at": now,
    }
