from datetime import timedelta

import pytest

from shared.core.errors import TooManyRequests
from shared.core.limits import LIMITS, Limit
from tests.support.clock import START


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_the_number_is_accepted_and_one_more_gets_the_second_to_come_back(limit: Limit) -> None:
    moments = [START + timedelta(seconds=number) for number in range(limit.number)]
    now = START + timedelta(seconds=limit.number)
    limit.check(moments[1:], now)
    with pytest.raises(TooManyRequests) as refused:
        limit.check(moments, now)
    limit.check(moments, now + timedelta(seconds=refused.value.retry_after_seconds))
    with pytest.raises(TooManyRequests):
        limit.check(moments, now + timedelta(seconds=refused.value.retry_after_seconds - 1))


def test_the_page_names_the_first_full_minute_at_which_it_works() -> None:
    limit = LIMITS[0]
    with pytest.raises(TooManyRequests) as refused:
        limit.check([START + timedelta(seconds=30)], START + timedelta(minutes=5))
    assert refused.value.remedy == "Try again at 23 Nov 2026, 13:01 UTC."
