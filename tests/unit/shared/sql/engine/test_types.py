import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import mssql, sqlite

from shared.core.money import EXACT
from shared.sql.engine.types import (
    MONEY_DECIMALS,
    ExactSum,
    Money,
    UtcDateTime,
    money_text,
    round_money,
    sum_exactly,
)

SQLITE, SQL_SERVER = sqlite.dialect(), mssql.dialect()  # type: ignore[no-untyped-call]
amounts = st.decimals(-(10**13), 10**13, allow_nan=False, allow_infinity=False, places=MONEY_DECIMALS) | st.decimals(
    -(10**13), 10**13, allow_nan=False, allow_infinity=False
)


@given(amounts)
def test_an_amount_is_stored_in_plain_digits_and_read_back_alike_by_both_databases(amount: Decimal) -> None:
    text = money_text(amount)
    assert set(text) <= set("-.0123456789")
    assert Decimal(text) == round_money(amount)
    assert Money().process_bind_param(amount, SQL_SERVER) == Decimal(text)


@given(amounts)
def test_only_what_is_finer_than_the_column_is_rounded(amount: Decimal) -> None:
    rounded = round_money(amount)
    exponent = rounded.as_tuple().exponent
    assert isinstance(exponent, int)
    assert exponent >= -MONEY_DECIMALS
    assert sum_exactly([rounded, amount.copy_negate()]).copy_abs() <= Decimal(1).scaleb(-MONEY_DECIMALS) / 2


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0"),
        ("1E-7", "0.0000001"),
        ("-4.8387096774193546E-05", "-0.000048387096774193546"),
        ("1E+3", "1000"),
        ("0.0000000000000000000000015", "0.000000000000000000000002"),
        ("0.0000000000000000000000005", "0.000000000000000000000000"),
        ("123456789012345678901234567", "123456789012345678901234567"),
    ],
)
def test_examples_of_amounts(amount: str, text: str) -> None:
    assert money_text(Decimal(amount)) == text


@given(st.lists(amounts))
def test_sums_are_exact_to_the_last_decimal(values: list[Decimal]) -> None:
    aggregate = ExactSum()
    for value in values:
        aggregate.step(money_text(value))
    scaled = sum(int(EXACT.scaleb(round_money(value), MONEY_DECIMALS)) for value in values)
    total = aggregate.finalize()
    assert (total is None) == (not values)
    assert Decimal(total or 0) == EXACT.scaleb(Decimal(scaled), -MONEY_DECIMALS)
    assert sum_exactly(map(round_money, values)) == Decimal(total or 0)


def test_sums_leave_out_what_is_not_there() -> None:
    aggregate = ExactSum()
    for text in (None, "0.1", None, "0.2"):
        aggregate.step(text)
    assert aggregate.finalize() == "0.3"


def test_a_moment_of_any_zone_is_stored_in_utc() -> None:
    kabul = timezone(timedelta(hours=4, minutes=30))
    stored = UtcDateTime().process_bind_param(datetime(2026, 1, 1, 2, tzinfo=kabul), SQLITE)
    assert stored == datetime(2025, 12, 31, 21, 30)  # noqa: DTZ001
    assert UtcDateTime().process_result_value(stored, SQLITE) == datetime(2025, 12, 31, 21, 30, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), SQLITE)  # noqa: DTZ001


def test_importing_changes_no_adapter_of_sqlite3() -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.ProgrammingError, match="not supported"):
        connection.execute("SELECT ?", (Decimal(1),))
    connection.close()
