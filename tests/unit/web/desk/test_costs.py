from datetime import date
from decimal import Decimal

import pytest

from shared.core.models import ScanKey
from shared.sql.collected.cost_answers import CostQuestion
from shared.sql.collected.cost_explorer import CostExplorer
from tests.support.browsing import COST_COLUMNS, cost_row, finished_scan, store
from tests.support.collecting import FIRST, TENANT, collecting_scan, steps_of
from tests.support.desk import Desk, text_of
from web.desk.costs import desk_costs
from web.desk.inventory import desk_inventory
from web.rendering.cost_explorer import DIMENSION_LABELS

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def scan_of(desk: Desk, *rows: tuple[object, ...]) -> str:
    desk.sign_in()
    return finished_scan(desk.parts, rows, FIRST).scan_id


@pytest.fixture
def scan_id(desk: Desk) -> str:
    return scan_of(
        desk,
        cost_row(FIRST, "10.10", service="Storage", resource="one", month=JANUARY),
        cost_row(FIRST, "0.20", service="Storage", resource="two", month=FEBRUARY),
        cost_row(FIRST, "99.999999999999999999", service="Compute", resource="three", month=JANUARY),
        cost_row(FIRST, "-5", service="Compute", resource=None, month=FEBRUARY),
        cost_row(FIRST, "1000", service="Compute", resource="four", currency="USD"),
    )


def test_groups_are_sorted_by_cost_and_of_one_currency(desk: Desk, scan_id: str) -> None:
    page = text_of(desk.get(desk_costs, {"currency": "GBP"}, scan_id=scan_id))
    assert page.index("Compute</a>") < page.index("Storage</a>")
    assert "£105.30" in page
    assert "1,000.00" not in page


def test_two_months_are_compared_and_no_charge_is_not_shown_as_zero(desk: Desk, scan_id: str) -> None:
    query = {"currency": "GBP", "by": "resource", "month": "2026-02", "against": "2026-01"}
    page = text_of(desk.get(desk_costs, query, scan_id=scan_id))
    assert "No charges" in page
    assert "Change" in page
    question = CostQuestion("GBP", "resource", month=FEBRUARY, compared_with=JANUARY)
    answer = CostExplorer(desk.parts.database).ask(ScanKey(TENANT, scan_id), question)
    by_name = {str(group.value).rsplit("/", 1)[-1]: group for group in answer.groups}
    assert (by_name["one"].billed_cost, by_name["one"].compared) == (None, Decimal("10.10"))
    assert (answer.whole.billed_cost, answer.whole.compared) == (Decimal("-4.80"), Decimal("110.099999999999999999"))


def test_a_group_can_be_opened_and_its_filter_removed(desk: Desk, scan_id: str) -> None:
    page = text_of(
        desk.get(desk_costs, {"currency": "GBP", "is_service": "Storage", "by": "resource"}, scan_id=scan_id)
    )
    assert "Service: Storage" in page
    assert "one</a>" in page
    assert "three</a>" not in page


def test_costs_without_a_resource_are_a_group(desk: Desk, scan_id: str) -> None:
    page = text_of(desk.get(desk_costs, {"currency": "GBP", "by": "resource"}, scan_id=scan_id))
    assert "No resource" in page
    only = text_of(desk.get(desk_costs, {"currency": "GBP", "is_resource": "~", "by": "service"}, scan_id=scan_id))
    assert "£5.00" in only


@pytest.mark.parametrize("by", [name for name in DIMENSION_LABELS if name != "tag"])
def test_every_grouping_has_the_same_total(desk: Desk, scan_id: str, by: str) -> None:
    answer = CostExplorer(desk.parts.database).ask(ScanKey(TENANT, scan_id), CostQuestion("GBP", by))
    assert answer.whole.billed_cost == Decimal("105.299999999999999999")
    assert desk.get(desk_costs, {"by": by}, scan_id=scan_id).status == 200


@pytest.mark.parametrize(
    "query",
    [
        {"by": "password"},
        {"month": "2020-01"},
        {"month": "x"},
        {"is_password": "x"},
        {"is_month": "2026-01"},
        {"page": "-1"},
        {"page": "99999999"},
    ],
)
def test_an_invalid_cost_query_is_refused(desk: Desk, scan_id: str, query: dict[str, str]) -> None:
    assert desk.get(desk_costs, query, scan_id=scan_id).status == 400


