"""Whose prices Cost Management shows for a subscription, by its offer, and whether a month can still change.

https://learn.microsoft.com/azure/cost-management-billing/costs/get-started-partners
https://learn.microsoft.com/azure/cost-management-billing/costs/understand-cost-mgt-data
"""

from collections.abc import Iterable, Mapping
from datetime import date

from shared.core.findings import SavingBasis
from shared.core.periods import add_months

PARTNER_OFFERS = ("csp_", "azureplan_")
"""How the quota ids of subscriptions begin, in lower case, that a partner invoices."""

CLOSED_FROM_DAY = 5
"""The day of the next month from which a month's charges do not change any more."""

BASIS_LABELS: Mapping[SavingBasis, str] = {
    SavingBasis.BILLED: "your bill",
    SavingBasis.PUBLIC_PRICE: "Azure's public prices; your partner's invoice may differ",
    SavingBasis.AZURE_RETAIL: "Azure's estimate at retail prices",
    SavingBasis.AZURE_NEGOTIATED: "Azure's estimate at your negotiated prices",
    SavingBasis.AZURE_ESTIMATE: "Azure's estimate",
    SavingBasis.REVIEWER: "our reviewer",
}
"""What every amount of a finding says about where it comes from."""


def is_partner_offer(quota_id: str) -> bool:
    """Return whether a partner invoices subscriptions of this offer, so that their costs are at public prices."""
    return quota_id.lower().startswith(PARTNER_OFFERS)


def at_public_prices(quota_ids: Mapping[str, str]) -> frozenset[str]:
    """Return the subscriptions of partner offers, from quota ids by subscription."""
    return frozenset(subscription for subscription, quota_id in quota_ids.items() if is_partner_offer(quota_id))


def basis_note(bases: Iterable[SavingBasis]) -> str:
    """Return the bases of a sum, as a phrase: "your bill"; "mixed: your bill; our reviewer"."""
    labels = [label for basis, label in BASIS_LABELS.items() if basis in {*bases}]
    return f"mixed: {'; '.join(labels)}" if len(labels) > 1 else "".join(labels)


def is_open(month: date, read_on: date) -> bool:
    """Return whether Azure could still change the month's charges on the day that they were read."""
    return read_on < add_months(month, 1).replace(day=CLOSED_FROM_DAY)
