"""Find the subscriptions whose inventory or costs were read in full, so that findings can rely on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.arm.catalogue import COSTS, INVENTORY
from shared.core.formats import unnamed_subscription
from shared.core.models import Step, StepStatus
from shared.core.price_basis import at_public_prices

NO_ROWS = "NoRows"
"""The status code of a cost step without any row, which does not mean zero cost."""


@dataclass(frozen=True)
class FullyReadSubscriptions:
    """The subscriptions (lower-case ids) that findings can rely on.

    `costs_in_part`: of these only rows that could not be read are missing. The costs of those in
    `public_prices` are at Azure's public prices. `unread` are the names of those whose inventory
    is missing or lacks the properties that rules use.
    """

    inventory: frozenset[str]
    costs: frozenset[str]
    unread: tuple[str, ...]
    costs_in_part: frozenset[str] = frozenset()
    public_prices: frozenset[str] = frozenset()


def fully_read(steps: Sequence[Step], quota_ids: Mapping[str, str] | None = None) -> FullyReadSubscriptions:
    """Derive them from the scan's steps. An incomplete inventory may lack a resource that a rule looks up.

    `quota_ids` are the subscriptions' offers by lower-case id.
    """
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
        public_prices=at_public_prices(quota_ids or {}),
    )


def _is_whole_inventory(step: Step) -> bool:
    return step.collector == INVENTORY.name and step.is_read_in_full and not step.simplified


def _has_costs(step: Step) -> bool:
    return step.collector == COSTS.name and step.is_read_in_full and step.status_code != NO_ROWS


def _has_costs_in_part(step: Step) -> bool:
    is_of_costs = step.collector == COSTS.name and step.status is StepStatus.SUCCEEDED
    return is_of_costs and step.unread_json is None and bool(step.rows and step.rows_set_aside)
