"""What doing without a resource saves: what the customer itself was billed for it, never a list price."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shared.core.findings import Saving, SavingBasis
from shared.core.formats import money, month

UNKNOWN = "The costs of this subscription could not be read, so that the saving is not known."


@dataclass(frozen=True)
class MonthCost:
    """One resource's cost of one month in one currency; negative when refunds outweigh it."""

    resource_id: str
    currency: str
    amount: Decimal


@dataclass(frozen=True)
class BilledCosts:
    """The last complete month's costs of the resources that were asked about, by id and currency.

    Of subscriptions that are not in `known_subscriptions` (ids in lower case) no cost was
    read: there a missing cost is not a zero.
    """

    month: date
    known_subscriptions: frozenset[str] = frozenset()
    amounts: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)

    def savings(self, resource_id: str, subscription_id: str) -> tuple[tuple[Saving, ...], str | None]:
        """A month's saving in each currency, and why there is none where one would be expected."""
        if subscription_id.lower() not in self.known_subscriptions:
            return (), UNKNOWN
        billed = self.amounts.get(resource_id, {})
        found = tuple(
            Saving(currency, amount, SavingBasis.BILLED) for currency, amount in sorted(billed.items()) if amount > 0
        )
        if found:
            return found, None
        if any(amount < 0 for amount in billed.values()):
            return (), f"Refunds outweighed its cost in {month(self.month)}, so that no saving is counted."
        return (), f"Nothing was billed for it in {month(self.month)}."

    def stood_still(self, resource_id: str, subscription_id: str) -> bool:
        """Whether nothing was billed for it in the month; False where that is not known."""
        is_known = subscription_id.lower() in self.known_subscriptions
        return is_known and all(amount <= 0 for amount in self.amounts.get(resource_id, {}).values())

    def in_words(self, resource_id: str) -> str:
        """What was billed in the month: `£12.30`; empty where nothing was."""
        billed = sorted(self.amounts.get(resource_id, {}).items())
        return ", ".join(money(amount, currency) for currency, amount in billed)


def billed_costs(
    month: date, known_subscriptions: frozenset[str], wanted: frozenset[str], rows: Iterable[MonthCost]
) -> BilledCosts:
    """Keeps the costs of the wanted resources only: the rows may be many, what is wanted is what rules have found."""
    amounts: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        if row.resource_id in wanted:
            amounts.setdefault(row.resource_id, {})[row.currency] = row.amount
    return BilledCosts(month, known_subscriptions, amounts)
