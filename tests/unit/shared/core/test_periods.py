"""Months and days."""

from datetime import date

import pytest

from shared.core.periods import BillingPeriod, add_months, deletion_due_on, last_complete_months


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 31), -13, date(2025, 2, 28)),
        (date(2026, 6, 30), 0, date(2026, 6, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_a_month_on_is_the_same_day_or_the_months_last(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize("today", [date(2026, 11, 1), date(2026, 11, 23), date(2026, 11, 30)])
def test_the_current_month_is_never_complete(today: date) -> None:
    assert last_complete_months(today) == BillingPeriod(date(2025, 11, 1), date(2026, 11, 1))


def test_a_period_names_each_of_its_months_once() -> None:
    months = last_complete_months(date(2026, 1, 5)).months
    assert (months[0], months[-1], len(months)) == (date(2025, 1, 1), date(2025, 12, 1), 12)
    assert list(months) == sorted(set(months))


@pytest.mark.parametrize(("pieces", "months"), [(1, [12]), (4, [3, 3, 3, 3]), (5, [2, 2, 3, 2, 3]), (24, [1] * 12)])
def test_a_period_is_divided_into_whole_months_that_make_it_up(pieces: int, months: list[int]) -> None:
    year = BillingPeriod(date(2025, 11, 1), date(2026, 11, 1))
    divided = year.divided(pieces)
    assert [len(piece.months) for piece in divided] == months
    assert sum((piece.months for piece in divided), ()) == year.months


def test_a_period_may_be_of_one_month() -> None:
    assert last_complete_months(date(2026, 3, 10), 1).months == (date(2026, 2, 1),)


@pytest.mark.parametrize(
    ("scanned", "due"),
    [(date(2025, 11, 23), date(2026, 11, 23)), (date(2024, 2, 29), date(2025, 2, 28))],
)
def test_deletion_is_due_twelve_months_after_the_scan(scanned: date, due: date) -> None:
    assert deletion_due_on(scanned) == due
