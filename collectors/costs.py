"""Twelve months of cost of one subscription, from Cost Management's query API.

https://learn.microsoft.com/rest/api/cost-management/query/usage

The documented limit is two groupings; more are accepted in practice. So the full query
asks for what the report needs, and the simplified one keeps to the limit.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from collectors.base import Collector, Row, StepContext
from collectors.payloads import exact, region
from shared.arm.request import ArmRequest, Json
from shared.catalogue import COSTS
from shared.core.errors import UnexpectedPayload
from shared.core.periods import BillingPeriod

PAGE_SIZE = "5000"
SIMPLIFIED_GROUPINGS = ("ResourceId", "ServiceName")
GROUPINGS = (*SIMPLIFIED_GROUPINGS, "MeterSubcategory", "Meter", "ResourceLocation", "ChargeType")
COST_NAMES = ("totalcost", "cost", "pretaxcost", "costinbillingcurrency")
"""What Azure has called the column of the billed cost; the first is our aggregation's name."""

UNASSIGNED = "Unassigned"
"""Azure's own word for a service that is not named."""

COLUMNS = (
    "sub_account_id",
    "charge_period_start",
    "billed_cost",
    "billing_currency",
    "resource_id",
    "resource_group",
    "region_id",
    "service_name",
    "meter_subcategory",
    "meter_name",
    "charge_type",
)


def _groupings(context: StepContext) -> tuple[str, ...]:
    return SIMPLIFIED_GROUPINGS if context.simplified else GROUPINGS


def requests(context: StepContext) -> tuple[ArmRequest, ...]:
    """One query over the whole period: twelve query units of the tenant's quota."""
    last_day = context.period.end - timedelta(days=1)
    body = {
        "type": "ActualCost",
        "timeframe": "Custom",
        "timePeriod": {"from": f"{context.period.start}T00:00:00Z", "to": f"{last_day}T23:59:59Z"},
        "dataset": {
            "granularity": "Monthly",
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
            "grouping": [{"type": "Dimension", "name": name} for name in _groupings(context)],
        },
    }
    return (ArmRequest(COSTS.endpoint, context.subscription_id, {"$top": PAGE_SIZE}, body),)


def rows(context: StepContext, payload: Json, _is_first_page: bool) -> Iterator[Row]:
    """One row a line item; refunds stay negative, costs without a resource have no resource_id.

    None (204) is no rows. Raises UnexpectedPayload for a missing column, a month outside
    the period and any value of another kind than its column's.
    """
    if payload is not None:
        yield from _Page(context, payload).rows()


class _Page:
    """One page: where its columns are, and what its repeating values mean, each worked out once."""

    def __init__(self, context: StepContext, payload: Json) -> None:
        properties = payload.get("properties") if isinstance(payload, dict) else None
        if not isinstance(properties, dict) or not isinstance(properties.get("rows"), list):
            raise UnexpectedPayload("the cost answer has no rows")
        self._rows = properties["rows"]
        self._positions = _positions(properties.get("columns"))
        self._context = context

    def _position(self, *names: str) -> int:
        for name in names:
            if name in self._positions:
                return self._positions[name]
        raise UnexpectedPayload(f"the cost answer has no column {names[0]}")

    def rows(self) -> Iterator[Row]:
        """The loop over up to 5,000 rows: only look-ups, so that a million rows are quick."""
        context, width = self._context, len(self._positions)
        month_at, cost_at = self._position("billingmonth"), self._position(*COST_NAMES)
        currency_at, resource_at = self._position("currency"), self._position("resourceid")
        service_at = self._position("servicename")
        details = [self._position(name.lower()) for name in _groupings(context)[2:]]
        subcategory_at, meter_at, location_at, charge_at = details or (None, None, None, None)
        months, currencies = _Known(lambda value: _month(value, context.period)), _Known(_currency)
        resources, regions, words = _Known(_resource), _Known(region), _Known(_word)
        for row in self._rows:
            if type(row) is not list or len(row) != width:
                raise UnexpectedPayload("a cost row is not as wide as the columns")
            try:
                resource_id, group = resources[row[resource_at]]
                yield (
                    context.subscription_id,
                    months[row[month_at]],
                    _cost(row[cost_at]),
                    currencies[row[currency_at]],
                    resource_id,
                    group,
                    None if location_at is None else regions[row[location_at]],
                    words[row[service_at]] or UNASSIGNED,
                    None if subcategory_at is None else words[row[subcategory_at]],
                    None if meter_at is None else words[row[meter_at]],
                    None if charge_at is None else words[row[charge_at]],
                )
            except TypeError as error:
                raise UnexpectedPayload("a cost row holds a list or an object") from error


class _Known(dict[Json, Json]):
    """Values by what Azure wrote; each is read once a page."""

    def __init__(self, read: Callable[[Json], Json]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, written: Json) -> Json:
        value = self[written] = self._read(written)
        return value


def _positions(columns: Json) -> dict[str, int]:
    """Lower-case column name -> position; Azure's order is not fixed."""
    names = [column.get("name") if isinstance(column, dict) else None for column in columns or ()]
    positions = {name.lower(): place for place, name in enumerate(names) if isinstance(name, str)}
    if not names or len(positions) != len(names):
        raise UnexpectedPayload("the cost answer's columns are unnamed or named twice")
    return positions


def _cost(value: Json) -> Decimal:
    if type(value) is Decimal:
        return exact(value)
    if type(value) is int:
        return Decimal(value)
    raise UnexpectedPayload("a cost is not a number")


def _currency(value: Json) -> str:
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha():
        return value.upper()
    raise UnexpectedPayload("a cost has no currency")


def _word(value: Json) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value[:200]
    raise UnexpectedPayload("a name in a cost row is not a text")


def _resource(value: Json) -> tuple[str | None, str | None]:
    """The id in lower case and its resource group; (None, None) for what no resource caused."""
    if value is None or value == "":
        return None, None
    if not isinstance(value, str):
        raise UnexpectedPayload("a resource id in a cost row is not a text")
    parts = value.lower().split("/")
    has_group = len(parts) > 4 and parts[3] == "resourcegroups" and parts[4]
    return value.lower(), parts[4] if has_group else None


def _month(value: Json, period: BillingPeriod) -> date:
    """A month in any of Azure's forms: "2025-08-01T00:00:00", "2025-08-01", 20250801, 202508."""
    month = _date(str(value)) if isinstance(value, str) or type(value) is int else None
    if month is None or month.day != 1:
        raise UnexpectedPayload("a cost row's month is in no known form")
    if not period.start <= month < period.end:
        raise UnexpectedPayload("a cost row's month is outside the period that was asked for")
    return month


def _date(written: str) -> date | None:
    day = written.partition("T")[0] if written.endswith(("T00:00:00", "T00:00:00Z")) else written
    for form, length in (("%Y-%m-%d", 10), ("%Y%m%d", 8), ("%Y%m", 6)):
        if len(day) == length and day.isascii():
            try:
                return datetime.strptime(day, form).date()  # noqa: DTZ007 - a calendar month has no zone
            except ValueError:
                return None
    return None


COLLECTOR = Collector(
    name=COSTS.name,
    title=COSTS.title,
    endpoint=COSTS.endpoint,
    columns=COLUMNS,
    requests=requests,
    rows=rows,
    reads=COSTS.reads,
    requires_session=True,
    simplified_notice="Azure accepted only the simpler query: costs here are by resource and service, "
    "without meter, location or kind of charge.",
)
