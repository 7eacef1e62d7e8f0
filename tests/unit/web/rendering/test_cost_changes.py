from datetime import date
from decimal import Decimal

from shared.core.money import sum_exactly
from shared.sql.collected.cost_totals import CostTotal
from web.rendering.cost_changes import Change, anomalies, by_value, changes

MONTHS = tuple(date(2026, number, 1) for number in range(1, 13))


def totals(**amounts: list[int | None]) -> list[CostTotal]:
    """One series a name; None: no charge."""
    return [
        CostTotal("service", name, "GBP", month, Decimal(amount))
        for name, own in amounts.items()
        for month, amount in zip(MONTHS, own, strict=False)
        if amount is not None
    ]


def test_the_changes_add_up_to_the_change_of_the_whole() -> None:
    series = by_value(totals(SQL=[10, 40], Disks=[7, None], Web=[None, 5], Same=[3, 3]), "GBP")
    found = changes(series, MONTHS[0], MONTHS[1])
    assert found == [
        Change("SQL", Decimal(10), Decimal(40)),
        Change("Disks", Decimal(7), None),
        Change("Web", None, Decimal(5)),
    ]
    assert sum_exactly(change.amount for change in found) == 48 - 20
    assert [(change.is_new, change.has_ended) for change in found] == [(False, False), (False, True), (True, False)]


def test_only_the_named_currency_counts() -> None:
    mixed = [*totals(SQL=[10]), CostTotal("service", "SQL", "USD", MONTHS[0], Decimal(99))]
    assert by_value(mixed, "GBP") == {"SQL": {MONTHS[0]: Decimal(10)}}


def test_a_jump_is_out_of_line_with_its_money_and_a_steady_rise_is_not() -> None:
    steady = [100, 102, 104, 106, 108, 110, 112, 114, 116, 118, 120, 122]
    jump = [50, 51, 50, 49, 50, 51, 200, 50, 51, 50, 49, 50]
    found = anomalies(by_value(totals(Steady=list(steady), Jump=list(jump)), "GBP"), MONTHS)
    (one,) = found
    assert (one.value, one.month) == ("Jump", MONTHS[6])
    assert (one.amount, one.usual, one.excess) == (Decimal(200), Decimal(50), Decimal(150))


def test_charges_that_end_are_out_of_line_and_a_trifle_is_not() -> None:
    ended: list[int | None] = [80, 80, 80, 80, 80, 80, None]
    trifle: list[int | None] = [1, 1, 1, 1, 1, 1, 4]
    found = anomalies(by_value(totals(Ended=ended, Trifle=trifle, Large=[10_000] * 7), "GBP"), MONTHS[:7])
    assert [(one.value, one.excess) for one in found] == [("Ended", Decimal(-80))]
