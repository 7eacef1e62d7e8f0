import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.exact_json import exact_json

numbers = st.decimals(allow_nan=False, allow_infinity=False).map(str) | st.integers().map(str)
values = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def by_the_standard_library(body: bytes) -> object:
    return json.loads(body, parse_float=Decimal)


@given(values, st.booleans())
def test_whatever_python_writes_is_read_as_the_standard_library_reads_it(value: object, is_ascii: bool) -> None:
    body = json.dumps(value, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    assert repr(exact_json(body)) == repr(by_the_standard_library(body))


@given(numbers)
def test_no_digit_of_a_number_is_lost(text: str) -> None:
    found = exact_json(f"[{text}]".encode())
    assert str(found[0]) == str(Decimal(text)) if any(sign in text for sign in ".eE") else found == [int(text)]


@pytest.mark.parametrize("body", [b"", b" \n"])
def test_nothing_is_none(body: bytes) -> None:
    assert exact_json(body) is None


@pytest.mark.parametrize(
    "body", ['{"a": 1}'.encode("utf-16"), b'\xef\xbb\xbf{"a": 1.5}', b'["\\ud800"]', b'{"a": 1, "a": 2}'],
    ids=["UTF-16", "byte order mark", "lone surrogate", "twice"],
)  # fmt: skip
def test_odd_input_that_the_standard_library_takes_is_taken(body: bytes) -> None:
    assert exact_json(body) == by_the_standard_library(body)


@pytest.mark.parametrize("body", [b"{", b"[NaN]", b"[Infinity]", b"[-Infinity]", b"[1,]", b"\xff\xff", b"[01]"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several kinds
        exact_json(body)
