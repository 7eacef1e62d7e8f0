"""What an operator's cost query may ask for, besides what every scan reads.

https://learn.microsoft.com/rest/api/cost-management/query/usage
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Self

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
"""What costs can be grouped by and narrowed to, by Azure's name for it."""

MOST_GROUPINGS = 2
"""The documented limit."""

COST_TYPES = {
    "ActualCost": "Actual: as it was billed",
    "AmortizedCost": "Amortized: reservations and savings plans spread over their term",
}
"""Two views of the same money: sums of one are never added to sums of the other."""

GRANULARITIES = {"Monthly": "By month", "Daily": "By day", "None": "The whole period"}
MOST_ROWS = 5_000
MOST_MONTHS = 12
"""Azure answers about no more than a year at once."""

MOST_DAILY_MONTHS = 3
"""By day the rows of a year are more than what is shown of one query."""

MOST_VALUES = 20
MOST_VALUE_CHARACTERS = 500


@dataclass(frozen=True)
class CostQuestion:
    """A cost query. `first` and `last` are the first days of months; `values` are of the dimension `only`, if any."""

    cost_type: str
    granularity: str
    first: date
    last: date
    group_by: tuple[str, ...] = ()
    only: str | None = None
    values: tuple[str, ...] = ()

    @property
    def months(self) -> int:
        """Both included. Each costs one query unit of the customer's quota."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def complaint(self) -> str | None:
        """Why it is not asked, in a sentence; None if it may be."""
        known = set(DIMENSIONS)
        if self.cost_type not in COST_TYPES or self.granularity not in GRANULARITIES:
            return "Costs are actual or amortized, by month, by day or over the whole period: choose from the lists."
        if not set(self.group_by) <= known or len(set(self.group_by)) != len(self.group_by):
            return "Costs cannot be grouped like this: choose from the lists, no list twice."
        if len(self.group_by) > MOST_GROUPINGS:
            return f"Azure groups by at most {MOST_GROUPINGS} things at once."
        return self._complaint_about_period() or self._complaint_about_values()

    def _complaint_about_period(self) -> str | None:
        if self.months < 1:
            return "The last month is before the first."
        if self.months > MOST_MONTHS:
            return f"Azure answers about at most {MOST_MONTHS} months at once."
        if self.granularity == "Daily" and self.months > MOST_DAILY_MONTHS:
            return f"By day at most {MOST_DAILY_MONTHS} months can be asked for at once: choose fewer, or by month."
        return None

    def _complaint_about_values(self) -> str | None:
        if self.only is not None and self.only not in DIMENSIONS:
            return "Costs cannot be narrowed to this: choose from the list."
        if bool(self.only) != bool(self.values):
            return "To narrow the costs, choose of what, and write the values, one on each line; or neither."
        if len(self.values) > MOST_VALUES or any(len(value) > MOST_VALUE_CHARACTERS for value in self.values):
            return f"At most {MOST_VALUES} values can be written, of {MOST_VALUE_CHARACTERS} characters each."
        return None

    @property
    def title(self) -> str:
        """The question in a line."""
        by = ", ".join(DIMENSIONS[name].lower() for name in self.group_by) or "nothing"
        view = "amortized, " if self.cost_type == "AmortizedCost" else ""
        narrowed = f", only {DIMENSIONS[self.only].lower()} {' or '.join(self.values)}" if self.only else ""
        times = f"{GRANULARITIES[self.granularity].lower()}, {self.first:%Y-%m} to {self.last:%Y-%m}"
        return f"Costs by {by}, {view}{times}{narrowed}"

    def body(self) -> dict[str, Any]:
        """The question in Azure's form."""
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
        """As a job keeps it."""
        return {**asdict(self), "first": self.first.isoformat(), "last": self.last.isoformat()}

    @classmethod
    def from_parameters(cls, kept: Mapping[str, Any]) -> Self:
        """What a job kept; jobs of before this was asked had actual costs, and all of them."""
        return cls(
            kept.get("cost_type", "ActualCost"),
            kept["granularity"],
            date.fromisoformat(kept["first"]),
            date.fromisoformat(kept["last"]),
            tuple(kept["group_by"]),
            kept.get("only"),
            tuple(kept.get("values", ())),
        )
