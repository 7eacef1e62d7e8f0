"""Virtual machines that Azure Advisor finds oversized or idle."""

from findings.rule import AdvisorRule, RuleText
from shared.core.findings import Confidence, Effort, Measure
from shared.sql.collected.recommendations import AdvisorRecommendation

RIGHT_SIZE_OR_SHUT_DOWN = "e10b1381-5f0a-47ff-8c7b-37bd13d7c974"


def _is_open_right_sizing(advice: AdvisorRecommendation) -> bool:
    type_id = (advice.recommendation_type_id or "").strip().lower()
    return type_id == RIGHT_SIZE_OR_SHUT_DOWN and not advice.is_suppressed and bool(advice.resource_id)


RULE = AdvisorRule(
    name="advisor_right_sizing",
    text=RuleText(
        "virtual machine",
        "virtual machines",
        "{count} oversized or idle {them}",
        "Azure Advisor measured low CPU, memory and network usage on these virtual machines. Its savings are estimates "
        "at retail prices that ignore your discounts, reservations and savings plans. We show them as Azure's own and "
        "do not add them to the savings calculated from your bill.",
        "Review the machine's load over a full business cycle, including month end. Then resize it to the size Advisor "
        "recommends, or shut it down. Resizing restarts the machine.",
        "https://learn.microsoft.com/azure/advisor/advisor-cost-recommendations",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    matches=_is_open_right_sizing,
    evidence=(
        ("Recommendation", "recommendationType"),
        ("Current size", "currentSku"),
        ("Recommended size", "targetSku"),
        ("Peak CPU (P95, %)", "MaxCpuP95"),
        ("Look-back period (days)", "lookbackPeriod"),
    ),
)
