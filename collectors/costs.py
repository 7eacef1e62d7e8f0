"""Collect twelve months of one subscription's costs from Cost Management's query API.

https://learn.microsoft.com/rest/api/cost-management/query/usage

The documented limit is two groupings, though Azure accepts more in practice. The full query
uses all that the report needs; the simplified one keeps to the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import itemgetter

from collectors.base import Collector, Row, StepContext
from collectors.payloads import region
from shared.arm.catalogue import COSTS
from shared.arm.request import ArmRequest, Json
from shared.core.errors import UnexpectedPayload
from shared.core.periods import BillingPeriod

PAGE_SIZE = "5000"
SIMPLIFIED_GROUPINGS = ("ResourceId", "ServiceName")
GROUPINGS = (*SIMPLIFIED_GROUPINGS, "MeterSubcategory", "Meter", "ResourceLocation", "ChargeType")
COST_NAMES = ("totalcost", "cost", "pretaxcost", "costinbillingcurrency")
"""Azure's names for the billed cost column; the first is our aggregation's name."""

UNASSIGNED = "Unassigned"
"""Azure's name for a missing service."""

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
    """Return one query over the whole period (twelve query units of the tenant's quota per page), or one per piece."""
    return tuple(_query(context, piece) for piece in context.period.divided(context.pieces))


def _query(context: StepContext, period: BillingPeriod) -> ArmRequest:
    last_day = period.end - timedelta(days=1)
    body = {
        "type": "ActualCost",
        "timeframe": "Custom",
        "timePeriod": {"from": f"{period.start}T00:00:00Z", "to": f"{last_day}T23:59:59Z"},
        "dataset": {
            "granularity": "Monthly",
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
            "grouping": [{"type": "Dimension", "name": name} for name in _groupings(context)],
        },
    }
    return ArmRequest(COSTS.endpoint, context.subscription_id, {"$top": PAGE_SIZE}, body)


def rows(context: StepContext, payload: Json, _is_first_page: bool) -> Iterator[Row]:
    """Yield one row per line item; refunds stay negative, costs without a resource have no resource_id.

    None (204), and a response without columns and rows, gives no rows. Raises UnexpectedPayload
    for a missing column, a month outside the period and a value of the wrong type.
    """
    if payload is None:
        return iter(())
    properties = payload.get("properties") if isinstance(payload, dict) else None
    written = properties.get("rows") if isinstance(properties, dict) else None
    if not isinstance(properties, dict) or not isinstance(written, list):
        raise UnexpectedPayload("the cost response has no rows")
    if not written and properties.get("columns") == []:
        return iter(())
    columns = _columns(properties.get("columns"), written)
    try:
        return zip(*_stored(context, columns, len(written)), strict=True)
    except TypeError as error:
        raise UnexpectedPayload("a cost row holds a list or an object") from error


def _stored(context: StepContext, columns: _Columns, count: int) -> Iterator[Iterable[Json]]:
    """Yield the values column by column, in the order of COLUMNS: fast for a million rows."""
    ids = _Cache(_resource).each(columns.named("resourceid"))
    names = _Cache(_word)
    optional = {name: () if context.simplified else columns.named(name.lower()) for name in GROUPINGS[2:]}
    nothing = (None,) * count
    yield (context.subscription_id,) * count
    yield _Cache(lambda value: _month(value, context.period)).each(columns.named("billingmonth"))
    yield map(_cost, columns.named(*COST_NAMES))
    yield _Cache(_currency).each(columns.named("currency"))
    yield [resource for resource, _ in ids]
    yield [group for _, group in ids]
    yield _Cache(region).each(optional["ResourceLocation"]) or nothing
    yield _Cache(_service).each(columns.named("servicename"))
    yield names.each(optional["MeterSubcategory"]) or nothing
    yield names.each(optional["Meter"]) or nothing
    yield names.each(optional["ChargeType"]) or nothing


class _Columns(dict[str, tuple[Json, ...]]):
    """Values by lower-case column name; Azure's column order is not fixed."""

    def named(self, *names: str) -> tuple[Json, ...]:
        """Return the first of these columns that exists; raises UnexpectedPayload if none does."""
        for name in names:
            if name in self:
                return self[name]
        raise UnexpectedPayload(f"the cost response has no column {names[0]}")


class _Cache(dict[Json, Json]):
    """Parsed values by Azure's text; each is parsed once per page."""

    def __init__(self, read: Callable[[Json], Json]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, written: Json) -> Json:
        value = self[written] = self._read(written)
        return value

    def each(self, written: Iterable[Json]) -> list[Json]:
        return list(map(self.__getitem__, written))


def _columns(headings: Json, written: list[Json]) -> _Columns:
    known = headings if isinstance(headings, list) else []
    names = [heading.get("name") if isinstance(heading, dict) else None for heading in known]
    lower = [name.lower() for name in names if isinstance(name, str)]
    if not names or len(set(lower)) != len(names):
        raise UnexpectedPayload("the cost response's columns are unnamed or named twice")
    if written and (set(map(type, written)) != {list} or set(map(len, written)) != {len(names)}):
        raise UnexpectedPayload("a cost row is not as wide as the columns")
    return _Columns((name, tuple(map(itemgetter(place), written))) for place, name in enumerate(lower))


def _cost(value: Json) -> Decimal:
    if type(value) is Decimal:
        return value
    if type(value) is int:
        return Decimal(value)
    raise UnexpectedPayload("a cost is not a number")


def _currency(value: Json) -> str:
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha():
        return value.upper()
    raise UnexpectedPayload("a cost has no currency")


def _service(value: Json) -> str:
    return _word(value) or UNASSIGNED


def _word(value: Json) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value[:200]
    raise UnexpectedPayload("a name in a cost row is not a text")


def _resource(value: Json) -> tuple[str | None, str | None]:
    """Return the lower-case id and its resource group; (None, None) for a cost without a resource."""
    if value is None or value == "":
        return None, None
    if not isinstance(value, str):
        raise UnexpectedPayload("a resource id in a cost row is not a text")
    lower = value.lower()
    parts = lower.split("/", 5)
    has_group = len(parts) > 4 and parts[3] == "resourcegroups" and parts[4]
    return lower, parts[4] if has_group else None


def _month(value: Json, period: BillingPeriod) -> date:
    """Parse a month in any of Azure's formats: "2025-08-01T00:00:00", "2025-08-01", 20250801, 202508."""
    month = _date(str(value)) if isinstance(value, str) or type(value) is int else None
    if month is None or month.day != 1:
        raise UnexpectedPayload("a cost row's month has an unknown format")
    if not period.start <= month < period.end:
        raise UnexpectedPayload("a cost row's month is outside the requested period")
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
    kind=COSTS,
    columns=COLUMNS,
    requests=requests,
    rows=rows,
    requires_session=True,
    pieces=4,
    empty_notice="Azure returned no cost data for this subscription. That does not mean that it cost nothing.",
    simplified_notice="Azure accepted only the simpler query: costs here are by resource and service, "
    "without meter, location or charge type.",
)
