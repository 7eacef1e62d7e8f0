"""A simulated estate whose owner acts: resources are deleted or moved between two scans."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from simulator.estate.charges import CostRow
from simulator.estate.estate import Estate
from simulator.estate.resources import Resource
from simulator.estate.subscriptions import Subscription

GROUP_PART = 4
"""Where the resource group's name stands in a resource id: /subscriptions/{id}/resourceGroups/{name}/…"""


@dataclass(frozen=True)
class Removal:
    """`from_month` is the first month whose inventory lacks the resource, `charges_until` the first month without
    charges."""

    from_month: int
    charges_until: int


@dataclass(frozen=True)
class Move:
    """To another group, from this month on."""

    from_month: int
    resource_group: str


class ChangingEstate(Estate):
    """Removals and moves by resource id in lower case."""

    def __init__(
        self,
        seed: int,
        size: str,
        removals: Mapping[str, Removal] | None = None,
        moves: Mapping[str, Move] | None = None,
    ) -> None:
        super().__init__(seed, size)
        self.removals, self.moves = removals or {}, moves or {}

    def _resources(self, subscription: Subscription, month: int) -> tuple[Resource, ...]:
        present = super()._resources(subscription, month)
        return tuple(self._where_it_is(one, month) for one in present if not self._is_removed(one, month))

    def cost_rows(self, subscription: Subscription, months: range) -> list[CostRow]:
        rows = super().cost_rows(subscription, months)
        return [self._charged(row) for row in rows if not self._is_free(row)]

    def _is_removed(self, one: Resource, month: int) -> bool:
        removal = self.removals.get(one.resource_id.lower())
        return removal is not None and month >= removal.from_month

    def _is_free(self, row: CostRow) -> bool:
        removal = self.removals.get(row.resource_id.lower())
        return removal is not None and row.month >= removal.charges_until

    def _where_it_is(self, one: Resource, month: int) -> Resource:
        move = self.moves.get(one.resource_id.lower())
        return replace(one, resource_group=move.resource_group) if move and month >= move.from_month else one

    def _charged(self, row: CostRow) -> CostRow:
        move = self.moves.get(row.resource_id.lower())
        if move is None or row.month < move.from_month:
            return row
        parts = row.resource_id.split("/")
        parts[GROUP_PART] = move.resource_group
        return row._replace(resource_id="/".join(parts))
