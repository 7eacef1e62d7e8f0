"""Collect twelve months of one subscription's costs from Cost Management's query API.

https://learn.microsoft.com/rest/api/cost-management/query/usage

The documented limits are two groupings and two aggregations, though Azure accepts more groupings
in practice. The full query uses all that the report needs; QUERIES holds the simpler ones, down to
the documented limit, for subscriptions whose agreement refuses a grouping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import itemgetter

from collectors.base import Collector, Items, Row, StepContext
from collectors.payloads import region
from shared.arm.catalogue import COSTS
from shared.arm.request import ArmRequest, Json
from shared.core import focus
from shared.core.errors import UnexpectedPayload
from shared.core.page_rows import CodedColumns, PageRows
from shared.core.periods import BillingPeriod

PAGE_SIZE = "5000"
BY_RESOURCE = ("ResourceId", "ServiceName")
BY_METER = (*BY_RESOURCE, "MeterSubcategory", "Meter", "ResourceLocation", "ChargeType")
GROUPINGS = (*BY_METER, "PricingModel", "PublisherType", "Frequency")


@dataclass(frozen=True)
class CostQuery:
    """One query of the ladder: its groupings, whether it asks for quantities, and the notice of what is unknown."""

    groupings: tuple[str, ...]
    has_quantity: bool
    notice: str = ""


NOTICE = "Azure accepted only a simpler query, so costs here do not say {unknown}what commitments cover."

QUERIES = (
    CostQuery(GROUPINGS, has_quantity=True),
    CostQuery(BY_METER, has_quantity=True, notice=NOTICE.format(unknown="the publisher, the frequency or ")),
    CostQuery(BY_RESOURCE, has_quantity=True, notice=NOTICE.format(unknown="meter, location, charge type or ")),
    CostQuery(
        BY_RESOURCE, has_quantity=False, notice=NOTICE.format(unknown="meter, location, charge type, quantity or ")
    ),
)
"""The full query and the simpler ones, in the order in which they are tried."""

COST_NAMES = ("totalcost", "cost", "pretaxcost", "costinbillingcurrency")
"""Azure's names for the billed cost column; the first is our aggregation's name."""

QUANTITY_NAMES = ("totalquantity", "usagequantity", "quantity")
"""Azure's names for the quantity column; the first is our aggregation's name."""

UNASSIGNED = "Unassigned"
"""Azure's name for a missing service."""

RESOURCE = ("sub_account_id", "resource_id", "resource_group", "region_id")
CHARGE = (
    "billing_currency",
    "service_name",
    "meter_subcategory",
    "meter_name",
    "charge_type",
    "charge_category",
    "charge_frequency",
    "pricing_category",
    "commitment_discount_type",
    "publisher",
)
"""What many rows share: each combination of values is made once a page."""

COLUMNS = ("charge_period_start", "billed_cost", "consumed_quantity", *RESOURCE, *CHARGE)


def _asked(context: StepContext) -> CostQuery:
    return QUERIES[context.simplified]


def requests(context: StepContext) -> tuple[ArmRequest, ...]:
    """Return one query over the whole period (twelve query units of the tenant's quota per page), or one per piece."""
    return cost_queries(context, "ActualCost")


def cost_queries(context: StepContext, cost_type: str) -> tuple[ArmRequest, ...]:
    """Return the queries of this cost type: ActualCost or AmortizedCost."""
    return tuple(_query(context, piece, cost_type) for piece in context.period.divided(context.pieces))


def _query(context: StepContext, period: BillingPeriod, cost_type: str) -> ArmRequest:
    last_day, asked = period.end - timedelta(days=1), _asked(context)
    quantity = {"totalQuantity": {"name": "UsageQuantity", "function": "Sum"}} if asked.has_quantity else {}
    body = {
        "type": cost_type,
        "timeframe": "Custom",
        "timePeriod": {"from": f"{period.start}T00:00:00Z", "to": f"{last_day}T23:59:59Z"},
        "dataset": {
            "granularity": "Monthly",
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}, **quantity},
            "grouping": [{"type": "Dimension", "name": name} for name in asked.groupings],
        },
    }
    return ArmRequest(COSTS.endpoint, context.subscription_id, {"$top": PAGE_SIZE}, body)