def test_a_month_given_only_for_comparison_is_compared_with_the_newest_other_month(desk: Desk, scan_id: str) -> None:
    against_january = text_of(desk.get(desk_costs, {"against": "2026-01"}, scan_id=scan_id))
    assert "in Oct 2026, compared with" in against_january
    assert "in Sep 2026, compared with" in text_of(desk.get(desk_costs, {"against": "2026-10"}, scan_id=scan_id))


def test_without_a_currency_the_first_one_with_matching_costs_is_shown(desk: Desk, scan_id: str) -> None:
    assert "£105.30" in text_of(desk.get(desk_costs, {}, scan_id=scan_id))
    rows = CostExplorer(desk.parts.database).ask(ScanKey(TENANT, scan_id), CostQuestion("USD", "resource")).groups
    page = text_of(desk.get(desk_costs, {"is_resource": str(rows[0].value), "by": "month"}, scan_id=scan_id))
    assert "$1,000.00" in page


def test_a_resource_links_to_its_months_its_meters_and_the_inventory(desk: Desk, scan_id: str) -> None:
    rows = CostExplorer(desk.parts.database).ask(ScanKey(TENANT, scan_id), CostQuestion("USD", "resource")).groups
    page = text_of(desk.get(desk_costs, {"is_resource": str(rows[0].value), "by": "meter"}, scan_id=scan_id))
    for words in ("costs by month", "costs by meter", "/inventory?q=%2Fsubscriptions"):
        assert words in page or words.replace("%2F", "/") in page


def test_months_are_in_chronological_order(desk: Desk, scan_id: str) -> None:
    answer = CostExplorer(desk.parts.database).ask(ScanKey(TENANT, scan_id), CostQuestion("GBP", "month"))
    assert [group.value for group in answer.groups] == [JANUARY, FEBRUARY]
    query = CostQuestion("GBP", "month", {"service": "Compute"})
    assert [group.value for group in CostExplorer(desk.parts.database).ask(ScanKey(TENANT, scan_id), query).groups] == [
        JANUARY,
        FEBRUARY,
    ]


def test_long_results_are_paged(desk: Desk) -> None:
    scan_id = scan_of(desk, *[cost_row(FIRST, str(number), resource=f"disk-{number}") for number in range(1, 121)])
    first = text_of(desk.get(desk_costs, {"by": "resource"}, scan_id=scan_id))
    last = text_of(desk.get(desk_costs, {"by": "resource", "page": "2"}, scan_id=scan_id))
    assert "Page 1 of 3" in first
    assert "disk-120</a>" in first
    assert "disk-1</a>" in last


def test_tags_come_from_the_inventory_and_untagged_costs_are_shown(desk: Desk) -> None:
    scan = collecting_scan(desk.parts, [("costs", FIRST), ("inventory", FIRST)])
    costs, inventory = steps_of(desk.parts, scan)
    rows = [cost_row(FIRST, "3", resource="one"), cost_row(FIRST, "4", resource="two")]
    store(desk.parts, costs, "costs", COST_COLUMNS, rows)
    columns = ("sub_account_id", "resource_id", "resource_name", "resource_type", "tags_json")
    tagged = (FIRST, str(rows[0][4]), "one", "microsoft.compute/disks", '{"team a":"<b>red</b>"}')
    store(desk.parts, inventory, "inventory", columns, [tagged])
    desk.sign_in()
    page = text_of(desk.get(desk_costs, {"by": "tag"}, scan_id=scan.scan_id))
    assert "&lt;b&gt;red&lt;/b&gt;" in page
    assert "Untagged" in page


def test_resources_are_found_by_name_tag_or_location(desk: Desk) -> None:
    scan = collecting_scan(desk.parts, [("inventory", FIRST)])
    columns = ("sub_account_id", "resource_id", "resource_name", "resource_type", "region_id", "tags_json")
    rows = [
        (FIRST, "/a/web", "web_1", "microsoft.web/sites", "uksouth", '{"owner":"Zoë"}'),
        (FIRST, "/a/disk", "disk-1", "microsoft.compute/disks", "ukwest", None),
    ]
    store(desk.parts, steps_of(desk.parts, scan)[0], "inventory", columns, rows)
    desk.sign_in()

    def found(**query: str) -> str:
        return text_of(desk.get(desk_inventory, query, scan_id=scan.scan_id))

    assert "2 resources." in found()
    assert "1 resource." in found(q="Zoë")
    assert "0 resources." in found(q="%")
    assert "1 resource." in found(region="ukwest", type="microsoft.compute/disks")
    assert "0 resources." in found(region="ukwest", type="microsoft.web/sites")
