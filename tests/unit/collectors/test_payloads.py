"""Reading values: tolerant where nothing is lost by it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.payloads import compact, currency, days, items, lenient_amount, region
from shared.arm.request import Json
from shared.core.errors import UnexpectedPayload


@pytest.mark.parametrize(
    ("written", "expected"),
    [(30, 30), ("30", 30), ("Last30Days", 30), ("last7days", 7), ("P1Y", None), (None, None), ([], None), ("", None)],
)
def test_a_look_back_is_read_in_each_of_its_forms(written: Json, expected: int | None) -> None:
    assert days(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [("UK South", "uksouth"), ("uksouth", "uksouth"), ("", None), (None, None), (3, None), ("Unassigned", None)],
)
def test_a_region_has_one_name(written: Json, expected: str | None) -> None:
    assert region(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"), [("gbp", "GBP"), ("USD", "USD"), ("US", None), ("£££", None), (1, None)]
)
def test_a_currency_is_three_letters(written: Json, expected: str | None) -> None:
    assert currency(written) == expected


@given(
    st.none()
    | st.booleans()
    | st.text()
    | st.integers()
    | st.lists(st.integers())
    | st.dictionaries(st.text(), st.text())
)
def test_any_value_is_an_amount_or_none(value: Json) -> None:
    amount = lenient_amount(value)
    assert amount is None or amount.is_finite()


def test_json_text_has_numbers_for_amounts_and_refuses_what_json_never_gave() -> None:
    assert compact({"a": Decimal("1.5"), "b": Decimal(2), "c": "é"}) == '{"a":1.5,"b":2,"c":"é"}'
    with pytest.raises(UnexpectedPayload):
        compact({"a": object()})


@pytest.mark.parametrize("payload", [{}, {"value": None}, {"value": [1]}, []])
def test_what_is_no_list_is_not_an_empty_one(payload: Json) -> None:
    with pytest.raises(UnexpectedPayload):
        items(payload, "things")
    assert items({"value": []}, "things") == []
