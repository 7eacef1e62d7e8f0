"""What a cost query costs: one query unit for each month that is asked for, page by page.

https://learn.microsoft.com/azure/cost-management-billing/costs/manage-automation
"""

from collections.abc import Mapping
from datetime import date

from shared.arm.request import Json


def query_units(body: Mapping[str, Json] | None) -> int:
    """The calendar months of the query's `timePeriod`."""
    period = (body or {})["timePeriod"]
    first, last = (date.fromisoformat(period[end][:10]) for end in ("from", "to"))
    return (last.year - first.year) * 12 + last.month - first.month + 1
