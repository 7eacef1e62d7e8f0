"""The collectors, one line each; queues, functions, steps and pages follow from it."""

from collectors import advisor, costs, inventory, reservations, savings_plans
from collectors.base import Collector

COLLECTORS: tuple[Collector, ...] = (
    costs.COLLECTOR,
    inventory.COLLECTOR,
    advisor.COLLECTOR,
    reservations.COLLECTOR,
    savings_plans.COLLECTOR,
)


def collector(name: str) -> Collector:
    """The collector of this name; raises ValueError for any other."""
    for each in COLLECTORS:
        if each.name == name:
            return each
    raise ValueError(f"there is no collector of the name {name[:40]}")
