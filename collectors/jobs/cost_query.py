"""Run an operator's cost query, one subscription after the other, within Azure's quota."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from collectors.jobs.lease import LEASE_SECONDS, JobLease, after_part
from shared.arm.endpoints import QUERY_COSTS
from shared.arm.request import ArmRequest, Json
from shared.core.cost_query import MAX_ROWS, CostQuery
from shared.core.errors import UnexpectedPayload
from shared.core.models import Scan
from shared.core.operator_jobs import JobCursor, OperatorJob
from shared.wiring import Services

SUBSCRIPTION_COLUMN = "SubscriptionId"
CUT = f"The result was cut off after {MAX_ROWS:,} rows. Narrow the query to see the rest."


class CostQueryWork:
    """The parts are subscriptions."""

    def __init__(self, services: Services, scan: Scan, job: OperatorJob) -> None:  # noqa: ARG002 - all kinds are made alike
        self.services = services
        self.asked = job.parameters
        self.results = services.adhoc_results

    def simpler_queries(self, part: int) -> int:  # noqa: ARG002 - none of its parts has one
        return 0

    def name_of(self, part: int) -> str:
        return str(self.asked["subscriptions"][part])

    def read(self, lease: JobLease, position: JobCursor) -> None:
        """One page of one subscription."""
        subscription_id = self.asked["subscriptions"][position.part]
        request = ArmRequest(
            QUERY_COSTS, subscription_id, {"$top": "5000"}, CostQuery.from_parameters(self.asked).body()
        )
        page = self.services.paced_arm.send(request, lease.caller, position.cursor)
        columns, rows = table_of(page.payload, subscription_id)
        room = MAX_ROWS - position.rows
        following = replace(position, cursor=page.next_cursor, rows=position.rows + len(rows[:room]))
        if page.next_cursor is None or len(rows) >= room:
            following = after_part(following)
        if len(rows) > room or (page.next_cursor and len(rows) == room):
            following = replace(following, part=len(self.asked["subscriptions"]), notes=(*following.notes, CUT))
        lease.job = self.results.add(
            lease.job, following, columns or self._columns(lease), rows[:room], lease.now(), LEASE_SECONDS
        )
        lease.faults = 0

    def _columns(self, lease: JobLease) -> tuple[str, ...]:
        """Return the columns stored so far, for a response without any."""
        earlier = self.results.get(lease.job.tenant_id, lease.job.job_id)
        return earlier.columns if earlier else (SUBSCRIPTION_COLUMN,)

    def end(self, lease: JobLease, position: JobCursor) -> str:  # noqa: ARG002 - the protocol's signature
        asked = len(self.asked["subscriptions"])
        rows, subscriptions = (
            ("row" if position.rows == 1 else "rows"),
            ("subscription" if asked == 1 else "subscriptions"),
        )
        return f"{position.rows:,} {rows} from {position.good} of {asked} {subscriptions}."


def table_of(payload: Json, subscription_id: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return columns and rows: the subscription first, then by name so that all pages agree; nothing for 204."""
    if payload is None:
        return (), []
    properties = payload.get("properties") if isinstance(payload, dict) else None
    headings = properties.get("columns") if isinstance(properties, dict) else None
    rows = properties.get("rows") if isinstance(properties, dict) else None
    if not isinstance(headings, list) or not isinstance(rows, list):
        raise UnexpectedPayload("the cost response has no rows or no columns")
    names = [str(heading.get("name")) if isinstance(heading, dict) else "" for heading in headings]
    if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        raise UnexpectedPayload("a cost row is not as wide as the columns")
    order = sorted(range(len(names)), key=lambda position: names[position].lower())
    columns = (SUBSCRIPTION_COLUMN, *(names[position] for position in order))
    return columns, [(subscription_id, *(_value(row[position]) for position in order)) for row in rows]


def _value(value: Json) -> str | int | bool | None:
    """Return the value; amounts as text, so that no digit is lost."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, (str, int)):
        return value
    raise UnexpectedPayload("a cost row holds a list or an object")
