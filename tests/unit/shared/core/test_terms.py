import pytest

from shared.core.terms import term


@pytest.mark.parametrize(
    ("code", "written"),
    [("P1Y", "1 year"), ("P3Y", "3 years"), ("P1M", "1 month"), ("odd", "odd"), (None, "no term named")],
)
def test_a_term_is_written_in_years(code: str | None, written: str) -> None:
    assert term(code) == written
