"""Run an operator's Resource Graph query over this scan's subscriptions: one page, scrubbed before it is stored."""

from decimal import Decimal
from typing import Any

from collectors.jobs.lease import LEASE_SECONDS, JobLease, after_part
from collectors.payloads import compact
from collectors.scrubbing import scrub
from shared.arm.endpoints import QUERY_RESOURCES
from shared.arm.kql.query import rejection_reason
from shared.arm.request import ArmRequest, Json
from shared.core.errors import QueryRefused, UnexpectedPayload
from shared.core.models import Scan
from shared.core.operator_jobs import JobCursor, OperatorJob
from shared.wiring import Services


class ResourceQueryWork:
    """One part: the query. The subscriptions are fixed in the request, not in its text."""

    def __init__(self, services: Services, scan: Scan, job: OperatorJob) -> None:  # noqa: ARG002 - all kinds are made alike
        self.services = services
        self.asked = job.parameters
        self.results = services.adhoc_results

    def simpler_queries(self, part: int) -> int:  # noqa: ARG002 - none of its parts has one
        return 0

    def name_of(self, part: int) -> str:  # noqa: ARG002 - there is one
        return "The query"

    def read(self, lease: JobLease, position: JobCursor) -> None:
        """Read the one page."""
        rejection = rejection_reason(self.asked["query"])
        if rejection is not None:
            lease.advance(position.next_part(good=False, note=rejection))
            return
        try:
            page = self.services.paced_arm.send(self._request(), lease.caller)
        except QueryRefused as refused:
            where = f" ({refused.place})" if refused.place else ""
            note = f"Azure rejected the query: {refused.code}{where}. Fix it and run it again."
            lease.advance(position.next_part(good=False, note=note))
            return
        columns, rows, total = table_of(page.payload)
        following = after_part(position, len(rows))
        lease.job = self.results.add(lease.job, following, columns, rows, lease.now(), LEASE_SECONDS, total_rows=total)

    def _request(self) -> ArmRequest:
        subscriptions = [str(each) for each in self.asked["subscriptions"]]
        body = {
            "subscriptions": subscriptions,
            "query": self.asked["query"],
            "options": {"resultFormat": "objectArray", "$top": int(self.asked["cap"])},
        }
        return ArmRequest(QUERY_RESOURCES, body=body, subscription_ids=tuple(subscriptions))

    def end(self, lease: JobLease, position: JobCursor) -> str:
        if not position.good:
            return "No data was read."
        found = self.results.get(lease.job.tenant_id, lease.job.job_id)
        total = found.total_rows if found else None
        more = f" of {total:,}" if total is not None and total > position.rows else ""
        return f"{position.rows:,}{more} rows."


def table_of(payload: Json) -> tuple[tuple[str, ...], list[tuple[Any, ...]], int | None]:
    """Return columns in order of first appearance, rows, and the total number of rows."""
    data = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(data, list) or not all(isinstance(record, dict) for record in data):
        raise UnexpectedPayload("Resource Graph's data is not a list of objects")
    columns = tuple(dict.fromkeys(name for record in data for name in record))
    total = payload.get("totalRecords")
    rows = [tuple(_cell(record.get(name)) for name in columns) for record in map(scrub, data)]
    return columns, rows, total if isinstance(total, int) else None


def _cell(value: Json) -> str | int | float | bool | None:
    if isinstance(value, (dict, list)):
        return compact(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
