"""Savings plans that Azure's estimate says would pay."""

from findings.commitment import Commitment, CommitmentRule, monthly_of
from findings.rule import Words
from shared.core.findings import Confidence, Effort, Measure
from shared.core.formats import term
from shared.sql.collected.recommendations import SavingsPlanRecommendation


def _offer(row: SavingsPlanRecommendation) -> Commitment:
    """One plan a subscription: terms and scopes are ways to the same saving."""
    return Commitment(
        subscription_id=row.sub_account_id,
        choice=(row.sku_name,),
        name=(row.sku_name or "Savings plan").replace("_", " "),
        region=None,
        currency=row.currency,
        monthly=monthly_of(row.net_savings, row.look_back_days),
        evidence=(
            ("Term", term(row.term)),
            ("Scope", row.benefit_scope),
            ("Hourly commitment", row.hourly_commitment),
            ("Coverage in per cent", None if row.coverage_percent is None else f"{row.coverage_percent:.1f}"),
            ("Days looked back", row.look_back_days),
        ),
    )


RULE: CommitmentRule[SavingsPlanRecommendation] = CommitmentRule(
    name="savings_plans",
    words=Words(
        "savings plan",
        "savings plans",
        "{count} {them} that could pay, as an alternative",
        "A savings plan commits you to an hourly amount of compute for one or three years, in return for lower "
        "prices. It covers what reservations would: the two are alternatives, and both come after removing and "
        "resizing. These amounts are not added to the others.",
        "Decide on the other findings first, and choose between reservations (cheaper, tied to a size and a region) "
        "and a plan (freer).",
        "https://learn.microsoft.com/azure/cost-management-billing/savings-plan/savings-plan-compute-overview",
    ),
    measure=Measure.COMMIT,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    offer=_offer,
)
