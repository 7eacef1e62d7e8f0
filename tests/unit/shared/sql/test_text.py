import pytest

from shared.sql.tables import steps
from shared.sql.text import fit


@pytest.mark.parametrize("text", [None, "", "x" * 120])
def test_what_fits_is_left_alone(text: str | None) -> None:
    assert fit(steps.c.status_code, text) == text


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    assert fit(steps.c.status_code, "x" * 121) == "x" * 119 + "…"


def test_a_column_without_a_limit_takes_everything() -> None:
    assert fit(steps.c.cursor, "x" * 100_000) == "x" * 100_000
