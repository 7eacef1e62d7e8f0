"""Parses the definition of a cost query, and checks it as Cost Management does.

https://learn.microsoft.com/rest/api/cost-management/query/usage
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from simulator.arm.errors import refusal
from simulator.estate.charges import month_number
from simulator.estate.estate import View
from simulator.estate.grouping import DIMENSIONS, max_groupings
from simulator.estate.subscriptions import Subscription
from simulator.exchange import Json, Refusal, Request

MOST_MONTHS = 12
EARLIEST = date(2014, 5, 1)
TYPES = ("ActualCost", "AmortizedCost", "Usage")
GRANULARITIES = ("Monthly", "Daily", "None")
QUANTITY = "UsageQuantity"
MOST_AGGREGATIONS = 2
COST_COLUMNS = ("Cost", "PreTaxCost", "CostUSD", "PreTaxCostUSD", "CostInBillingCurrency")
DEFAULT_TOP, MOST_TOP = 1000, 5000


@dataclass(frozen=True)
class Definition:
    """A valid query: months first_month <= month < end_month, as year * 12 + month - 1."""

    first_month: int
    end_month: int
    granularity: str
    view: View
    columns: tuple[str, ...]
    groupings: tuple[str, ...]
    top: int
    digest: str

    @property
    def units(self) -> int:
        """Its price in query units: the months asked for."""
        return self.end_month - self.first_month


def _bad(text: str) -> Refusal:
    return refusal(400, "BadRequest", f"{text} (Request ID: {uuid4()})")


def read(request: Request, subscription: Subscription, today: date) -> Definition:
    """The query, or Refusal with 400."""
    body = _body(request)
    if body.get("type") not in TYPES:
        raise _bad(f"Invalid query definition, type '{body.get('type')}' is invalid or not supported here")
    dataset = body.get("dataset")
    if not isinstance(dataset, dict):
        raise _bad("Invalid query definition, Dataset is invalid or not supplied.")
    if "sorting" in dataset:
        raise _bad("Invalid query definition, sorting is not supported here.")
    first_month, end_month = _period(body, today)
    granularity = _granularity(dataset)
    days = _days(body, today) if granularity == "Daily" else None
    return Definition(
        first_month,
        end_month,
        granularity,
        View(body["type"] == "AmortizedCost", granularity == "None", _only(dataset), days),
        _columns(dataset.get("aggregation")),
        _groupings(dataset.get("grouping", []), subscription),
        _top(request),
        _digest(body),
    )


def _body(request: Request) -> dict[str, Any]:
    if not request.headers.get("content-type", "").lower().startswith("application/json"):
        text = "The content media type is not supported. Only 'application/json' is supported."
        raise refusal(415, "UnsupportedMediaType", text)
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise refusal(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized.")
    return body


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:24]


def _period(body: dict[str, Any], today: date) -> tuple[int, int]:
    this_month = month_number(today.year, today.month)
    named = {"MonthToDate": (this_month, this_month + 1), "TheLastMonth": (this_month - 1, this_month)}
    if body.get("timeframe") in named:
        return named[body["timeframe"]]
    if body.get("timeframe") != "Custom":
        raise _bad(f"Invalid query definition, Timeframe '{body.get('timeframe')}' is invalid.")
    period = body.get("timePeriod")
    if not isinstance(period, dict):
        raise _bad("Invalid query definition, timePeriod is required for the timeframe Custom.")
    start, end = _day(period.get("from")), _day(period.get("to"))
    first, last = month_number(start.year, start.month), month_number(end.year, end.month)
    if end < start or start < EARLIEST:
        raise _bad("Invalid query definition, the time period is invalid.")
    if last - first >= MOST_MONTHS:
        raise _bad("Invalid query definition, the time period for pulling the data cannot exceed 1 year(s).")
    return first, min(last, this_month) + 1


def _day(text: Json) -> date:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC).date()
    except ValueError:
        raise _bad("Invalid query definition, timePeriod has a date that cannot be read.") from None


def _days(body: dict[str, Any], today: date) -> tuple[date, date]:
    """The days of an explicit period, none in the future."""
    if body.get("timeframe") != "Custom":
        raise _bad("Invalid query definition, granularity 'Daily' wants the timeframe Custom here.")
    return _day(body["timePeriod"]["from"]), min(_day(body["timePeriod"]["to"]), today)


def _granularity(dataset: dict[str, Any]) -> str:
    granularity = dataset.get("granularity", "None")
    if granularity not in GRANULARITIES:
        raise _bad(f"Invalid query definition, granularity '{granularity}' is invalid or not supported here.")
    return str(granularity)


def _only(dataset: dict[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    """The one supported filter: a dimension with one of some values."""
    if "filter" not in dataset:
        return None
    wanted = dataset["filter"]
    only = wanted.get("dimensions") if isinstance(wanted, dict) and len(wanted) == 1 else None
    values = only.get("values") if isinstance(only, dict) else None
    if not isinstance(only, dict) or only.get("operator") != "In" or not isinstance(values, list) or not values:
        raise _bad("Invalid query definition, filter is invalid or not supported here.")
    if only.get("name") not in DIMENSIONS or not all(isinstance(value, str) for value in values):
        raise _bad(f"Invalid dataset filter; on a single filter the dimension '{only.get('name')}' is invalid.")
    return str(only["name"]), tuple(values)


def _columns(aggregation: Json) -> tuple[str, ...]:
    """The names of the sums; none when nothing is aggregated, as recorded."""
    if not aggregation:
        return ()
    if not isinstance(aggregation, dict) or len(aggregation) > MOST_AGGREGATIONS:
        raise _bad(f"Invalid query definition, at most {MOST_AGGREGATIONS} aggregations are supported.")
    return tuple(map(_column, aggregation.values()))


def _column(wanted: Json) -> str:
    names = (*COST_COLUMNS, QUANTITY)
    if not isinstance(wanted, dict) or wanted.get("function") != "Sum" or wanted.get("name") not in names:
        raise _bad(f"Invalid query definition, aggregation must be Sum over one of {', '.join(names)}.")
    return str(wanted["name"])


def _groupings(grouping: Json, subscription: Subscription) -> tuple[str, ...]:
    if not isinstance(grouping, list) or not all(isinstance(item, dict) for item in grouping):
        raise _bad("Invalid query definition, grouping is invalid.")
    names = tuple(str(item.get("name")) for item in grouping)
    if any(item.get("type") != "Dimension" for item in grouping):
        raise _bad("Invalid query definition, the grouping type must be Dimension.")
    if len(set(names)) != len(names):
        raise _bad("Invalid query definition, duplicate columns in grouping.")
    if len(names) > max_groupings(subscription):
        raise _bad("Invalid query definition, Dataset.Grouping has more than the maximum of 2 group by clauses.")
    for name in names:
        if name not in DIMENSIONS:
            valid = ",".join(f"'{known}'" for known in DIMENSIONS)
            raise _bad(f"Invalid dataset grouping: '{name}'; valid values: {valid}.")
    return names


def _top(request: Request) -> int:
    top = request.parameter("$top") or str(DEFAULT_TOP)
    if not top.isdigit() or not 1 <= int(top) <= MOST_TOP:
        raise _bad(f"Invalid query definition, $top must be from 1 to {MOST_TOP}.")
    return int(top)
