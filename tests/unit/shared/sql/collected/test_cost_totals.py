from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from shared.core.models import Scan, ScanKey
from shared.sql.collected.cost_sums import Pass, _grouped
from shared.sql.collected.cost_totals import TOP_RESOURCES
from shared.sql.collected.totals_of_sums import TOP_VALUES
from shared.sql.engine.types import sum_exactly
from shared.sql.schema.tables import scans
from tests.unit.shared.sql.store import LEASE, NOW, OTHER_TENANT, PAGE, TENANT, Store, cost, subscription

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
INVENTORY = ("sub_account_id", "resource_id", "resource_name", "resource_type", "resource_group", "region_id")

Figures = dict[tuple[str | None, str, date], Decimal]

amounts = st.decimals(-(10**9), 10**9, places=17) | st.sampled_from(["0.1", "0.2", "-0.3", "1E-18"]).map(Decimal)
rows = st.lists(
    st.tuples(
        amounts,
        st.sampled_from([JANUARY, FEBRUARY]),
        st.sampled_from(["GBP", "EUR"]),
        st.sampled_from([None, "/a", "/b"]),
        st.sampled_from(["Storage", "Bandwidth"]),
    ),
    max_size=40,
)


def figures(store: Store, scan: Scan, dimension: str) -> Figures:
    return {
        (total.value, total.billing_currency, total.charge_period_start): total.billed_cost
        for total in store.totals.read(scan.key, dimension)
    }


def computed(store: Store, *found: tuple[object, ...], tenant_id: str = TENANT) -> Scan:
    scan = store.scan_with(*found, tenant_id=tenant_id)
    store.totals.compute(ScanKey(tenant_id, scan.scan_id))
    return scan


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(rows)
def test_every_total_equals_the_rows_to_the_last_decimal(
    store: Store, found: list[tuple[Decimal, date, str, str | None, str]]
) -> None:
    scan = computed(
        store,
        *(
            cost(str(amount), month=month, currency=currency, resource=resource, service=service)
            for amount, month, currency, resource, service in found
        ),
    )
    for dimension, place in (("service", 4), ("resource", 3)):
        expected: dict[tuple[str | None, str, date], list[Decimal]] = defaultdict(list)
        for row in found:
            expected[row[place], row[2], row[1]].append(row[0])  # type: ignore[index]
        assert figures(store, scan, dimension) == {key: sum_exactly(own) for key, own in expected.items()}
    by_currency = {row[2]: sum_exactly(other[0] for other in found if other[2] == row[2]) for row in found}
    assert store.collected.cost_sums(scan.key) == by_currency


def test_currencies_are_never_added(store: Store) -> None:
    scan = computed(store, cost("1", currency="GBP"), cost("2", currency="EUR"))
    assert figures(store, scan, "subscription") == {
        (subscription().subscription_id, "GBP", JANUARY): Decimal(1),
        (subscription().subscription_id, "EUR", JANUARY): Decimal(2),
    }


def test_groups_of_one_name_in_two_subscriptions_are_two(store: Store) -> None:
    scan = computed(store, cost("1", number=1), cost("2", number=2), cost("4", group=None))
    assert figures(store, scan, "resource_group") == {
        (f"{subscription(1).subscription_id}/web", "GBP", JANUARY): Decimal(1),
        (f"{subscription(2).subscription_id}/web", "GBP", JANUARY): Decimal(2),
        (None, "GBP", JANUARY): Decimal(4),
    }


