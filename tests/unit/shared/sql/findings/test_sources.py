"""The cost rows that checks are drawn from."""

from dataclasses import replace
from decimal import Decimal

from shared.core.meter_costs import MeterCost, SpendLine
from shared.core.models import ScanKey
from shared.sql.findings.sources import FindingSources
from tests.unit.shared.sql.store import COST_COLUMNS, LEASE, MONTH, NOW, OTHER_TENANT, PAGE, Store, cost


def meters(store: Store) -> tuple[FindingSources, ScanKey, MeterCost, SpendLine]:
    """Two rows of one meter, and what is stored of them."""
    step = store.claimed(store.scan(), "costs")
    store.steps.save_page(step, PAGE, "costs", COST_COLUMNS, [cost("1.25"), cost("2.50")], 1, None, NOW, LEASE)
    sources = FindingSources(store.database)
    first, _ = sources.meters_of_month(step.scan_key, MONTH)
    (line,) = sources.spend(step.scan_key)
    return sources, step.scan_key, first, line


def test_the_meters_of_a_month_come_row_by_row(store: Store) -> None:
    sources, key, first, _ = meters(store)
    found = sorted(sources.meters_of_month(key, MONTH), key=lambda each: each.amount)
    assert [each.amount for each in found] == [Decimal("1.25"), Decimal("2.50")]
    assert {replace(each, amount=Decimal(0)) for each in found} == {replace(first, amount=Decimal(0))}


def test_spend_is_summed_by_meter_and_subscription(store: Store) -> None:
    _, _, first, line = meters(store)
    assert (line.amount, line.month, line.currency) == (Decimal("3.75"), MONTH, first.currency)


def test_another_tenant_reads_none_of_it(store: Store) -> None:
    sources, key, _, _ = meters(store)
    other = ScanKey(OTHER_TENANT, key.scan_id)
    assert [*sources.meters_of_month(other, MONTH)] == []
    assert [*sources.spend(other)] == []
