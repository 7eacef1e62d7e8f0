"""A short form of `python -m tests.flow.years`: what the ledger claims as saved is what left the generator's bill."""

import pytest

from tests.flow.years import diary


@pytest.mark.parametrize(("seed", "months"), [(99, 4), (21, 4)])
def test_what_is_claimed_as_saved_is_what_left_the_bill(seed: int, months: int) -> None:
    days = list(diary(seed, months))
    assert sum("deleted" in line for line, _ in days) > 0
    assert [each for _, differences in days for each in differences] == []
