"""Savings plans that would save money, by Azure's estimate."""

from findings.rule import Commitment, CommitmentRule, RuleText, monthly_of
from shared.core.findings import Confidence, Effort, Measure
from shared.core.formats import term
from shared.sql.collected.recommendations import SavingsPlanRecommendation


def _offer(row: SavingsPlanRecommendation) -> Commitment:
    """Return one offer per subscription. Its terms and scopes are alternatives."""
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
            ("Coverage (%)", None if row.coverage_percent is None else f"{row.coverage_percent:.1f}"),
            ("Look-back period (days)", row.look_back_days),
        ),
    )


RULE: CommitmentRule[SavingsPlanRecommendation] = CommitmentRule(
    name="savings_plans",
    text=RuleText(
        "savings plan",
        "savings plans",
        "{count} {them} recommended by Azure, as an alternative",
        "A savings plan commits you to an hourly spend on compute for one or three years in return for lower prices. "
        "Savings plans and reservations cover the same usage, so they are alternatives. Remove and resize resources "
        "first. These amounts are not added to the other savings.",
        "Decide on the other findings first. Then choose between reservations (cheaper, tied to a size and a region) "
        "and a savings plan (more flexible).",
        "https://learn.microsoft.com/azure/cost-management-billing/savings-plan/savings-plan-compute-overview",
    ),
    measure=Measure.COMMIT,
    confidence=Confidence.LOW,
    effort=Effort.MEDIUM,
    offer=_offer,
)
