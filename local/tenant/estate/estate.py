"""The whole estate of one seed, with what was last asked for kept at hand."""

from datetime import date
from functools import lru_cache

from local.tenant.estate.costs import CostRow, cost_rows, month_number
from local.tenant.estate.grouping import GroupedRow, grouped
from local.tenant.estate.resources import Resource, make_resources
from local.tenant.estate.subscriptions import Subscription, delegated_subscription, make_subscriptions


class Estate:
    """Subscriptions, resources and costs. Memory holds a few subscriptions' rows, never all."""

    def __init__(self, seed: int, size: str, estate: str = "plain") -> None:
        self.seed = seed
        self.subscriptions = make_subscriptions(seed, size, estate)
        self.delegated = delegated_subscription(seed)
        self.all_subscriptions = (*self.subscriptions, self.delegated)
        self._by_id = {item.subscription_id: item for item in self.all_subscriptions}
        self.grouped_rows = lru_cache(maxsize=4)(self._grouped_rows)
        self.resources = lru_cache(maxsize=4)(self._resources)

    def find(self, subscription_id: str) -> Subscription | None:
        return self._by_id.get(subscription_id)

    def _resources(self, subscription: Subscription, month: int) -> tuple[Resource, ...]:
        """The resources that exist in that month, by id."""
        alive = (item for item in make_resources(self.seed, subscription) if item.exists_in(month))
        return tuple(sorted(alive, key=lambda item: item.resource_id))

    def _grouped_rows(
        self, subscription: Subscription, first_month: int, end_month: int, groupings: tuple[str, ...]
    ) -> tuple[GroupedRow, ...]:
        """The rows of months first_month <= month < end_month, in an order that never changes."""
        return tuple(grouped(self.cost_rows(subscription, range(first_month, end_month)), groupings))

    def cost_rows(self, subscription: Subscription, months: range) -> list[CostRow]:
        return list(cost_rows(self.seed, subscription, months))


def month_of(day: date) -> int:
    """The number of the day's month."""
    return month_number(day.year, day.month)
