"""Applies the rules to Azure's own recommendations: Advisor, reservations and savings plans."""

import json
from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from findings.rule import MONTHS_IN_YEAR, AdvisorRule, Commitment, CommitmentRule
from shared.core.billed_costs import BilledCosts
from shared.core.findings import AffectedResource, Evidence, Saving, SavingBasis
from shared.core.formats import month
from shared.sql.collected.recommendations import AdvisorRecommendation

T = TypeVar("T")

NO_CURRENCY = "Azure gives no currency for this amount, so it is shown only as evidence."


def from_advisor(
    rule: AdvisorRule, rows: Iterable[AdvisorRecommendation], costs: BilledCosts
) -> list[AffectedResource]:
    """Return one entry per resource: the recommendation with the highest savings."""
    best: dict[str, AdvisorRecommendation] = {}
    for row in rows:
        if rule.matches(row) and row.resource_id:
            known = best.get(row.resource_id)
            if known is None or (_monthly(row) or 0) > (_monthly(known) or 0):
                best[row.resource_id] = row
    return [_of_advisor(rule, resource_id, row, costs) for resource_id, row in sorted(best.items())]


def _monthly(row: AdvisorRecommendation) -> Decimal | None:
    if row.monthly_savings is not None:
        return row.monthly_savings
    return None if row.annual_savings is None else row.annual_savings / MONTHS_IN_YEAR


def _of_advisor(
    rule: AdvisorRule, resource_id: str, row: AdvisorRecommendation, costs: BilledCosts
) -> AffectedResource:
    extended = _extended(row)
    monthly, billed = _monthly(row), costs.in_words(resource_id)
    lines = [Evidence(label, extended[name]) for label, name in rule.evidence if extended.get(name)]
    if billed:
        lines.append(Evidence(f"Billed in {month(costs.month)}", billed))
    is_amount = monthly is not None and monthly > 0 and row.savings_currency
    return AffectedResource(
        resource_id=resource_id,
        resource_name=resource_id.rpartition("/")[2],
        resource_type=(row.impacted_field or "").lower(),
        sub_account_id=row.sub_account_id,
        resource_group=_group(resource_id),
        region_id=extended.get("regionId"),
        evidence=tuple(lines),
        savings=_estimate(row.savings_currency, monthly),
        note=None if is_amount else "Advisor gives no amount.",
    )


def _estimate(currency: str | None, monthly: Decimal | None) -> tuple[Saving, ...]:
    if currency is None or monthly is None or monthly <= 0:
        return ()
    return (Saving(currency, monthly, SavingBasis.AZURE_ESTIMATE),)


def _extended(row: AdvisorRecommendation) -> Mapping[str, str]:
    found = json.loads(row.extended_properties_json) if row.extended_properties_json else {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _group(resource_id: str) -> str | None:
    parts = resource_id.split("/", 5)
    return parts[4] if len(parts) > 4 and parts[3] == "resourcegroups" else None


def from_commitments(rule: CommitmentRule[T], rows: Iterable[T]) -> list[AffectedResource]:
    """Return one entry per commitment: the best of its terms, scopes and look-back periods, if it saves money."""
    best: dict[Hashable, Commitment] = {}
    for row in rows:
        offer = rule.offer(row)
        if offer.monthly is None or offer.monthly <= 0:
            continue
        alternatives = (offer.subscription_id.lower(), offer.choice, offer.currency)
        known = best.get(alternatives)
        if known is None or offer.monthly > (known.monthly or 0):
            best[alternatives] = offer
    return [_of_commitment(rule, offer) for offer in sorted(best.values(), key=_order)]


def _order(offer: Commitment) -> tuple[str, Decimal, str]:
    return offer.currency or "", -(offer.monthly or Decimal(0)), f"{offer.subscription_id}/{offer.name}"


def _of_commitment(rule: CommitmentRule[T], offer: Commitment) -> AffectedResource:
    lines = [Evidence(label, str(value)) for label, value in offer.evidence if value is not None]
    if offer.currency is None and offer.monthly is not None:
        lines.append(Evidence("Monthly savings in the billing currency", f"{offer.monthly:,.2f}"))
    return AffectedResource(
        resource_id=f"/subscriptions/{offer.subscription_id.lower()}",
        resource_name=offer.name,
        resource_type=rule.text.singular,
        sub_account_id=offer.subscription_id,
        resource_group=None,
        region_id=offer.region,
        evidence=tuple(lines),
        savings=_estimate(offer.currency, offer.monthly),
        note=None if offer.currency else NO_CURRENCY,
    )
