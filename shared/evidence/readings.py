"""What a scan can be judged by: of which subscriptions the inventory and the costs were read in full."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.arm.catalogue import COSTS, INVENTORY
from shared.core.models import Step

NO_ROWS = "NoRows"
"""The status code of a cost step that Azure answered without a row: that is no zero."""


@dataclass(frozen=True)
class Readings:
    """Which subscriptions (ids in lower case) a finding may conclude from.

    `unread` are the names of those whose inventory is missing or came without the
    properties that rules look at.
    """

    inventory: frozenset[str]
    costs: frozenset[str]
    unread: tuple[str, ...]


def readings(steps: Sequence[Step]) -> Readings:
    """From how the scan's steps ended. A listing that broke off half way may lack what a rule would look up."""
    return Readings(
        inventory=frozenset(step.subscription_id.lower() for step in steps if _is_whole_inventory(step)),
        costs=frozenset(step.subscription_id.lower() for step in steps if _has_costs(step)),
        unread=tuple(
            sorted(
                step.subscription_name or step.subscription_id
                for step in steps
                if step.collector == INVENTORY.name and not _is_whole_inventory(step)
            )
        ),
    )


def _is_whole_inventory(step: Step) -> bool:
    return step.collector == INVENTORY.name and step.is_read_in_full and not step.simplified


def _has_costs(step: Step) -> bool:
    return step.collector == COSTS.name and step.is_read_in_full and step.status_code != NO_ROWS
