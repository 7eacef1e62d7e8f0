"""The estate of one seed, with the latest results cached."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from simulator.estate.charges import CostRow, month_number
from simulator.estate.costs import amortized_rows, cost_rows
from simulator.estate.grouping import GroupedRow, by_day, grouped, narrowed
from simulator.estate.resources import Resource, make_resources
from simulator.estate.subscriptions import MOST_GROUPINGS, Subscription, delegated_subscription, make_subscriptions


class View(NamedTuple):
    """A view of costs: summed over all months if `is_whole`; `only` is a dimension and its values, `days`
    the first and the last of a daily view."""

    is_amortized: bool = False
    is_whole: bool = False
    only: tuple[str, tuple[str, ...]] | None = None
    days: tuple[date, date] | None = None


class Estate:
    """Subscriptions, resources and costs. Memory holds a few subscriptions' rows, never all."""

    def __init__(self, seed: int, size: str, estate: str = "plain", most_groupings: int = MOST_GROUPINGS) -> None:
        self.seed = seed
        self.subscriptions = make_subscriptions(seed, size, estate, most_groupings)
        self.delegated = delegated_subscription(seed)
        self.all_subscriptions = (*self.subscriptions, self.delegated)
        self._by_id = {item.subscription_id: item for item in self.all_subscriptions}
        self.grouped_rows = lru_cache(maxsize=4)(self._grouped_rows)
        self.viewed_rows = lru_cache(maxsize=4)(self._viewed_rows)
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
        """The rows of months first_month <= month < end_month, in a fixed order."""
        return tuple(grouped(self.cost_rows(subscription, range(first_month, end_month)), groupings))

    def _viewed_rows(
        self, subscription: Subscription, first_month: int, end_month: int, groupings: tuple[str, ...], view: View
    ) -> tuple[GroupedRow, ...]:
        """The same in another view: amortized, narrowed, in one sum, day by day."""
        make = amortized_rows if view.is_amortized else cost_rows
        rows: Iterable[CostRow] = make(self.seed, subscription, range(first_month, end_month))
        if view.only:
            rows = narrowed(rows, *view.only)
        if view.is_whole:
            rows = (row._replace(month=first_month) for row in rows)
        sums = grouped(rows, groupings)
        return tuple(by_day(sums, *view.days) if view.days else sums)

    def cost_rows(self, subscription: Subscription, months: range) -> list[CostRow]:
        return list(cost_rows(self.seed, subscription, months))


def month_of(day: date) -> int:
    """The number of the day's month."""
    return month_number(day.year, day.month)
