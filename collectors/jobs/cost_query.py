"""An operator's cost query: by form, one subscription after the other, in Azure's own quota."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from collectors.jobs.lease import LEASE_SECONDS, Hold, part_done
from shared.arm.endpoints import QUERY_COSTS
from shared.arm.request import ArmRequest, Json
from shared.core.cost_query import MOST_ROWS, CostQuestion
from shared.core.errors import UnexpectedPayload
from shared.core.models import Scan
from shared.core.operator_jobs import OperatorJob, Place
from shared.wiring import Services

SUBSCRIPTION_COLUMN = "SubscriptionId"
CUT = f"The result is cut off after {MOST_ROWS:,} rows: ask for less at a time."


class CostQueryWork:
    """The parts are subscriptions."""

    can_simplify = False

    def __init__(self, services: Services, scan: Scan, job: OperatorJob) -> None:  # noqa: ARG002 - all kinds are made alike
        self.services = services
        self.asked = job.parameters
        self.results = services.adhoc_results

    def name_of(self, part: int) -> str:
        return str(self.asked["subscriptions"][part])

    def read(self, hold: Hold, place: Place) -> None:
        """One page of one subscription."""
        subscription_id = self.asked["subscriptions"][place.part]
        request = ArmRequest(
            QUERY_COSTS, subscription_id, {"$top": "5000"}, CostQuestion.from_parameters(self.asked).body()
        )
        page = self.services.paced_arm.send(request, hold.asker, place.cursor)
        columns, rows = table_of(page.payload, subscription_id)
        room = MOST_ROWS - place.rows
        following = replace(place, cursor=page.next_cursor, rows=place.rows + len(rows[:room]))
        if page.next_cursor is None or len(rows) >= room:
            following = part_done(following)
        if len(rows) > room or (page.next_cursor and len(rows) == room):
            following = replace(following, part=len(self.asked["subscriptions"]), notes=(*following.notes, CUT))
        hold.job = self.results.add(
            hold.job, following, columns or self._columns(hold), rows[:room], hold.now(), LEASE_SECONDS
        )
        hold.faults = 0

    def _columns(self, hold: Hold) -> tuple[str, ...]:
        """Of an answer without any: those that came before, if any."""
        earlier = self.results.get(hold.job.tenant_id, hold.job.job_id)
        return earlier.columns if earlier else (SUBSCRIPTION_COLUMN,)

    def end(self, hold: Hold, place: Place) -> str:  # noqa: ARG002 - every kind is asked alike
        asked = len(self.asked["subscriptions"])
        rows, subscriptions = (
            ("row" if place.rows == 1 else "rows"),
            ("subscription" if asked == 1 else "subscriptions"),
        )
        return f"{place.rows:,} {rows} from {place.good} of {asked} {subscriptions}."


def table_of(payload: Json, subscription_id: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Columns and rows, the subscription first, columns by name so that all pages agree; none for 204."""
    if payload is None:
        return (), []
    properties = payload.get("properties") if isinstance(payload, dict) else None
    headings = properties.get("columns") if isinstance(properties, dict) else None
    rows = properties.get("rows") if isinstance(properties, dict) else None
    if not isinstance(headings, list) or not isinstance(rows, list):
        raise UnexpectedPayload("the cost answer has no rows or no columns")
    names = [str(heading.get("name")) if isinstance(heading, dict) else "" for heading in headings]
    if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        raise UnexpectedPayload("a cost row is not as wide as the columns")
    order = sorted(range(len(names)), key=lambda place: names[place].lower())
    columns = (SUBSCRIPTION_COLUMN, *(names[place] for place in order))
    return columns, [(subscription_id, *(_value(row[place]) for place in order)) for row in rows]


def _value(value: Json) -> str | int | bool | None:
    """Amounts as text, so that no digit is lost."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, (str, int)):
        return value
    raise UnexpectedPayload("a cost row holds a list or an object")