def test_the_inventory_says_where_a_resource_is_when_the_cost_does_not(store: Store) -> None:
    scan = store.scan()
    resources = [(subscription().subscription_id, each, "name", "type", "web", region) for each, region in
                 (("/known", "ukwest"), ("/other", "northeurope"), ("/unknown", None))]  # fmt: skip
    inventory = store.claimed(scan, "inventory")
    store.steps.save_page(inventory, PAGE, "inventory", INVENTORY, [*resources, resources[0]], 1, None, NOW, LEASE)
    found = [
        cost("1", resource="/known", region=None),
        cost("2", resource="/other", region="uksouth"),
        cost("4", resource="/unknown", region=None),
        cost("8", resource="/nowhere", region=None),
        cost("16", resource=None, region=None),
    ]
    store.save(store.claimed(scan), found)
    store.totals.compute(scan.key)
    assert figures(store, scan, "region") == {
        ("ukwest", "GBP", JANUARY): Decimal(1),
        ("uksouth", "GBP", JANUARY): Decimal(2),
        (None, "GBP", JANUARY): Decimal(28),
    }


def test_what_no_resource_caused_is_a_row_of_its_own(store: Store) -> None:
    scan = computed(store, cost("1"), cost("2", resource=None), cost("3", resource=None, month=FEBRUARY))
    assert store.totals.by_resource(scan.key).not_attributable == {"GBP": Decimal(5)}


def test_refunds_are_in_the_totals_and_told_by_themselves(store: Store) -> None:
    found = [cost("10"), cost("-0.5"), cost("-0.25", month=FEBRUARY), cost("0"), cost("-3", currency="EUR")]
    scan = computed(store, *found)
    refunds = {(one.billing_currency, one.billed_cost) for one in store.totals.read(scan.key, "refund")}
    assert refunds == {("GBP", Decimal("-0.5")), ("GBP", Decimal("-0.25")), ("EUR", Decimal(-3))}
    assert figures(store, scan, "service")["Virtual Machines", "GBP", JANUARY] == Decimal("9.5")


def test_the_most_expensive_resources_are_those_of_the_whole_period_in_each_currency(store: Store) -> None:
    scan = computed(
        store,
        cost("9", resource="/steady"),
        cost("9", resource="/steady", month=FEBRUARY),
        cost("10", resource="/peak"),
        cost("-50", resource="/refunded"),
        cost("1000", resource=None),
        cost("2", resource="/peak", currency="EUR"),
    )
    top_resources = store.totals.by_resource(scan.key).top(2)
    assert [(each.billing_currency, each.resource_id, each.billed_cost) for each in top_resources] == [
        ("EUR", "/peak", Decimal(2)),
        ("GBP", "/steady", Decimal(18)),
        ("GBP", "/peak", Decimal(10)),
    ]


def test_of_many_resources_the_most_expensive_are_kept_and_equals_are_ordered_by_name(store: Store) -> None:
    found = [cost(str(number), resource=f"/vm-{number}") for number in range(TOP_RESOURCES + 50)]
    scan = computed(store, *found, cost("149", resource="/a-twin"))
    kept = store.totals.by_resource(scan.key).top(TOP_RESOURCES)
    assert len(kept) == TOP_RESOURCES
    assert [(each.resource_id, each.billed_cost) for each in kept[:3]] == [
        ("/a-twin", Decimal(149)),
        ("/vm-149", Decimal(149)),
        ("/vm-148", Decimal(148)),
    ]


def test_computing_again_replaces(store: Store) -> None:
    scan = computed(store, cost("1"))
    before = store.totals.read(scan.key, "service")
    store.totals.compute(scan.key)
    assert store.totals.read(scan.key, "service") == before


def test_other_scans_and_other_tenants_are_left_out(store: Store) -> None:
    scan = store.scan_with(cost("1"))
    later, foreign = computed(store, cost("2")), computed(store, cost("4"), tenant_id=OTHER_TENANT)
    store.totals.compute(scan.key)
    key = ("Virtual Machines", "GBP", JANUARY)
    assert [figures(store, each, "service")[key] for each in (scan, later, foreign)] == [1, 2, 4]
    assert store.totals.read(ScanKey(TENANT, foreign.scan_id), "service") == []
    assert store.totals.by_resource(ScanKey(OTHER_TENANT, scan.scan_id)).top(5) == []


