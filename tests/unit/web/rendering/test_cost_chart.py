from datetime import date
from decimal import Decimal

import pytest

from web.rendering.cost_chart import MARGIN, PLOT_HEIGHT, compact, round_step, stacked_columns
from web.rendering.cost_figures import Series

MONTHS = (date(2025, 12, 1), date(2026, 1, 1))


def series(name: str, *amounts: str) -> Series:
    values = tuple(Decimal(amount) for amount in amounts)
    return Series(name, values, sum(values, Decimal(0)))


def test_the_segments_of_a_month_stand_on_each_other() -> None:
    chart = stacked_columns([series("A", "60", "0"), series("B", "40", "10")], MONTHS, "GBP")
    lower, upper, alone = chart.segments
    assert lower.y == pytest.approx(upper.y + upper.height, abs=0.02)
    assert lower.height / upper.height == pytest.approx(1.5, abs=0.01)
    assert alone.layer == 1
    assert lower.x == upper.x < alone.x


def test_a_refund_hangs_below_zero_and_takes_nothing_from_the_column() -> None:
    chart = stacked_columns([series("A", "100", "100"), series("B", "-50", "0")], MONTHS, "GBP")
    (zero,) = [tick.y for tick in chart.ticks if tick.is_zero]
    charge, refund, other = chart.segments
    assert refund.y == zero
    assert refund.height == pytest.approx(charge.height / 2, abs=0.02)
    assert charge.height == other.height
    assert [column.sum_label for column in chart.columns] == ["50", "100"]


def test_everything_is_inside_the_chart() -> None:
    chart = stacked_columns([series("A", "9999.99", "-333"), series("B", "0.01", "17")], MONTHS, "GBP")
    assert min(part.y for part in chart.segments) >= MARGIN
    assert max(part.y + part.height for part in chart.segments) <= MARGIN + PLOT_HEIGHT + 0.02
    assert max(part.x + part.width for part in chart.segments) <= 100


def test_a_segment_says_what_it_is() -> None:
    chart = stacked_columns([series("A", "1.5", "0")], MONTHS, "GBP")
    assert chart.segments[0].title == "A, Dec 2025: £1.50"


def test_the_year_is_named_where_it_begins() -> None:
    chart = stacked_columns([series("A", "1", "1")], MONTHS, "GBP")
    assert [column.label for column in chart.columns] == ["Dec 25", "Jan 26"]


def test_a_chart_of_nothing_has_an_axis_still() -> None:
    chart = stacked_columns([], MONTHS, "GBP")
    assert chart.segments == ()
    assert [tick.label for tick in chart.ticks] == ["1", "0"]


@pytest.mark.parametrize(
    ("rough", "step"),
    [("0", "1"), ("0.03", "0.05"), ("1", "1"), ("1.1", "2"), ("2.2", "2.5"), ("6", "10"), ("4999", "5000")],
)
def test_steps_are_round(rough: str, step: str) -> None:
    assert round_step(Decimal(rough)) == Decimal(step)


@pytest.mark.parametrize(
    ("amount", "label"),
    [
        ("0", "0"),
        ("0E+3", "0"),
        ("0.25", "0.25"),
        ("12.5", "12.5"),
        ("250", "250"),
        ("1234", "1.23k"),
        ("12500", "12.5k"),
        ("250000", "250k"),
        ("3000000", "3M"),
        ("-2500", "\N{MINUS SIGN}2.5k"),
        ("7100000000", "7.1bn"),
    ],
)
def test_axis_labels_are_short(amount: str, label: str) -> None:
    assert compact(Decimal(amount)) == label
