"""Reservations that Azure's estimate says would pay."""

from findings.commitment import Commitment, CommitmentRule, monthly_of
from findings.rule import Words
from shared.core.findings import Confidence, Effort, Measure
from shared.core.formats import term
from shared.sql.collected.recommendations import ReservationRecommendation


def _offer(row: ReservationRecommendation) -> Commitment:
    """One SKU in one region: terms, scopes and look-backs of it are ways to the same saving."""
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
            ("Days looked back", row.look_back_days),
        ),
    )


RULE: CommitmentRule[ReservationRecommendation] = CommitmentRule(
    name="reservations",
    words=Words(
        "reservation",
        "reservations",
        "{count} {them} that could pay, as an alternative",
        "Azure compared what was used with what it would have cost under a reservation. Each line is the best of its "
        "terms and scopes. A reservation is a commitment for one or three years: remove and resize first, then "
        "reserve what is left. That is why these amounts are alternatives and are not added to the others.",
        "Decide on the other findings first. Then reserve the steady rest, starting with one year and with what has "
        "run all year long.",
        "https://learn.microsoft.com/azure/cost-management-billing/reservations/save-compute-costs-reservations",
    ),
    measure=Measure.COMMIT,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    offer=_offer,
)
