"""Reservations that would save money, by Azure's estimate."""

from findings.rule import Commitment, CommitmentRule, RuleText, break_even_of, monthly_of
from shared.core.findings import Confidence, Effort, Measure
from shared.core.formats import term
from shared.sql.collected.recommendations import ReservationRecommendation


def _offer(row: ReservationRecommendation) -> Commitment:
    """Return the offer for one SKU in one region."""
    return Commitment(
        subscription_id=row.sub_account_id,
        name=row.sku_name or row.resource_type or "reservation",
        region=row.region_id,
        currency=row.currency,
        term=row.term,
        monthly=monthly_of(row.net_savings, row.look_back_days),
        break_even=break_even_of(row.cost_without_benefit, row.cost_with_benefit),
        evidence=(
            ("Service", row.resource_type),
            ("Term", term(row.term)),
            ("Scope", row.benefit_scope),
            ("Quantity", row.recommended_quantity),
            ("Look-back period (days)", row.look_back_days),
        ),
    )


RULE: CommitmentRule[ReservationRecommendation] = CommitmentRule(
    name="reservations",
    text=RuleText(
        "reservation",
        "reservations",
        "{count} {them} recommended by Azure, as an alternative",
        "Azure compared your past usage with its cost under a reservation. Each line shows the term and scope with the "
        "highest savings. A reservation commits you for one or three years, so remove and resize resources first, "
        "then reserve the rest. These amounts are alternatives and are not added to the other savings.",
        "Decide on the other findings first. Then reserve the usage that has been steady all year, starting with a "
        "one-year term.",
        "https://learn.microsoft.com/azure/cost-management-billing/reservations/save-compute-costs-reservations",
    ),
    measure=Measure.COMMIT,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    offer=_offer,
    usage=lambda row: (row.resource_type, row.sku_name, row.region_id),
    irrevocable="You pay for the whole term, used or not. Azure limits what it refunds. One-year reservations of older "
    "virtual machine series ended on 1 Jul 2026; what savings plans cover cannot be exchanged after 1 Feb 2027.",
)
