from dataclasses import replace

import pytest

from collectors.costs import requests
from shared.arm.paced_arm import query_units
from tests.support.arm_replay import CONTEXT


def test_a_scans_query_costs_a_unit_a_month() -> None:
    assert [query_units(request.body) for request in requests(CONTEXT)] == [12]
    assert [query_units(request.body) for request in requests(replace(CONTEXT, pieces=4))] == [3, 3, 3, 3]


@pytest.mark.parametrize(
    ("first", "last", "units"),
    [("2026-10-01", "2026-10-31", 1), ("2026-10-31", "2026-11-01", 2), ("2025-12-01", "2026-01-31", 2)],
)
def test_a_month_that_is_only_touched_costs_as_much(first: str, last: str, units: int) -> None:
    period = {"from": f"{first}T00:00:00Z", "to": f"{last}T23:59:59Z"}
    assert query_units({"timePeriod": period}) == units