def rows(context: StepContext, payload: Json, _is_first_page: bool) -> Iterable[Row]:
    """Return one row per line item; refunds stay negative, costs without a resource have no resource_id.

    None (204), and a response without columns and rows, gives no rows. Raises UnexpectedPayload
    for a missing column, a month outside the period and a value of the wrong type.
    """
    if payload is None:
        return ()
    properties = payload.get("properties") if isinstance(payload, dict) else None
    written = properties.get("rows") if isinstance(properties, dict) else None
    if not isinstance(properties, dict) or not isinstance(written, list):
        raise UnexpectedPayload("the cost response has no rows")
    if not written and properties.get("columns") == []:
        return ()
    columns = _columns(properties.get("columns"), written)
    try:
        return _stored(context, columns, len(written))
    except TypeError as error:
        raise UnexpectedPayload("a cost row holds a list or an object") from error


def _stored(context: StepContext, columns: _Columns, count: int) -> PageRows:
    """Return the rows by column, in the order of COLUMNS: fast for a million rows."""
    asked, nothing = _asked(context).groupings, (None,) * count

    def optional(name: str) -> Iterable[Json]:
        return columns.named(name.lower()) if name in asked else nothing

    located = zip(columns.named("resourceid"), optional("ResourceLocation"), strict=True)
    months = _Cache(lambda value: _month(value, context.period))
    plain = {
        "charge_period_start": months.each(columns.named("billingmonth")),
        "billed_cost": list(map(_cost, columns.named(*COST_NAMES))),
        "consumed_quantity": list(map(_quantity, columns.first_of(*QUANTITY_NAMES) or nothing)),
    }
    regions = _Cache(region)
    resources = _Coded(lambda id_, location: (context.subscription_id, *_resource(id_), regions[location]))
    meters = (optional(name) for name in ("MeterSubcategory", "Meter", "ChargeType"))
    ways = (optional(name) for name in ("Frequency", "PricingModel", "PublisherType"))
    charges = zip(columns.named("currency"), columns.named("servicename"), *meters, *ways, strict=True)
    return PageRows(COLUMNS, plain, (resources.each(RESOURCE, located), _Coded(_charge).each(CHARGE, charges)))


def _charge(
    currency: Json, service: Json, subcategory: Json, meter: Json, charge: Json, often: Json, model: Json, who: Json
) -> Row:
    kind, pricing = _word(charge), _word(model)
    return (
        _currency(currency),
        _service(service),
        _word(subcategory),
        _word(meter),
        kind,
        focus.charge_category(kind),
        focus.charge_frequency(_word(often)),
        focus.pricing_category(pricing),
        focus.commitment_discount_type(pricing),
        _word(who),
    )


class _Columns(dict[str, tuple[Json, ...]]):
    """Values by lower-case column name; Azure's column order is not fixed."""

    def named(self, *names: str) -> tuple[Json, ...]:
        """Return the first of these columns that exists; raises UnexpectedPayload if none does."""
        found = self.first_of(*names)
        if found is None:
            raise UnexpectedPayload(f"the cost response has no column {names[0]}")
        return found

    def first_of(self, *names: str) -> tuple[Json, ...] | None:
        """Return the first of these columns that exists; None if none does."""
        return next((self[name] for name in names if name in self), None)


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


class _Coded(dict[tuple[Json, ...], int]):
    """The place of each combination of Azure's values among those of the page; each is read once."""

    def __init__(self, read: Callable[..., Row]) -> None:
        super().__init__()
        self._read = read
        self._values: list[Row] = []

    def __missing__(self, written: tuple[Json, ...]) -> int:
        self._values.append(self._read(*written))
        place = self[written] = len(self._values) - 1
        return place

    def each(self, names: tuple[str, ...], written: Iterable[tuple[Json, ...]]) -> CodedColumns:
        codes = list(map(self.__getitem__, written))
        return CodedColumns(names, self._values, codes)


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


def _quantity(value: Json) -> Decimal | None:
    """Return the quantity; None if Azure gives no number: that is not a zero."""
    if type(value) is Decimal:
        return value
    return Decimal(value) if type(value) is int else None


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


def _items(payload: Json) -> list[Json]:
    properties = payload.get("properties") if isinstance(payload, dict) else None
    found = properties.get("rows") if isinstance(properties, dict) else None
    if not isinstance(found, list):
        raise UnexpectedPayload("the cost response has no rows")
    return found


def _alone(payload: Json, rows: list[Json]) -> Json:
    return {**payload, "properties": {**payload["properties"], "rows": rows}}


ITEMS = Items(_items, _alone)
"""The rows of a page."""

SIMPLIFIED_NOTICES = tuple(query.notice for query in QUERIES[1:])

COLLECTOR = Collector(
    kind=COSTS,
    columns=COLUMNS,
    requests=requests,
    rows=rows,
    items=ITEMS,
    requires_session=True,
    pieces=4,
    empty_notice="Azure returned no cost data for this subscription. That does not mean that it cost nothing.",
    simplified_notices=SIMPLIFIED_NOTICES,
)
