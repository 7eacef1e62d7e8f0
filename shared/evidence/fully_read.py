"""Find the subscriptions whose inventory or costs were read in full, so that findings can rely on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.arm.catalogue import COSTS, INVENTORY
from shared.core.formats import unnamed_subscription
from shared.core.models import Step, StepStatus

NO_ROWS = "NoRows"
"""The status code of a cost step without any row, which does not mean zero cost."""


@dataclass(frozen=True)
class FullyReadSubscriptions:
    """The subscriptions (lower-case ids) that findings can rely on.

    `costs_in_part`: of these only rows that could not be read are missing. `unread` are the names of those
    whose inventory is missing or lacks the properties that rules use.
    """

    inventory: frozenset[str]
    costs: frozenset[str]
    unread: tuple[str, ...]
    costs_in_part: frozenset[str] = frozenset()


def fully_read(steps: Sequence[Step]) -> FullyReadSubscriptions:
    """Derive them from the scan's steps. An incomplete inventory may lack a resource that a rule looks up."""
    return FullyReadSubscriptions(
        inventory=frozenset(step.subscription_id.lower() for step in steps if _is_whole_inventory(step)),
        costs=frozenset(step.subscription_id.lower() for step in steps if _has_costs(step)),
        unread=tuple(
            sorted(
                step.subscription_name or unnamed_subscription(step.subscription_id)
                for step in steps
                if step.collector == INVENTORY.name and not _is_whole_inventory(step)
            )
        ),
        costs_in_part=frozenset(step.subscription_id.lower() for step in steps if _has_costs_in_part(step)),
    )


def _is_whole_inventory(step: Step) -> bool:
    return step.collector == INVENTORY.name and step.is_read_in_full and not step.simplified


def _has_costs(step: Step) -> bool:
    return step.collector == COSTS.name and step.is_read_in_full and step.status_code != NO_ROWS


def _has_costs_in_part(step: Step) -> bool:
    is_of_costs = step.collector == COSTS.name and step.status is StepStatus.SUCCEEDED
    return is_of_costs and step.unread_json is None and bool(step.rows and step.rows_set_aside)
