"""What operators look through: nothing of a scan that has nothing, and never more parameters than SQL Server takes."""

from datetime import date

from shared.core.models import ScanKey
from shared.sql.collected.cost_answers import CostQuestion
from shared.sql.collected.cost_explorer import CostExplorer
from shared.sql.collected.inventory import InventoryPages, InventoryRow, InventorySearch
from shared.sql.reviews.operator_jobs import OperatorJobs
from tests.unit.shared.sql.store import LEASE, NOW, PAGE, TENANT, USER, Store, cost, subscription

COLUMNS = ("sub_account_id", "resource_id", "resource_name", "resource_type", "tags_json")


def scan_with_resources(store: Store, number: int) -> str:
    """Resources /r0, /r1 and so on; the even ones have a tag."""
    scan = store.scan()
    own = subscription().subscription_id
    rows = [(own, f"/r{at}", f"r{at}", "vm", None if at % 2 else '{"team": "web"}') for at in range(number)]
    store.steps.save_page(store.claimed(scan, "inventory"), PAGE, "inventory", COLUMNS, rows, 1, None, NOW, LEASE)
    return scan.scan_id


def ids(found: list[InventoryRow]) -> set[str]:
    return {each.resource_id for each in found}


def test_a_scan_without_resources_has_none_to_find(store: Store) -> None:
    scan, pages = store.scan(), InventoryPages(store.database)
    assert pages.find(scan.key, InventorySearch()) == ([], 0)
    assert pages.choices(scan.key, "region_id") == []
    assert pages.named(scan.key, []) == []


def test_more_resources_can_be_named_than_a_statement_takes_parameters(store: Store) -> None:
    scan_id = scan_with_resources(store, 12)
    wanted = [f"/r{at}" for at in range(2_500)]
    assert ids(InventoryPages(store.database).named(ScanKey(TENANT, scan_id), wanted)) == {
        f"/r{at}" for at in range(12)
    }


def test_every_part_of_a_search_narrows_it(store: Store) -> None:
    scan_id = scan_with_resources(store, 12)
    search = InventorySearch("r1", "vm", subscription().subscription_id, "")
    found, count = InventoryPages(store.database).find(ScanKey(TENANT, scan_id), search)
    assert ids(found) == {"/r1", "/r10", "/r11"}
    assert count == 3


def test_costs_are_asked_for_by_anything_and_against_another_month(store: Store) -> None:
    store.connections.save(TENANT, USER, "owner@contoso.example", b"token", NOW)
    scan = store.scan_with(cost("1"), cost("2", month=date(2026, 2, 1)), cost("4", service="Storage"))
    explorer = CostExplorer(store.database)
    assert explorer.currencies(scan.key) == ["GBP"]
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    question = CostQuestion("GBP", "service", {"service": "Storage"}, january, february)
    answer = explorer.ask(scan.key, question)
    assert [group.value for group in answer.groups] == ["Storage"]
    assert store.connections.users(TENANT) == [USER]


def test_tags_are_named_and_costs_asked_for_by_them(store: Store) -> None:
    scan_id = scan_with_resources(store, 3)
    explorer = CostExplorer(store.database)
    assert explorer.tag_names(ScanKey(TENANT, scan_id)) == ["team"]
    assert explorer.ask(ScanKey(TENANT, scan_id), CostQuestion("GBP", "tag", tag_name="team")).groups == ()


def test_no_job_is_given_back_where_none_is_held(store: Store) -> None:
    assert OperatorJobs(store.database).break_leases() == 0
