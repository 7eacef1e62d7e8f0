"""Azure's words for a charge as FOCUS has them, for the columns of cost rows that are named after FOCUS.

https://learn.microsoft.com/cloud-computing/finops/focus/convert

A word that FOCUS has no value for becomes the column's catch-all value; no word at all is None: not known.
"""

from collections.abc import Mapping

CHARGE_CATEGORIES: Mapping[str, str] = {
    "usage": "Usage",
    "purchase": "Purchase",
    "tax": "Tax",
    "unusedreservation": "Usage",
    "unusedsavingsplan": "Usage",
}
"""By ChargeType. Refunds and rounding are adjustments; `charge_type` keeps Azure's own word."""

PRICING_CATEGORIES: Mapping[str, str] = {
    "ondemand": "Standard",
    "reservation": "Committed",
    "savingsplan": "Committed",
    "spot": "Dynamic",
}
"""By PricingModel. The purchase of a commitment is OnDemand: read it together with the charge category."""

COMMITMENT_DISCOUNT_TYPES: Mapping[str, str] = {"reservation": "Reservation", "savingsplan": "Savings Plan"}
"""By PricingModel: what covers the usage."""

CHARGE_FREQUENCIES: Mapping[str, str] = {
    "usagebased": "Usage-Based",
    "recurring": "Recurring",
    "onetime": "One-Time",
}
"""By Frequency."""


def charge_category(charge_type: str | None) -> str | None:
    """Return the ChargeCategory of Azure's ChargeType."""
    return CHARGE_CATEGORIES.get(charge_type.lower(), "Adjustment") if charge_type else None


def pricing_category(pricing_model: str | None) -> str | None:
    """Return the PricingCategory of Azure's PricingModel."""
    return PRICING_CATEGORIES.get(pricing_model.lower(), "Other") if pricing_model else None


def commitment_discount_type(pricing_model: str | None) -> str | None:
    """Return the CommitmentDiscountType of Azure's PricingModel; None for usage that no commitment covers."""
    return COMMITMENT_DISCOUNT_TYPES.get(pricing_model.lower()) if pricing_model else None


def charge_frequency(frequency: str | None) -> str | None:
    """Return the ChargeFrequency of Azure's Frequency; None also for a word that FOCUS does not have."""
    return CHARGE_FREQUENCIES.get(frequency.lower()) if frequency else None
