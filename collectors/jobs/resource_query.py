"""An operator's query to Resource Graph: over this scan's subscriptions, one page, scrubbed before it is stored."""

from decimal import Decimal
from typing import Any

from collectors.jobs.lease import LEASE_SECONDS, Hold, part_done
from collectors.payloads import compact
from collectors.scrubbing import scrub
from shared.arm.endpoints import QUERY_RESOURCES
from shared.arm.kql.query import rejection_reason
from shared.arm.request import ArmRequest, Json
from shared.core.errors import QueryRefused, UnexpectedPayload
from shared.core.models import Scan
from shared.core.operator_jobs import OperatorJob, Place
from shared.wiring import Services


class ResourceQueryWork:
    """One part: the query. The subscriptions are fixed in the request, not in its text."""

    can_simplify = False

    def __init__(self, services: Services, scan: Scan, job: OperatorJob) -> None:  # noqa: ARG002 - all kinds are made alike
        self.services = services
        self.asked = job.parameters
        self.results = services.adhoc_results

    def name_of(self, part: int) -> str:  # noqa: ARG002 - there is one
        return "The query"

    def read(self, hold: Hold, place: Place) -> None:
        """The one page."""
        complaint = rejection_reason(self.asked["query"])
        if complaint is not None:
            hold.advance(place.next_part(good=False, note=complaint))
            return
        try:
            page = self.services.paced_arm.send(self._request(), hold.asker)
        except QueryRefused as refused:
            where = f" ({refused.place})" if refused.place else ""
            note = f"Azure cannot read the query: {refused.code}{where}. Mend it and run it again."
            hold.advance(place.next_part(good=False, note=note))
            return
        columns, rows, total = table_of(page.payload)
        following = part_done(place, len(rows))
        hold.job = self.results.add(hold.job, following, columns, rows, hold.now(), LEASE_SECONDS, total_rows=total)

    def _request(self) -> ArmRequest:
        subscriptions = [str(each) for each in self.asked["subscriptions"]]
        body = {
            "subscriptions": subscriptions,
            "query": self.asked["query"],
            "options": {"resultFormat": "objectArray", "$top": int(self.asked["cap"])},
        }
        return ArmRequest(QUERY_RESOURCES, body=body, subscription_ids=tuple(subscriptions))

    def end(self, hold: Hold, place: Place) -> str:
        if not place.good:
            return "Nothing was read."
        found = self.results.get(hold.job.tenant_id, hold.job.job_id)
        total = found.total_rows if found else None
        more = f" of {total:,}" if total is not None and total > place.rows else ""
        return f"{place.rows:,}{more} rows."


def table_of(payload: Json) -> tuple[tuple[str, ...], list[tuple[Any, ...]], int | None]:
    """Columns in the order of their first appearance, rows, and how many rows there are in all."""
    data = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(data, list) or not all(isinstance(record, dict) for record in data):
        raise UnexpectedPayload("Resource Graph's data is no list of objects")
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
