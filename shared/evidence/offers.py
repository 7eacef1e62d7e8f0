"""What a reviewer can cite of the stored rows: evidence ready to be shown, each under a name to find it by again.

The name is the `source` of the evidence. In the next scan the same name stands for that
scan's figures, so that a finding which is carried there is never shown with old ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shared.core.billed_costs import BilledCosts, MonthCost, billed_costs
from shared.core.findings import AffectedResource, Evidence
from shared.core.formats import day, money, month
from shared.core.models import Scan
from shared.core.money import sum_exactly
from shared.evidence.fully_read import FullyReadSubscriptions
from shared.sql.collected.evidence_rows import EvidenceRows, MetricSummary, ResourceMonth
from shared.sql.collected.recommendations import AdvisorRecommendation

METRIC = "metric:"
"""How the sources of metrics begin: a scan never fetches any, so a carried one keeps its dates."""

MAX_VALUE = 600


@dataclass(frozen=True)
class StoredEvidence:
    """What is stored about some resources. No costs were read for subscriptions outside `known` (lower-case ids)."""

    months: tuple[date, ...]
    known: frozenset[str]
    costs: Sequence[ResourceMonth] = ()
    advice: Sequence[AdvisorRecommendation] = ()
    metrics: Sequence[MetricSummary] = ()
    by_resource: Mapping[str, list[ResourceMonth]] = field(default_factory=dict)
    public_prices: frozenset[str] = frozenset()

    @property
    def billed(self) -> BilledCosts:
        """Return the costs of the last complete month."""
        last = [each for each in self.costs if each.month == self.months[-1]]
        rows = [MonthCost(each.resource_id, each.currency, each.amount, commitment=each.commitment) for each in last]
        wanted = frozenset(each.resource_id for each in last)
        return billed_costs(self.months[-1], self.known, wanted, rows, public_prices=self.public_prices)


def stored_evidence(
    rows: EvidenceRows, scan: Scan, read: FullyReadSubscriptions, resource_ids: Sequence[str]
) -> StoredEvidence:
    """Read what is stored about these resources."""
    costs = rows.months(resource_ids)
    by_resource: dict[str, list[ResourceMonth]] = {}
    for each in costs:
        by_resource.setdefault(each.resource_id, []).append(each)
    return StoredEvidence(
        scan.period.months,
        read.costs,
        costs,
        rows.advice(resource_ids),
        rows.metrics(resource_ids),
        by_resource,
        read.public_prices,
    )


def offers_of(rows: StoredEvidence, resource_id: str, subscription_id: str) -> list[Evidence]:
    """Return the evidence that can be cited for one resource."""
    found: list[Evidence] = []
    if subscription_id.lower() in rows.known:
        found += _of_costs(rows.months, rows.by_resource.get(resource_id, ()), "")
    found += _of_advice(each for each in rows.advice if each.resource_id == resource_id)
    found += [_of_metric(each) for each in rows.metrics if each.resource_id == resource_id]
    return found


def offers_of_all(rows: StoredEvidence, resources: Iterable[AffectedResource]) -> list[Evidence]:
    """Return the evidence that can be cited for these resources together."""
    ids = sorted({each.resource_id for each in resources})
    costs = [cost for resource_id in ids for cost in rows.by_resource.get(resource_id, ())]
    return _of_costs(rows.months, costs, " for all its resources") if costs else []


def cited_again(evidence: Iterable[Evidence], offers: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence with this scan's figures. Typed text and metrics stay; lines without figures are dropped."""
    present = {each.source: each for each in offers}
    kept = ((each, present.get(each.source)) for each in evidence)
    return tuple(now or each for each, now in kept if now or each.is_typed or each.source.startswith(METRIC))


def _of_costs(months: tuple[date, ...], costs: Sequence[ResourceMonth], of: str) -> list[Evidence]:
    last = [each for each in costs if each.month == months[-1]]
    span = f"{month(months[0])} to {month(months[-1])}"
    return [
        Evidence(f"Billed{of} in {month(months[-1])}", _sums(last), "costs:last"),
        Evidence(f"Billed{of} from {span}", _sums(costs), "costs:year"),
        Evidence(f"Billed{of} month by month, {span}", _by_month(months, costs), "costs:months"),
    ]


def _sums(costs: Iterable[ResourceMonth]) -> str:
    by_currency: dict[str, list[Decimal]] = {}
    for each in costs:
        by_currency.setdefault(each.currency, []).append(each.amount)
    sums = [money(sum_exactly(parts), currency) for currency, parts in sorted(by_currency.items())]
    return ", ".join(sums) or "nothing"


def _by_month(months: tuple[date, ...], costs: Sequence[ResourceMonth]) -> str:
    by_month = ((first, [each for each in costs if each.month == first]) for first in months)
    return "; ".join(f"{month(first)} {_sums(own)}" for first, own in by_month)


def _of_advice(rows: Iterable[AdvisorRecommendation]) -> list[Evidence]:
    found: dict[str, Evidence] = {}
    for row in rows:
        source = f"advisor:{row.recommendation_type_id or row.recommendation_id}"
        words = row.solution or row.problem or "a recommendation without words"
        if row.monthly_savings is not None and row.savings_currency:
            words = f"{words} ({money(row.monthly_savings, row.savings_currency)} a month, Azure's estimate)"
        found.setdefault(source, Evidence("Azure Advisor", words[:MAX_VALUE], source))
    return list(found.values())


def _of_metric(row: MetricSummary) -> Evidence:
    label = f"{row.metric_name}, {day(row.starts_at)} to {day(row.until)}"
    figures = {"average": row.average, "95th percentile": row.p95, "highest": row.maximum}
    known = [f"{name} {figure:,.2f}" for name, figure in figures.items() if figure is not None]
    value = f"{', '.join(known)} ({row.unit})" if known else "Azure has no value"
    return Evidence(label, value, f"{METRIC}{row.metric_name}")
