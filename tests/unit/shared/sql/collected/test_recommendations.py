from decimal import Decimal

from shared.core.models import Scan, ScanKey
from shared.sql.collected.recommendations import (
    AdvisorRecommendation,
    InventoryCount,
    ReservationRecommendation,
    SavingsPlanRecommendation,
)
from shared.sql.schema.tables import COLLECTED_TABLES
from tests.unit.shared.sql.store import LEASE, NOW, OTHER_TENANT, PAGE, TENANT, Store, cost, subscription

SUBSCRIPTION = subscription().subscription_id
ADVISOR = AdvisorRecommendation(
    sub_account_id=SUBSCRIPTION,
    recommendation_id="/r/1",
    recommendation_type_id="type",
    resource_id="/vm",
    impact="High",
    impacted_field="Microsoft.Compute/virtualMachines",
    impacted_value="vm",
    problem="idle",
    solution="stop it",
    monthly_savings=Decimal("1.50"),
    annual_savings=Decimal("18.000000000000000000000001"),
    savings_currency="GBP",
    term=None,
    look_back_days=7,
    benefit_scope=None,
    is_suppressed=True,
    last_updated="2026-11-01T00:00:00Z",
    extended_properties_json='{"region":"uksouth"}',
)
RESERVATION = ReservationRecommendation(
    sub_account_id=SUBSCRIPTION,
    kind="legacy",
    benefit_scope="Shared",
    resource_type="virtualmachines",
    sku_name="Standard_D2s_v3",
    region_id="uksouth",
    term="P1Y",
    look_back_days=30,
    recommended_quantity=Decimal(3),
    cost_without_benefit=Decimal("300.5"),
    cost_with_benefit=None,
    net_savings=Decimal(-1),
    currency="GBP",
)
SAVINGS_PLAN = SavingsPlanRecommendation(
    sub_account_id=SUBSCRIPTION,
    benefit_scope="Shared",
    term="P3Y",
    look_back_days=60,
    sku_name="Compute_Savings_Plan",
    hourly_commitment=Decimal("0.25"),
    cost_without_benefit=Decimal(10),
    cost_with_benefit=Decimal(7),
    net_savings=Decimal(3),
    average_utilization_percent=Decimal("99.5"),
    coverage_percent=Decimal(60),
    currency="USD",
)


def save(store: Store, scan: Scan, collector: str, *found: object) -> None:
    rows = [tuple(vars(row).values()) for row in found]
    step = store.claimed(scan, collector)
    store.steps.save_page(step, PAGE, collector, tuple(vars(found[0])), rows, 1, None, NOW, LEASE)


def test_recommendations_are_read_back_field_by_field(store: Store) -> None:
    scan = store.scan()
    save(store, scan, "advisor", ADVISOR)
    save(store, scan, "reservations", RESERVATION)
    save(store, scan, "savings_plans", SAVINGS_PLAN)
    assert store.collected.advisor(scan.key) == [ADVISOR]
    assert store.collected.reservations(scan.key) == [RESERVATION]
    assert store.collected.savings_plans(scan.key) == [SAVINGS_PLAN]
    assert isinstance(store.collected.advisor(scan.key)[0].is_suppressed, bool)


def test_they_come_in_the_order_in_which_azure_gave_them(store: Store) -> None:
    scan = store.scan()
    found = [AdvisorRecommendation(**{**vars(ADVISOR), "recommendation_id": f"/r/{n}"}) for n in (3, 1, 2)]
    save(store, scan, "advisor", *found)
    assert store.collected.advisor(scan.key) == found


def test_those_of_other_scans_and_tenants_are_left_out(store: Store) -> None:
    scan, other, foreign = store.scan(), store.scan(), store.scan(OTHER_TENANT)
    for each in (other, foreign):
        save(store, each, "advisor", ADVISOR)
    assert store.collected.advisor(scan.key) == []
    assert store.collected.advisor(ScanKey(TENANT, foreign.scan_id)) == []


def test_the_inventory_is_counted_by_type_and_region(store: Store) -> None:
    scan = store.scan()
    columns = ("sub_account_id", "resource_id", "resource_name", "resource_type", "region_id")
    rows = [
        (SUBSCRIPTION, f"/{number}", "name", kind, region)
        for number, (kind, region) in enumerate([("vm", "uksouth"), ("vm", "uksouth"), ("vm", "ukwest"), ("dns", None)])
    ]
    store.steps.save_page(store.claimed(scan, "inventory"), PAGE, "inventory", columns, rows, 1, None, NOW, LEASE)
    assert store.collected.inventory_counts(scan.key) == [
        InventoryCount("dns", None, 1),
        InventoryCount("vm", "uksouth", 2),
        InventoryCount("vm", "ukwest", 1),
    ]


def test_rows_are_counted_and_costs_summed_by_scan(store: Store) -> None:
    scan = store.scan_with(cost("0.1"), cost("0.2"), cost("5", currency="JPY"))
    save(store, scan, "advisor", ADVISOR)
    store.scan_with(cost("100"))
    store.scan_with(cost("100"), tenant_id=OTHER_TENANT)
    none = {table.name: 0 for table in COLLECTED_TABLES}
    assert store.collected.row_counts(scan.key) == {**none, "costs": 3, "advisor": 1}
    assert store.collected.cost_sums(scan.key) == {"GBP": Decimal("0.3"), "JPY": Decimal(5)}


def test_steps_of_two_scans_planned_turn_by_turn_are_distinguished(store: Store) -> None:
    first, second = store.scan(), store.scan()
    for number in (1, 2):
        for scan, amount in ((first, "1"), (second, "10")):
            store.save(store.claimed(scan, number=number), [cost(amount)])
    assert store.collected.cost_sums(ScanKey(TENANT, first.scan_id)) == {"GBP": Decimal(2)}
    assert store.collected.cost_sums(ScanKey(TENANT, second.scan_id)) == {"GBP": Decimal(20)}
