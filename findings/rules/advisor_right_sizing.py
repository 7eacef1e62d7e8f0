"""Machines that Azure Advisor finds too large, or idle."""

from findings.rule import AdvisorRule, Words
from shared.core.findings import Confidence, Effort, Measure
from shared.sql.collected.recommendations import AdvisorRecommendation

RIGHT_SIZE_OR_SHUT_DOWN = "e10b1381-5f0a-47ff-8c7b-37bd13d7c974"


def _is_open_right_sizing(advice: AdvisorRecommendation) -> bool:
    type_id = (advice.recommendation_type_id or "").strip().lower()
    return type_id == RIGHT_SIZE_OR_SHUT_DOWN and not advice.is_suppressed and bool(advice.resource_id)


RULE = AdvisorRule(
    name="advisor_right_sizing",
    words=Words(
        "machine",
        "machines",
        "{count} {them} larger than the load needs",
        "Azure Advisor watched the processor, the memory and the network of these machines and found them hardly "
        "used. Its amounts are estimates at list prices: they know nothing of your discounts, reservations or savings "
        "plans, so we show them as Azure's and do not add them to what your bill proves.",
        "Look at the machine's load over a whole business cycle, month end included. Then change it to the size that "
        "Advisor names, or shut it down; a change of size restarts it.",
        "https://learn.microsoft.com/azure/advisor/advisor-cost-recommendations",
    ),
    measure=Measure.RESIZE,
    confidence=Confidence.MEDIUM,
    effort=Effort.MEDIUM,
    fits=_is_open_right_sizing,
    shows=(
        ("Advisor proposes", "recommendationType"),
        ("Size now", "currentSku"),
        ("Size proposed", "targetSku"),
        ("Highest CPU (95th percentile, %)", "MaxCpuP95"),
        ("Days looked back", "lookbackPeriod"),
    ),
)
