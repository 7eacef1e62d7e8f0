"""How well reservations and savings plans are used, from a scan's charges: coverage, utilization, unused commitment.

https://learn.microsoft.com/azure/cost-management-billing/reservations/understand-reserved-instance-usage-ea

All figures are of the amortized view: covered usage carries its share of the commitment, and hours that nothing used
are charges of their own. Usage of which Azure does not say what covers it is in none of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shared.core.money import sum_exactly

ELIGIBLE_SERVICES = frozenset(
    {
        *("virtual machines", "azure app service", "functions", "container instances", "azure container apps"),
        *("sql database", "sql managed instance", "azure database for postgresql", "azure database for mysql"),
        *("azure cosmos db", "azure cache for redis", "azure synapse analytics", "azure data explorer"),
        *("azure vmware solution", "azure databricks"),
    }
)
"""The services, in lower case, whose usage a reservation or a savings plan can cover.

https://learn.microsoft.com/azure/cost-management-billing/reservations/save-compute-costs-reservations
https://learn.microsoft.com/azure/cost-management-billing/savings-plan/savings-plan-overview
"""

UNUSED = ("unusedreservation", "unusedsavingsplan")
COVERABLE = ("Standard", "Committed")
"""The pricing categories of usage that a commitment covers, or could: not Spot."""


class CostView(StrEnum):
    """The two views of the same money. Sums of one are never added to sums of the other."""

    ACTUAL = "actual"
    AMORTIZED = "amortized"


class Layer(StrEnum):
    """What a charge is for: the layers of a bill, which add up to its total."""

    USAGE = "usage"
    UNUSED = "unused commitment"
    PURCHASES = "purchases"
    MARKETPLACE = "Marketplace"
    REFUNDS = "refunds"
    OTHER = "tax, rounding and other adjustments"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class Charge:
    """The sum of the charges of one kind in one view and currency; `month` is None for the whole period.

    A text of None: Azure accepted only a simpler query, which does not say it.
    """

    view: CostView
    currency: str
    service_name: str
    charge_type: str | None
    pricing_category: str | None
    commitment_discount_type: str | None
    publisher: str | None
    cost: Decimal

    @property
    def layer(self) -> Layer:
        """Return the charge's layer. What Marketplace sells is apart, whether used, bought or refunded."""
        if (self.publisher or "").lower() == "marketplace":
            return Layer.MARKETPLACE
        kind = (self.charge_type or "").lower()
        if kind in UNUSED:
            return Layer.UNUSED
        named = {"usage": Layer.USAGE, "purchase": Layer.PURCHASES, "refund": Layer.REFUNDS, "": Layer.UNKNOWN}
        return named.get(kind, Layer.OTHER)

    @property
    def is_covered(self) -> bool:
        """Whether a commitment covers this usage."""
        return self.layer is Layer.USAGE and self.commitment_discount_type is not None

    @property
    def is_eligible(self) -> bool:
        """Whether a commitment covers this usage, or could."""
        is_coverable = self.pricing_category in COVERABLE and self.service_name.lower() in ELIGIBLE_SERVICES
        return self.is_covered or (self.layer is Layer.USAGE and is_coverable)


@dataclass(frozen=True)
class CommitmentFigures:
    """The commitments of one currency over the whole period; `kind` is Reservation or Savings Plan, empty for both.

    `eligible` is the effective cost of usage that a commitment covers or could cover, for all kinds together.
    """

    currency: str
    kind: str
    covered: Decimal
    eligible: Decimal
    unused: Decimal

    @property
    def coverage(self) -> Decimal | None:
        """Return the covered share of what eligible usage cost; None without such usage."""
        return self.covered / self.eligible if self.eligible > 0 else None

    @property
    def utilization(self) -> Decimal | None:
        """Return the used share of what the commitments cost; None without any."""
        paid = self.covered + self.unused
        return self.covered / paid if paid > 0 else None


@dataclass(frozen=True)
class LayerCost:
    """One layer of one currency in both views; None: the view has no such charges."""

    currency: str
    layer: Layer
    actual: Decimal | None
    amortized: Decimal | None


def commitment_figures(charges: Iterable[Charge]) -> list[CommitmentFigures]:
    """Return the figures of each currency that has commitments: both kinds together, then each kind that there is."""
    amortized = [charge for charge in charges if charge.view is CostView.AMORTIZED]
    found: list[CommitmentFigures] = []
    for currency in sorted({charge.currency for charge in amortized}):
        own = [charge for charge in amortized if charge.currency == currency]
        kinds = sorted({kind for charge in own if (kind := _kind_of(charge))})
        found += [_figures(currency, kind, own) for kind in ("", *kinds) if kinds]
    return found


def _kind_of(charge: Charge) -> str | None:
    """Return Reservation or Savings Plan for what a commitment covers or leaves unused."""
    return charge.commitment_discount_type if charge.is_covered or charge.layer is Layer.UNUSED else None


def _figures(currency: str, kind: str, own: list[Charge]) -> CommitmentFigures:
    of_kind = [charge for charge in own if _kind_of(charge) and kind in ("", _kind_of(charge))]
    return CommitmentFigures(
        currency,
        kind,
        covered=sum_exactly(charge.cost for charge in of_kind if charge.is_covered),
        eligible=sum_exactly(charge.cost for charge in own if charge.is_eligible),
        unused=sum_exactly(charge.cost for charge in of_kind if charge.layer is Layer.UNUSED),
    )


def layer_costs(charges: Iterable[Charge]) -> list[LayerCost]:
    """Return each layer that has charges, by currency, in the order of Layer."""
    sums: dict[tuple[str, Layer, CostView], list[Decimal]] = {}
    for charge in charges:
        sums.setdefault((charge.currency, charge.layer, charge.view), []).append(charge.cost)
    totals = {key: sum_exactly(parts) for key, parts in sums.items()}
    return [
        LayerCost(
            currency,
            layer,
            totals.get((currency, layer, CostView.ACTUAL)),
            totals.get((currency, layer, CostView.AMORTIZED)),
        )
        for currency in sorted({currency for currency, _, _ in totals})
        for layer in Layer
        if {(currency, layer, view) for view in CostView} & totals.keys()
    ]
