"""The list of collectors; queues, functions, steps and pages are derived from it."""

from collectors import advisor, amortized_costs, costs, inventory, reservations, savings_plans
from collectors.base import Collector
from shared.messaging.queues import (
    DEAD_LETTERS,
    DELETIONS,
    DRAFT_FINDINGS,
    EXPORTS,
    OPERATOR_JOBS,
    SCAN_FINISHES,
    SCAN_REQUESTS,
    SEND_MAIL,
    Queue,
    collector_queue,
)

COLLECTORS: tuple[Collector, ...] = (
    costs.COLLECTOR,
    amortized_costs.COLLECTOR,
    inventory.COLLECTOR,
    advisor.COLLECTOR,
    reservations.COLLECTOR,
    savings_plans.COLLECTOR,
)

PLANNED_AT_START = tuple(each for each in COLLECTORS if each.planned_after is None)
"""Those that read every subscription."""


def all_queues() -> tuple[Queue, ...]:
    """Return every queue of the app; Bicep and the local queue are generated from these."""
    collecting = (collector_queue(one.name, one.requires_session) for one in COLLECTORS)
    return (
        SCAN_REQUESTS,
        SCAN_FINISHES,
        DRAFT_FINDINGS,
        DEAD_LETTERS,
        DELETIONS,
        SEND_MAIL,
        OPERATOR_JOBS,
        EXPORTS,
        *collecting,
    )


def collector(name: str) -> Collector:
    """Return the collector of this name; raises ValueError if there is none."""
    for each in COLLECTORS:
        if each.name == name:
            return each
    raise ValueError(f"there is no collector named {name[:40]}")
