"""Applies the rules to Azure's own recommendations: Advisor, reservations and savings plans."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from findings.rule import AdvisorRule, Commitment, CommitmentRule
from shared.core.alternatives import OfferT, alternatives
from shared.core.billed_costs import BilledCosts
from shared.core.findings import AffectedResource, Evidence, Saving, SavingBasis
from shared.core.formats import money, month, percent, term
from shared.sql.collected.recommendations import AdvisorRecommendation

NO_CURRENCY = "Azure gives no currency for this amount, so it is shown only as evidence."


def from_advisor(
    rule: AdvisorRule, rows: Iterable[AdvisorRecommendation], costs: BilledCosts
) -> list[AffectedResource]:
    """Return one entry per resource: the recommendation with the highest savings."""
    best: dict[str, AdvisorRecommendation] = {}
    for row in rows:
        if rule.matches(row) and row.resource_id:
            known = best.get(row.resource_id)
            if known is None or (row.monthly or 0) > (known.monthly or 0):
                best[row.resource_id] = row
    return [_of_advisor(rule, resource_id, row, costs) for resource_id, row in sorted(best.items())]


def _of_advisor(
    rule: AdvisorRule, resource_id: str, row: AdvisorRecommendation, costs: BilledCosts
) -> AffectedResource:
    extended = _extended(row)
    monthly, billed = row.monthly, costs.in_words(resource_id)
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
        savings=_estimate(row.savings_currency, monthly, SavingBasis.AZURE_RETAIL),
        note=None if is_amount else "Advisor gives no amount.",
    )


def _estimate(currency: str | None, monthly: Decimal | None, basis: SavingBasis) -> tuple[Saving, ...]:
    if currency is None or monthly is None or monthly <= 0:
        return ()
    return (Saving(currency, monthly, basis),)


def _extended(row: AdvisorRecommendation) -> Mapping[str, str]:
    found = json.loads(row.extended_properties_json) if row.extended_properties_json else {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _group(resource_id: str) -> str | None:
    parts = resource_id.split("/", 5)
    return parts[4] if len(parts) > 4 and parts[3] == "resourcegroups" else None


def from_commitments(rule: CommitmentRule[OfferT], rows: Sequence[OfferT]) -> list[AffectedResource]:
    """Return one entry per group of alternatives: its best offer, with the others beside it, if it saves money."""
    groups = ([rule.offer(row) for row in group] for group in alternatives(rows, rule.usage))
    saving = [found for group in groups if (found := sorted(filter(_saves, group), key=_order))]
    return [_of_commitment(rule, offers) for offers in sorted(saving, key=lambda offers: _order(offers[0]))]


def _saves(offer: Commitment) -> bool:
    return offer.monthly is not None and offer.monthly > 0


def _order(offer: Commitment) -> tuple[str, Decimal, str]:
    return offer.currency or "", -(offer.monthly or Decimal(0)), f"{offer.subscription_id}/{offer.name}"


def _of_commitment(rule: CommitmentRule[OfferT], offers: Sequence[Commitment]) -> AffectedResource:
    """Return the entry of alternatives, the best first."""
    best = offers[0]
    lines = [Evidence(label, str(value)) for label, value in best.evidence if value is not None]
    return AffectedResource(
        resource_id=f"/subscriptions/{best.subscription_id.lower()}",
        resource_name=best.name,
        resource_type=rule.text.singular,
        sub_account_id=best.subscription_id,
        resource_group=None,
        region_id=best.region,
        evidence=(*lines, *_compared(offers), Evidence("Cannot be undone", rule.irrevocable)),
        savings=_estimate(best.currency, best.monthly, SavingBasis.AZURE_NEGOTIATED),
        note=None if best.currency else NO_CURRENCY,
    )


def _compared(offers: Sequence[Commitment]) -> Iterator[Evidence]:
    """Yield the best offer of each term, and the range of all. Alternatives are never added."""
    for code in sorted({offer.term for offer in offers if offer.term}):
        best = next(offer for offer in offers if offer.term == code)
        yield Evidence(f"Best offer for {term(code)}", _in_words(best))
    if len(offers) > 1:
        lowest, highest = (_amount(offer) for offer in (offers[-1], offers[0]))
        yield Evidence(f"Range of {len(offers)} alternative offers", f"{lowest} to {highest} a month")


def _in_words(offer: Commitment) -> str:
    if offer.break_even is None:
        return f"{_amount(offer)} a month"
    return f"{_amount(offer)} a month; pays off from {percent(offer.break_even)} of the past usage"


def _amount(offer: Commitment) -> str:
    monthly = offer.monthly or Decimal(0)
    return money(monthly, offer.currency) if offer.currency else f"{monthly:,.2f} in the billing currency"
