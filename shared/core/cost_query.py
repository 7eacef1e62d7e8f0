"""Operators' cost queries beyond what every scan reads: fields, limits and validation.

https://learn.microsoft.com/rest/api/cost-management/query/usage
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Self

from shared.core.formats import month
from shared.core.periods import add_months

DIMENSIONS = {
    "ResourceId": "Resource",
    "ResourceGroupName": "Resource group",
    "ResourceType": "Resource type",
    "ResourceLocation": "Location",
    "ServiceName": "Service",
    "MeterCategory": "Meter category",
    "MeterSubcategory": "Meter subcategory",
    "Meter": "Meter",
    "ChargeType": "Charge type",
    "PublisherType": "Publisher type",
}
"""The dimensions to group and filter by: Azure's name and our label."""

MAX_GROUPINGS = 2
"""The documented limit."""

COST_TYPES = {
    "ActualCost": "Actual: as it was billed",
    "AmortizedCost": "Amortized: reservations and savings plans spread over their term",
}
"""Two views of the same money: never add sums of one to sums of the other."""

GRANULARITIES = {"Monthly": "By month", "Daily": "By day", "None": "The whole period"}
MAX_ROWS = 5_000
MAX_MONTHS = 12
"""Azure's limit for one query."""

MAX_DAILY_MONTHS = 3
"""Daily rows of a longer period would exceed MAX_ROWS."""

MAX_VALUES = 20
MAX_VALUE_CHARACTERS = 500


@dataclass(frozen=True)
class CostQuery:
    """A cost query. `first` and `last` are first days of months; `values` filter the dimension `only`, if set."""

    cost_type: str
    granularity: str
    first: date
    last: date
    group_by: tuple[str, ...] = ()
    only: str | None = None
    values: tuple[str, ...] = ()

    @property
    def months(self) -> int:
        """Return the number of months, both ends included. Each costs one query unit of the customer's quota."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def validation_error(self) -> str | None:
        """Return what is wrong with the query, in a sentence; None if it is valid."""
        known = set(DIMENSIONS)
        if self.cost_type not in COST_TYPES or self.granularity not in GRANULARITIES:
            return "Choose the cost type and the granularity from the lists."
        if not set(self.group_by) <= known or len(set(self.group_by)) != len(self.group_by):
            return "Choose the groupings from the lists, each at most once."
        if len(self.group_by) > MAX_GROUPINGS:
            return f"Azure groups costs by at most {MAX_GROUPINGS} dimensions."
        return self._period_error() or self._values_error()

    def _period_error(self) -> str | None:
        if self.months < 1:
            return "The last month is before the first."
        if self.months > MAX_MONTHS:
            return f"A query can cover at most {MAX_MONTHS} months."
        if self.granularity == "Daily" and self.months > MAX_DAILY_MONTHS:
            return (
                f"A query by day can cover at most {MAX_DAILY_MONTHS} months. Choose fewer months, or query by month."
            )
        return None

    def _values_error(self) -> str | None:
        if self.only is not None and self.only not in DIMENSIONS:
            return "Choose the filter dimension from the list."
        if bool(self.only) != bool(self.values):
            return "To filter costs, choose a dimension and enter its values, one per line. Otherwise leave both empty."
        if len(self.values) > MAX_VALUES or any(len(value) > MAX_VALUE_CHARACTERS for value in self.values):
            return f"Enter at most {MAX_VALUES} values of at most {MAX_VALUE_CHARACTERS} characters each."
        return None

    @property
    def title(self) -> str:
        """Return the query as one line of text."""
        by = ", ".join(DIMENSIONS[name].lower() for name in self.group_by) or "no dimension"
        view = "amortized, " if self.cost_type == "AmortizedCost" else ""
        narrowed = f", only {DIMENSIONS[self.only].lower()} {' or '.join(self.values)}" if self.only else ""
        span = month(self.first) if self.months == 1 else f"{month(self.first)} to {month(self.last)}"
        times = f"{GRANULARITIES[self.granularity].lower()}, {span}"
        return f"Costs by {by}, {view}{times}{narrowed}"

    def body(self) -> dict[str, Any]:
        """Return the body of Azure's request."""
        end = add_months(self.last, 1) - timedelta(days=1)
        dataset: dict[str, Any] = {
            "granularity": self.granularity,
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
            "grouping": [{"type": "Dimension", "name": name} for name in self.group_by],
        }
        if self.only:
            dataset["filter"] = {"dimensions": {"name": self.only, "operator": "In", "values": list(self.values)}}
        return {
            "type": self.cost_type,
            "timeframe": "Custom",
            "timePeriod": {"from": f"{self.first}T00:00:00Z", "to": f"{end}T23:59:59Z"},
            "dataset": dataset,
        }

    def to_parameters(self) -> dict[str, Any]:
        """Return the query as a job stores it."""
        return {**asdict(self), "first": self.first.isoformat(), "last": self.last.isoformat()}

    @classmethod
    def from_parameters(cls, kept: Mapping[str, Any]) -> Self:
        """Parse what a job stored; older jobs without cost type or filter read all actual costs."""
        return cls(
            kept.get("cost_type", "ActualCost"),
            kept["granularity"],
            date.fromisoformat(kept["first"]),
            date.fromisoformat(kept["last"]),
            tuple(kept["group_by"]),
            kept.get("only"),
            tuple(kept.get("values", ())),
        )
