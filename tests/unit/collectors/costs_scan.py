"""A scan of costs over two subscriptions, and messages for its first step."""

from decimal import Decimal

from collectors.registry import collector
from collectors.scan.run import collect
from shared.core.models import Scan, Step
from tests.support.collecting import (
    FIRST,
    SECOND,
    Surroundings,
    collecting_scan,
    cost_page,
    step_body,
    steps_of,
)

COSTS = collector("costs")
QUERY = COSTS.endpoint.name
QUEUE = "collect-costs"


def scan_of_costs(parts: Surroundings) -> Scan:
    """Two steps; the first has two pages of three rows, 3.00 GBP."""
    parts.azure.pages[QUERY, FIRST] = [cost_page(FIRST, "1.10", "2.20"), cost_page(FIRST, "-0.30")]
    return collecting_scan(parts, [("costs", FIRST), ("costs", SECOND)])


def first(parts: Surroundings, scan: Scan) -> Step:
    return steps_of(parts, scan)[0]


def run_first(parts: Surroundings, scan: Scan, attempt: int = 1, faults: int = 0) -> Step:
    """Delivers a message for the first step; the step as it is then."""
    collect(parts, COSTS, step_body(first(parts, scan), attempt, faults))
    return first(parts, scan)


def money(parts: Surroundings, scan: Scan) -> dict[str, Decimal]:
    return parts.recommendations.cost_sums(scan.key)
