from decimal import Decimal

import pytest

from shared.sql.collected.cost_totals import TopResource
from web.rendering.bar_lists import (
    BARS_FOLDED,
    BARS_SHOWN,
    bar_list,
    region_name,
    resource_bars,
    resource_group_naming,
    resource_name,
    service_name,
    subscription_naming,
)
from web.rendering.cost_figures import DimensionTotal

SUBSCRIPTION = "aaaaaaaa-0000-4000-8000-000000000001"
NAMES = {SUBSCRIPTION: "Production"}


def test_a_long_list_is_cut_and_the_cut_part_is_named_with_its_sum() -> None:
    parts = [DimensionTotal(f"Service {number}", Decimal(number), None) for number in range(BARS_SHOWN + 3, 0, -1)]
    found = bar_list("By service", parts, service_name)
    assert (len(found.bars), len(found.rest), found.rest_amount) == (BARS_SHOWN, 3, Decimal(6))


def test_of_thousands_the_last_are_a_number_and_a_sum() -> None:
    parts = [DimensionTotal(f"Group {number}", Decimal(1), None) for number in range(1000)]
    found = bar_list("By resource group", parts, service_name)
    assert (len(found.rest), found.beyond, found.beyond_amount) == (BARS_FOLDED, 900, Decimal(900))
    assert (found.hidden, found.rest_amount) == (990, Decimal(990))


def test_the_longest_bar_is_the_largest_amount_whatever_its_sign() -> None:
    found = bar_list(
        "By service", [DimensionTotal("A", Decimal(50), None), DimensionTotal("B", Decimal(-100), None)], service_name
    )
    assert [bar.width for bar in found.bars] == ["50.00%", "100.00%"]


def test_bars_of_nothing_have_no_length() -> None:
    found = bar_list("By service", [DimensionTotal("A", Decimal(0), None)], service_name)
    assert [bar.width for bar in found.bars] == ["0%"]


def test_names_are_for_people() -> None:
    assert subscription_naming(NAMES)(SUBSCRIPTION.upper()) == ("Production", SUBSCRIPTION.upper())
    assert subscription_naming(NAMES)("unknown") == ("Subscription without a name (unknown…)", "unknown")
    assert resource_group_naming(NAMES)(f"{SUBSCRIPTION}/web") == ("web", "Production")
    assert resource_group_naming(NAMES)(None) == ("No resource group", None)
    assert region_name(None) == ("No location", None)


@pytest.mark.parametrize(
    ("resource_id", "name", "note"),
    [
        (
            f"/subscriptions/{SUBSCRIPTION}/resourceGroups/web/providers/Microsoft.Sql/servers/s/databases/d",
            "d",
            "SQL database · web · Production",
        ),
        (f"/subscriptions/{SUBSCRIPTION}", SUBSCRIPTION, "Production"),
        ("odd", "odd", ""),
        ("/", "/", ""),
    ],
)
def test_a_resource_is_named_by_the_end_of_its_id(resource_id: str, name: str, note: str) -> None:
    assert resource_name(resource_id, NAMES) == (name, note)


def test_a_resource_s_share_is_of_the_whole_currency() -> None:
    (bar,) = resource_bars([TopResource("/a/b", "GBP", Decimal(25))], Decimal(100), NAMES)
    assert bar.share == Decimal("0.25")
