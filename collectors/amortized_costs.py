"""Collect one subscription's amortized costs: the view that spreads commitments over the time that they cover.

https://learn.microsoft.com/azure/cost-management-billing/costs/understand-cost-mgt-data
https://learn.microsoft.com/azure/cost-management-billing/reservations/understand-reserved-instance-usage-ea

It shows the same money as the actual costs once more, so the two are never added. Each query costs as many
units of the tenant's quota as the one for actual costs, so it is made only where commitments show.
"""

from collectors import costs
from collectors.base import Collector, StepContext
from shared.arm.catalogue import AMORTIZED_COSTS, COSTS
from shared.arm.request import ArmRequest

COLUMNS = tuple("effective_cost" if name == "billed_cost" else name for name in costs.COLUMNS)
"""Those of the actual costs; FOCUS calls the amortized amount the effective cost."""


def requests(context: StepContext) -> tuple[ArmRequest, ...]:
    """Return the query for actual costs as one for amortized costs, or one per piece."""
    return costs.cost_queries(context, "AmortizedCost")


COLLECTOR = Collector(
    kind=AMORTIZED_COSTS,
    columns=COLUMNS,
    requests=requests,
    rows=costs.rows,
    items=costs.ITEMS,
    planned_after=COSTS.name,
    requires_session=True,
    pieces=4,
    empty_notice="Azure returned no amortized costs for this subscription, so what its commitments cover is unknown.",
    simplified_notices=costs.SIMPLIFIED_NOTICES,
)
