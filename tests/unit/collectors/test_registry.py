"""The registry and what follows from it."""

import pytest

from collectors.jobs import run
from collectors.registry import COLLECTORS, collector
from collectors.scan import plan, step_work
from shared.arm.catalogue import COLLECTED
from shared.messaging.queues import OPERATOR_JOBS, SCAN_REQUESTS, collector_queue
from shared.sql.scans import steps


def test_what_customers_read_is_collected_is_what_is_collected() -> None:
    assert [collector.kind for collector in COLLECTORS] == [*COLLECTED]


def test_a_collector_is_found_by_its_name() -> None:
    assert [collector(each.name) for each in COLLECTORS] == list(COLLECTORS)


@pytest.mark.parametrize("name", ["", "Costs", "metrics", "../costs"])
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no collector"):
        collector(name)


def test_only_cost_queries_are_paced_by_sessions() -> None:
    assert [each.name for each in COLLECTORS if each.requires_session] == ["costs", "amortized_costs"]


def test_no_message_expires_while_the_work_behind_it_would_still_wait() -> None:
    for collected in COLLECTORS:
        assert collector_queue(collected.name).time_to_live > step_work.PATIENCE + steps.OVERDUE
    assert SCAN_REQUESTS.time_to_live > plan.PATIENCE
    assert OPERATOR_JOBS.time_to_live > run.PATIENCE
