"""Reservations that would save money, by Azure's estimate."""

from findings.rule import Commitment, CommitmentRule, RuleText, monthly_of
from shared.core.findings import Confidence, Effort, Measure
from shared.core.formats import term
from shared.sql.collected.recommendations import ReservationRecommendation


def _offer(row: ReservationRecommendation) -> Commitment:
    """Return the offer for one SKU in one region. Its terms, scopes and look-back periods are alternatives."""
    return Commitment(
        subscription_id=row.sub_account_id,
        choice=(row.resource_type, row.sku_name, row.region_id),
        name=row.sku_name or row.resource_type or "reservation",
        region=row.region_id,
        currency=row.currency,
        monthly=monthly_of(row.net_savings, row.look_back_days),
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
)
