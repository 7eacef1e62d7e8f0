"""The savings of removing a resource: what the customer was billed for it, never a list price.

Usage that a commitment covers is billed at 0: https://learn.microsoft.com/azure/cost-management-billing/reservations/understand-reserved-instance-usage-ea
So what was billed says nothing about whether a machine ran, and removing a covered resource saves no cash.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shared.core.findings import Saving, SavingBasis
from shared.core.formats import money, month

COMPUTE_SERVICE = "Virtual Machines"
"""The service of the meters that measure a machine's hours."""

KNOWN_IN_PART = "Some cost rows of this subscription could not be read. The savings count the others."
UNKNOWN = "The costs of this subscription could not be read, so the savings are unknown."

FREED = (
    "A {commitment} covered usage of it in {month}. Removing it frees the {commitment} for other use, "
    "but does not lower the bill by that part."
)


@dataclass(frozen=True)
class MonthCost:
    """One resource's cost in one month and currency; negative if refunds exceed it.

    `compute_lines` counts the lines of compute meters, `compute_quantity` is their quantity (None:
    not known); `commitment` is the type of a commitment that covered usage of it.
    """

    resource_id: str
    currency: str
    amount: Decimal
    compute_lines: int = 0
    compute_quantity: Decimal | None = None
    commitment: str | None = None


@dataclass(frozen=True)
class BilledCosts:
    """The last complete month's costs of the requested resources, by id and currency.

    For subscriptions outside `known_subscriptions` (lower-case ids) no cost was read: there a
    missing cost is not zero. `computed` has the compute quantities of resources with a compute
    meter, `covered` the type of the commitment of covered resources, both by id. Costs of
    the subscriptions in `public_prices` are not what their partner invoices.
    """

    month: date
    known_subscriptions: frozenset[str] = frozenset()
    amounts: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    computed: Mapping[str, Sequence[Decimal | None]] = field(default_factory=dict)
    covered: Mapping[str, str] = field(default_factory=dict)
    known_in_part: frozenset[str] = frozenset()
    public_prices: frozenset[str] = frozenset()

    def savings(self, resource_id: str, subscription_id: str) -> tuple[tuple[Saving, ...], str | None]:
        """Return a month's savings in each currency, and a note: why there are none, or what removal does not save."""
        billed = self.amounts.get(resource_id, {})
        is_public = subscription_id.lower() in self.public_prices
        basis = SavingBasis.PUBLIC_PRICE if is_public else SavingBasis.BILLED
        found = tuple(Saving(currency, amount, basis) for currency, amount in sorted(billed.items()) if amount > 0)
        if subscription_id.lower() in self.known_in_part and found:
            return found, KNOWN_IN_PART
        if subscription_id.lower() not in self.known_subscriptions:
            return (), UNKNOWN
        if resource_id in self.covered:
            return found, FREED.format(commitment=self.covered[resource_id].lower(), month=month(self.month))
        if found:
            return found, None
        if any(amount < 0 for amount in billed.values()):
            return (), f"Refunds exceeded its cost in {month(self.month)}, so no savings are counted."
        return (), f"Nothing was billed for it in {month(self.month)}."

    def did_not_run(self, resource_id: str, subscription_id: str) -> bool:
        """Whether no compute meter measured any use of it in the month, whatever it cost; False if that is unknown."""
        is_known = subscription_id.lower() in self.known_subscriptions
        return is_known and all(used is not None and used <= 0 for used in self.computed.get(resource_id, ()))

    def hours_run(self, resource_id: str) -> Decimal | None:
        """Return the quantity of the compute meters in the month; None where no meter or no quantity is known."""
        used = self.computed.get(resource_id, ())
        known = [each for each in used if each is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(used) else None

    def in_words(self, resource_id: str) -> str:
        """What was billed in the month: `£12.30`; empty where nothing was."""
        billed = sorted(self.amounts.get(resource_id, {}).items())
        return ", ".join(money(amount, currency) for currency, amount in billed)


def billed_costs(
    month: date,
    known_subscriptions: frozenset[str],
    wanted: frozenset[str],
    rows: Iterable[MonthCost],
    known_in_part: frozenset[str] = frozenset(),
    public_prices: frozenset[str] = frozenset(),
) -> BilledCosts:
    """Collect the costs of the wanted resources only: there may be many rows, but rules find few resources.

    `known_in_part` are subscriptions some of whose cost rows could not be read: there an amount is used, its
    absence means nothing.
    """
    amounts: dict[str, dict[str, Decimal]] = {}
    computed: dict[str, list[Decimal | None]] = {}
    covered: dict[str, str] = {}
    for row in rows:
        if row.resource_id in wanted:
            amounts.setdefault(row.resource_id, {})[row.currency] = row.amount
            if row.compute_lines:
                computed.setdefault(row.resource_id, []).append(row.compute_quantity)
            if row.commitment:
                covered[row.resource_id] = row.commitment
    return BilledCosts(month, known_subscriptions, amounts, computed, covered, known_in_part, public_prices)
