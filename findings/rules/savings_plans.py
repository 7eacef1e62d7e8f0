"""Savings plans that would save money, by Azure's estimate."""

from findings.rule import Commitment, CommitmentRule, RuleText, break_even_of, monthly_of
from shared.core.findings import Confidence, Effort, Measure
from shared.core.formats import term
from shared.sql.collected.recommendations import SavingsPlanRecommendation


def _offer(row: SavingsPlanRecommendation) -> Commitment:
    """Return the offer of one hourly commitment."""
    return Commitment(
        subscription_id=row.sub_account_id,
        name=(row.sku_name or "Savings plan").replace("_", " "),
        region=None,
        currency=row.currency,
        term=row.term,
        monthly=monthly_of(row.net_savings, row.look_back_days),
        break_even=break_even_of(row.cost_without_benefit, row.cost_with_benefit),
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
    usage=lambda row: row.sku_name,
    irrevocable="A savings plan cannot be cancelled, exchanged or returned: you pay each hour's commitment until the "
    "end of the term, used or not.",
)
