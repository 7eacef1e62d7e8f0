"""What is asked, and in how large queries."""

from dataclasses import replace

import pytest

from collectors.base import Collector
from collectors.registry import COLLECTORS, collector
from collectors.scan.request_plan import RequestPlan
from shared.arm.paced_arm import COSTS as COSTS_LINE
from shared.arm.paced_arm import PacedArm
from shared.arm.pacing import QuotaState, QuotaUse
from shared.arm.quota_state import QuotaStates
from shared.sql.schema.tables import steps
from tests.support.arm_replay import CONTEXT
from tests.support.clock import START, FakeClock
from tests.support.collecting import TENANT, ScriptedAzure
from tests.support.tables import MemoryTables

COSTS = collector("costs")
WHOLE, QUARTERS = RequestPlan.of(COSTS, CONTEXT), RequestPlan.of(COSTS, replace(CONTEXT, pieces=4))


def paced(others: int = 0) -> PacedArm:
    """Of a tenant whose people have just used so many units."""
    tables, clock = MemoryTables(), FakeClock()
    states = QuotaStates(tables, clock)
    states.change(TENANT, COSTS_LINE, lambda _: (QuotaState((QuotaUse(START.timestamp() - 20, others),)), True))
    return PacedArm(ScriptedAzure(), states, clock)


def planned(arm: PacedArm, begun: str | None = None) -> RequestPlan:
    return RequestPlan.for_current_quota(arm, TENANT, COSTS, CONTEXT, begun)


def test_a_year_is_one_query_unless_others_use_much_of_the_quota() -> None:
    assert planned(paced(29)) == WHOLE
    assert planned(paced(30)) == QUARTERS
    assert [len(each.requests) for each in (WHOLE, QUARTERS)] == [1, 4]


def test_what_has_begun_in_quarters_ends_in_quarters_and_what_is_stuck_restarts() -> None:
    assert planned(paced(), QUARTERS.key) == QUARTERS
    assert planned(paced(), WHOLE.key) == WHOLE
    assert planned(paced(30), WHOLE.key) == QUARTERS


def test_another_tenants_crowd_is_nothing_to_this_one() -> None:
    other_subscription = "22222222-2222-4222-8222-222222222222"
    assert RequestPlan.for_current_quota(paced(30), other_subscription, COSTS, CONTEXT, None) == WHOLE


@pytest.mark.parametrize("known", COLLECTORS, ids=lambda known: known.name)
def test_a_key_is_the_same_at_every_asking_and_fits_its_column(known: Collector) -> None:
    keys = {RequestPlan.of(known, replace(CONTEXT, pieces=pieces)).key for pieces in (1, 1, 4)}
    assert len(keys) == (2 if known.pieces > 1 else 1)
    assert max(map(len, keys)) <= steps.c.plan_key.type.length  # type: ignore[attr-defined]


def test_only_a_request_with_a_title_can_be_done_without() -> None:
    assert not WHOLE.can_skip(0, 3, None)
    titled = RequestPlan.of(collector("reservations"), CONTEXT)
    assert titled.can_skip(0, 3, None)
    assert not titled.can_skip(len(titled.requests), 3, None)