def test_a_scan_without_costs_has_no_totals(store: Store) -> None:
    scan = computed(store)
    assert store.totals.read(scan.key, "service") == []
    assert store.totals.by_resource(scan.key).not_attributable == {}


def test_totals_of_a_customer_who_was_deleted_meanwhile_are_not_stored(store: Store) -> None:
    scan = store.scan_with(cost("1"))
    with store.database.transaction(TENANT) as connection:
        connection.execute(delete(scans))
    store.totals.compute(scan.key)
    assert store.totals.read(scan.key, "service") == []


def test_of_many_groups_the_largest_have_totals_and_the_others_one_together(store: Store) -> None:
    count = TOP_VALUES + 5
    found = [cost(str(number), group=f"group-{number}") for number in range(1, count + 1)]
    scan = computed(store, *found, cost("-7", group="group-refunded"), cost("9", group=None))
    totals = store.totals.read(scan.key, "resource_group")
    (rest,) = [total for total in totals if total.value_count > 1]
    single = {total.value for total in totals if total.value_count == 1}
    assert len(single) == TOP_VALUES + 1
    assert None in single
    assert f"{subscription().subscription_id}/group-{count}" in single
    assert (rest.value, rest.value_count, rest.line_items) == (None, 6, 6)
    assert rest.billed_cost == 1 + 2 + 3 + 4 + 5 - 7
    assert sum_exactly(total.billed_cost for total in totals) == count * (count + 1) // 2 - 7 + 9


def test_one_group_more_than_the_largest_does_not_stand_alone_among_the_others(store: Store) -> None:
    scan = computed(store, *(cost("1", group=f"group-{number}") for number in range(TOP_VALUES + 1)))
    assert {total.value_count for total in store.totals.read(scan.key, "resource_group")} == {1}


def test_a_tag_adds_up_to_the_whole_bill(store: Store) -> None:
    scan = store.scan()
    tags = {"/a": '{"env": "prod", "team": "x"}', "/b": '{"env": "test"}', "/c": None}
    names = ("sub_account_id", "resource_id", "resource_name", "resource_type", "tags_json")
    listed = [(subscription().subscription_id, each, "name", "type", text) for each, text in tags.items()]
    store.steps.save_page(store.claimed(scan, "inventory"), PAGE, "inventory", names, listed, 1, None, NOW, LEASE)
    found = [cost("1", resource="/a"), cost("2", resource="/b"), cost("4", resource="/c"), cost("8", resource=None)]
    store.save(store.claimed(scan), found)
    store.totals.compute(scan.key)
    totals = {(one.tag_name, one.value): one.billed_cost for one in store.totals.read(scan.key, "tag")}
    assert totals == {
        ("env", "prod"): Decimal(1), ("env", "test"): Decimal(2), ("env", None): Decimal(12),
        ("team", "x"): Decimal(1), ("team", None): Decimal(14),
    }  # fmt: skip


@pytest.mark.parametrize(
    "dimension", ["service", "subscription", "resource_group", "region", "resource", "charge_category", "publisher"]
)
def test_every_line_item_is_counted_once_in_each_dimension(store: Store, dimension: str) -> None:
    found = (cost(str(number), service=f"S{number % 3}", resource=f"/{number % 5}") for number in range(50))
    scan = computed(store, *found)
    assert sum(total.line_items for total in store.totals.read(scan.key, dimension)) == 50


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(rows)
def test_sql_servers_queries_and_the_pass_over_streamed_rows_give_the_same(
    store: Store, found: list[tuple[Decimal, date, str, str | None, str]]
) -> None:
    scan = store.scan_with(
        *(
            cost(str(amount), month=month, currency=currency, resource=resource, service=service)
            for amount, month, currency, resource, service in found
        )
    )
    with store.database.reading(TENANT) as connection:
        assert Pass(connection, scan.key).sums() == _grouped(connection, scan.key)
