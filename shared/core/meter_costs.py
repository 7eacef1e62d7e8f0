"""What single meters of a resource were billed: a licence, a support plan, a tier beside the rest of its bill."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shared.core.formats import money
from shared.core.money import sum_exactly


@dataclass(frozen=True)
class MeterCost:
    """One meter of one resource in one month and currency; `quantity` None: Azure gave none."""

    resource_id: str
    currency: str
    service: str
    subcategory: str
    meter: str
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(frozen=True)
class SpendLine:
    """One meter of one subscription in one month and currency, over all its resources."""

    subscription_id: str
    month: date
    currency: str
    service: str
    subcategory: str
    meter: str
    charge_category: str
    frequency: str
    publisher: str
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(frozen=True)
class MeterPart:
    """A part of a resource's bill: the meters that `matches` (service, subcategory and meter in lower case).

    `label` names the part in a sentence: "Windows licence".
    """

    label: str
    matches: Callable[[str, str, str], bool]

    def includes(self, cost: MeterCost) -> bool:
        """Return whether the meter belongs to the part."""
        return self.matches(cost.service.lower(), cost.subcategory.lower(), cost.meter.lower())


@dataclass(frozen=True)
class MeterCosts:
    """The last complete month's meters of the requested resources, by id."""

    by_resource: Mapping[str, tuple[MeterCost, ...]] = field(default_factory=dict)

    def amounts(self, resource_id: str, part: MeterPart) -> dict[str, Decimal]:
        """Return what the part was billed, by currency; nothing for a part without a meter."""
        amounts: dict[str, list[Decimal]] = {}
        for cost in self.by_resource.get(resource_id, ()):
            if part.includes(cost):
                amounts.setdefault(cost.currency, []).append(cost.amount)
        return {currency: sum_exactly(found) for currency, found in sorted(amounts.items())}

    def quantity(self, resource_id: str, part: MeterPart) -> Decimal | None:
        """Return the part's quantity in the meters' unit; None where it has no meter or Azure gave no quantity."""
        used = [cost.quantity for cost in self.by_resource.get(resource_id, ()) if part.includes(cost)]
        known = [each for each in used if each is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(used) else None

    def in_words(self, resource_id: str, part: MeterPart) -> str:
        """Return what the part was billed: `£12.30`; empty where nothing was."""
        return ", ".join(money(amount, currency) for currency, amount in self.amounts(resource_id, part).items())


def meter_costs(rows: Iterable[MeterCost], wanted: frozenset[str]) -> MeterCosts:
    """Collect the meters of the wanted resources only."""
    found: dict[str, list[MeterCost]] = {}
    for row in rows:
        if row.resource_id in wanted:
            found.setdefault(row.resource_id, []).append(row)
    return MeterCosts({resource_id: tuple(costs) for resource_id, costs in found.items()})
