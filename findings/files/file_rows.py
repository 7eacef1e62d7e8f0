"""An inventory and costs in files, as the rules read them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from findings.files.cost_table import CostLine, CostTable
from findings.judge import Scope
from findings.resource import Resource
from shared.core.billed_costs import COMPUTE_SERVICE, MonthCost
from shared.core.meter_costs import MeterCost, SpendLine
from shared.core.money import sum_exactly
from shared.evidence.fully_read import FullyReadSubscriptions

SpendKey = tuple[str, date, str, str, str, str, str, str, str]


@dataclass
class _Sums:
    """Amounts that are added up exactly, and the quantity if every line has one."""

    amounts: list[Decimal] = field(default_factory=list)
    quantities: list[Decimal | None] = field(default_factory=list)
    compute: list[Decimal | None] = field(default_factory=list)
    commitment: str = ""

    @property
    def amount(self) -> Decimal:
        return sum_exactly(self.amounts)

    @property
    def quantity(self) -> Decimal | None:
        return _total(self.quantities)


def _total(parts: list[Decimal | None]) -> Decimal | None:
    known = [each for each in parts if each is not None]
    return sum_exactly(known) if known and len(known) == len(parts) else None


@dataclass(frozen=True)
class FileRows:
    """The resources, and the costs of all months, of which single resources are read again on demand."""

    inventory: tuple[Resource, ...]
    costs: CostTable | None
    bills: Mapping[SpendKey, _Sums] = field(default_factory=dict)

    def resources(self, resource_types: frozenset[str]) -> Iterator[Resource]:
        return (each for each in self.inventory if each.type in resource_types)

    def costs_of_month(self, month: date) -> Iterator[MonthCost]:
        found: dict[tuple[str, str], _Sums] = {}
        for line in self._of_resources(month):
            sums = found.setdefault((line.resource_id, line.currency), _Sums())
            sums.amounts.append(line.amount)
            sums.commitment = sums.commitment or line.commitment
            if line.service == COMPUTE_SERVICE:
                sums.compute.append(line.quantity)
        for key, sums in found.items():
            yield MonthCost(*key, sums.amount, len(sums.compute), _total(sums.compute), sums.commitment or None)

    def meters_of_month(self, month: date) -> Iterator[MeterCost]:
        for line in self._of_resources(month):
            names = (line.service, line.subcategory, line.meter)
            yield MeterCost(line.resource_id, line.currency, *names, line.amount, line.quantity)

    def spend(self) -> Iterator[SpendLine]:
        return (SpendLine(*key, sums.amount, sums.quantity) for key, sums in sorted(self.bills.items()))

    def _of_resources(self, month: date) -> Iterator[CostLine]:
        lines = self.costs.lines() if self.costs else iter(())
        return (line for line in lines if line.month == month and line.resource_id)

    def scope(self, today: date) -> Scope:
        """Return what is judged: the last month that ended before today, or the last one there is."""
        months = sorted({key[1] for key in self.bills})
        ended = [month for month in months if month < today.replace(day=1)]
        month = (ended or months or [today.replace(day=1)])[-1]
        read = FullyReadSubscriptions(
            inventory=frozenset(each.subscription_id for each in self.inventory),
            costs=frozenset(key[0] for key in self.bills),
            unread=(),
        )
        return Scope(month, today, read)


def file_rows(inventory: tuple[Resource, ...], costs: CostTable | None) -> FileRows:
    """Read the costs once, for the bill of each subscription. Raises UnusableFile."""
    bills: dict[SpendKey, _Sums] = {}
    for line in costs.lines() if costs else ():
        names = (line.service, line.subcategory, line.meter, line.charge, line.frequency, line.publisher)
        key = (line.subscription_id, line.month, line.currency, *names)
        sums = bills.setdefault(key, _Sums())
        sums.amounts.append(line.amount)
        sums.quantities.append(line.quantity)
    return FileRows(inventory, costs, bills)
