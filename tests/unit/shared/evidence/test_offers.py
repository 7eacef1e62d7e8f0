from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from shared.core.findings import TYPED, AffectedResource, Evidence
from shared.evidence.offers import StoredEvidence, cited_again, offers_of, offers_of_all
from shared.sql.collected.evidence_rows import MetricSummary, ResourceMonth
from shared.sql.collected.recommendations import AdvisorRecommendation

DISK, OTHER, SUBSCRIPTION = "/subscriptions/s/disks/a", "/subscriptions/s/disks/b", "S"
MONTHS = (date(2026, 9, 1), date(2026, 10, 1))
FROM = datetime(2026, 10, 1, tzinfo=UTC)


def month(resource_id: str, number: int, amount: str, currency: str = "GBP") -> ResourceMonth:
    return ResourceMonth(resource_id, date(2026, number, 1), currency, Decimal(amount))


def rows(*costs: ResourceMonth, **more: object) -> StoredEvidence:
    by_resource: dict[str, list[ResourceMonth]] = {}
    for each in costs:
        by_resource.setdefault(each.resource_id, []).append(each)
    return StoredEvidence(MONTHS, frozenset({"s"}), costs, by_resource=by_resource, **more)  # type: ignore[arg-type]


def metric(name: str, average: float | None) -> MetricSummary:
    return MetricSummary(DISK, name, "Percent", FROM, FROM + timedelta(days=30), average, average, average)


def values(offers: list[Evidence]) -> dict[str, str]:
    return {each.source: each.value for each in offers}


def test_costs_are_offered_for_the_month_the_year_and_month_by_month() -> None:
    found = values(offers_of(rows(month(DISK, 9, "1.5"), month(DISK, 10, "2"), month(OTHER, 10, "9")), DISK, "S"))
    assert found == {
        "costs:last": "£2.00",
        "costs:year": "£3.50",
        "costs:months": "Sep 2026 £1.50; Oct 2026 £2.00",
    }


def test_currencies_are_never_added() -> None:
    found = values(offers_of(rows(month(DISK, 10, "2"), month(DISK, 10, "3", "USD")), DISK, "S"))
    assert found["costs:last"] == "£2.00, $3.00"


def test_what_was_read_and_cost_nothing_is_said_to_cost_nothing() -> None:
    assert values(offers_of(rows(), DISK, "S"))["costs:last"] == "nothing"


def test_costs_that_were_not_read_are_not_offered_as_nothing() -> None:
    assert offers_of(rows(), DISK, "another subscription") == []


def test_a_metric_without_a_value_is_no_zero() -> None:
    some = rows(metrics=(metric("Percentage CPU", 3.25), metric("Available Memory", None)))
    found = values(offers_of(some, DISK, "unread"))
    assert found["metric:Percentage CPU"].startswith("average 3.25")
    assert found["metric:Available Memory"] == "Azure has no value"
    assert offers_of(some, OTHER, "unread") == []


def test_advice_is_offered_once_for_each_kind_with_its_own_currency() -> None:
    row = AdvisorRecommendation(
        "s", "1", "type", DISK, None, None, None, "Too large", "Resize it", Decimal(5), None, "USD", None, None, None,
        False, None, None,
    )  # fmt: skip
    found = values(offers_of(rows(advice=(row, row)), DISK, "unread"))
    assert found == {"advisor:type": "Resize it ($5.00 a month, Azure's estimate)"}


def test_costs_of_all_are_those_of_the_finding_alone() -> None:
    resources = [AffectedResource(DISK, "a", "disk", "s", None, None)]
    offers = offers_of_all(rows(month(DISK, 10, "2"), month(OTHER, 10, "9")), resources)
    assert values(offers)["costs:last"] == "£2.00"
    assert offers_of_all(rows(month(OTHER, 10, "9")), resources) == []


def test_cited_again_takes_the_new_figures_and_keeps_what_was_typed_or_measured() -> None:
    typed, measured = Evidence("Owner", "left", TYPED), Evidence("CPU", "average 3", "metric:CPU")
    cited, removed = Evidence("Billed in May", "£1.00", "costs:last"), Evidence("Advisor", "x", "advisor:x")
    new = Evidence("Billed in June", "£2.00", "costs:last")
    assert cited_again((typed, cited, removed, measured), [new]) == (typed, new, measured)
