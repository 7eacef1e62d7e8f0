"""The savings of removing a resource: what the customer was billed for it, never a list price."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shared.core.findings import Saving, SavingBasis
from shared.core.formats import money, month

UNKNOWN = "The costs of this subscription could not be read, so the savings are unknown."


@dataclass(frozen=True)
class MonthCost:
    """One resource's cost in one month and currency; negative if refunds exceed it."""

    resource_id: str
    currency: str
    amount: Decimal


@dataclass(frozen=True)
class BilledCosts:
    """The last complete month's costs of the requested resources, by id and currency.

    For subscriptions outside `known_subscriptions` (lower-case ids) no cost was read: there a
    missing cost is not zero.
    """

    month: date
    known_subscriptions: frozenset[str] = frozenset()
    amounts: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)

    def savings(self, resource_id: str, subscription_id: str) -> tuple[tuple[Saving, ...], str | None]:
        """Return a month's savings in each currency, and the reason if none is known where one is expected."""
        if subscription_id.lower() not in self.known_subscriptions:
            return (), UNKNOWN
        billed = self.amounts.get(resource_id, {})
        found = tuple(
            Saving(currency, amount, SavingBasis.BILLED) for currency, amount in sorted(billed.items()) if amount > 0
        )
        if found:
            return found, None
        if any(amount < 0 for amount in billed.values()):
            return (), f"Refunds exceeded its cost in {month(self.month)}, so no savings are counted."
        return (), f"Nothing was billed for it in {month(self.month)}."

    def was_not_billed(self, resource_id: str, subscription_id: str) -> bool:
        """Whether nothing was billed for it in the month; False if that is unknown."""
        is_known = subscription_id.lower() in self.known_subscriptions
        return is_known and all(amount <= 0 for amount in self.amounts.get(resource_id, {}).values())

    def in_words(self, resource_id: str) -> str:
        """What was billed in the month: `£12.30`; empty where nothing was."""
        billed = sorted(self.amounts.get(resource_id, {}).items())
        return ", ".join(money(amount, currency) for currency, amount in billed)


def billed_costs(
    month: date, known_subscriptions: frozenset[str], wanted: frozenset[str], rows: Iterable[MonthCost]
) -> BilledCosts:
    """Collect the costs of the wanted resources only: there may be many rows, but rules find few resources."""
    amounts: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        if row.resource_id in wanted:
            amounts.setdefault(row.resource_id, {})[row.currency] = row.amount
    return BilledCosts(month, known_subscriptions, amounts)
