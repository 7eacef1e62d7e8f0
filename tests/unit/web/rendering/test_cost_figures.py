from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shared.core.money import sum_exactly
from shared.sql.collected.cost_totals import CostTotal
from web.rendering.cost_figures import (
    SERVICES_IN_CHART,
    CurrencyFigures,
    dimension_totals,
    figures,
    layers,
    month_figures,
)

MONTHS = (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))


def total(value: str | None, amount: str, month: int = 0, currency: str = "GBP") -> CostTotal:
    return CostTotal("service", value, currency, MONTHS[month], Decimal(amount))


def only(rows: list[CostTotal]) -> CurrencyFigures:
    (found,) = figures({"service": rows, "subscription": rows, "resource_group": rows, "region": rows}, MONTHS)
    return found


def test_a_sum_is_exact_where_python_s_own_would_round() -> None:
    amounts = [Decimal("99999999999.000000000000000001"), Decimal("0.000000000000000000000001")]
    assert sum_exactly(amounts) == Decimal("99999999999.000000000000000001000001")


@given(st.lists(st.decimals(min_value=-(10**12), max_value=10**12, places=17), max_size=30))
def test_a_sum_does_not_depend_on_the_order(amounts: list[Decimal]) -> None:
    assert sum_exactly(amounts) == sum_exactly(sorted(amounts))


def test_currencies_are_never_added() -> None:
    rows = [total("Storage", "1"), total("Storage", "100", currency="JPY")]
    found = figures({"service": rows, "subscription": [], "resource_group": [], "region": []}, MONTHS)
    assert [(own.currency, own.total) for own in found] == [("GBP", Decimal(1)), ("JPY", Decimal(100))]


def test_no_totals_are_no_section() -> None:
    assert figures({"service": [], "subscription": [], "resource_group": [], "region": []}, MONTHS) == ()


def test_a_month_s_change_is_from_the_month_before() -> None:
    first, second, third = month_figures([total("A", "10"), total("B", "10"), total("A", "15", 1)], MONTHS)
    assert (first.amount, first.change) == (Decimal(20), None)
    assert (second.change, second.change_share) == (Decimal(-5), Decimal("-0.25"))
    assert (third.amount, third.change) == (None, None)


def test_a_change_from_a_month_of_refunds_has_no_share() -> None:
    _, second, _ = month_figures([total("A", "-10"), total("A", "15", 1)], MONTHS)
    assert (second.change, second.change_share) == (Decimal(25), None)


def test_a_refund_stays_negative() -> None:
    found = only([total("A", "10"), total("B", "-4")])
    assert found.total == Decimal(6)
    assert [(part.value, part.amount) for part in found.services] == [("A", Decimal(10)), ("B", Decimal(-4))]


def test_the_small_services_are_one_layer_and_nothing_is_lost() -> None:
    rows = [total(f"Service {number}", f"{number}.1") for number in range(1, 11)]
    found = layers(rows, MONTHS)
    assert len(found) == SERVICES_IN_CHART + 1
    assert found[0].name == "Service 10"
    assert found[-1].name == "3 other services"
    assert sum_exactly(layer.total for layer in found) == sum_exactly(row.billed_cost for row in rows)


def test_a_service_of_refunds_is_as_important_as_its_size() -> None:
    rows = [total(f"Service {number}", "1") for number in range(10)] + [total("Refunds", "-50", 2)]
    assert layers(rows, MONTHS)[0].name == "Refunds"


def test_what_has_no_value_is_a_part_of_its_own() -> None:
    (part,) = dimension_totals([total(None, "3"), total(None, "4", 1)], Decimal(7))
    assert (part.value, part.amount, part.share) == (None, Decimal(7), Decimal(1))


def test_of_a_negative_total_there_are_no_shares() -> None:
    (part,) = dimension_totals([total("A", "-3")], Decimal(-3))
    assert part.share is None
