"""Costs are asked for in turn: the real runner, queue and pacing against the simulated tenant, in simulated time."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from shared.core.models import Scan, ScanStatus, StepStatus
from simulator.estate.subscriptions import CostAccess
from tests.benchmarks.pacing import HALF_IN_DROPS, use_portal
from tests.benchmarks.simulated import AMORTIZED, QUEUE, QUEUES, App, Customer, Time
from tests.support.clock import START
from tests.support.tables import MemoryTables
from web.rendering.steps import state_text

SUBSCRIPTIONS, RESOURCES = 3, 6
TWO_GROUPINGS = CostAccess.TWO_GROUPINGS


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    time = Time()
    surroundings = App(tmp_path, time, [Customer(number, time, SUBSCRIPTIONS, RESOURCES) for number in (1, 2)])
    yield surroundings
    surroundings.close()


def money(app: App, scan: Scan) -> dict[str, str]:
    sums = app.recommendations.cost_sums(scan.key)
    return {currency: str(total) for currency, total in sums.items()}


def test_a_step_without_a_turn_waits_in_the_queue_and_no_worker_sleeps(app: App) -> None:
    scan = app.request(app.tenants[0])
    app.serve()
    first, second, third = app.steps_of(scan)
    assert (first.status, second.status, third.status) == (StepStatus.SUCCEEDED, StepStatus.WAITING, StepStatus.WAITING)
    assert app.time.passed < 1, "only the one query took its time"
    assert [step.not_before for step in (second, third)] == [START + timedelta(seconds=s) for s in (10.5, 21)]
    waiting = app.bus.peek(QUEUE)
    assert [message.scheduled_for for message in waiting] == [second.not_before, third.not_before]
    assert [message.message_id for message in waiting] == [
        f"{scan.scan_id}:{step.step_id}:{step.attempt + 1}" for step in (second, third)
    ]


def test_the_progress_page_says_whose_doing_a_wait_is(app: App) -> None:
    scan = app.request(app.tenants[0])
    app.serve()
    assert state_text(app.steps_of(scan)[1], START) == (
        "waiting: We pace our requests so as not to use up your Cost Management quota (10 s left)"
    )


def test_each_wait_is_one_line_of_the_log(app: App, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "collectors.scan.step_work")
    scan = app.request(app.tenants[0])
    app.serve()
    lines = [state for state in caplog.messages if "postponed" in state]
    for step, state in zip(app.steps_of(scan)[1:], lines, strict=True):
        for word in (f"scan={scan.scan_id}", f"step={step.step_id}", "collector=costs", "attempt=1"):
            assert word in state
    ends = [state.partition(" seconds=")[2] for state in lines]
    reason = "We pace our requests so as not to use up your Cost Management quota."
    assert ends == [f"10.1 reason={reason}", f"20.6 reason={reason}"]


def test_one_tenants_wait_is_not_anothers(app: App) -> None:
    scans = [app.request(customer) for customer in app.tenants]
    app.serve()
    app.serve()
    assert [app.steps_of(scan)[0].status for scan in scans] == [StepStatus.SUCCEEDED] * 2
    assert app.time.passed < 2


def test_all_is_read_and_azure_never_has_to_refuse(app: App) -> None:
    scan = app.request(app.tenants[0])
    app.work()
    assert {step.status for step in app.steps_of(scan)} == {StepStatus.SUCCEEDED}
    assert app.tenants[0].statuses[429] == 0


def test_amortized_costs_take_their_turns_in_the_same_quota_where_commitments_show(app: App) -> None:
    scan = app.request(app.tenants[0])
    app.work(*QUEUES)
    amortized = app.steps_of(scan, AMORTIZED)
    subscriptions = app.tenants[0].world.estate.subscriptions
    shown = [item for item in subscriptions if item.bought_reservations or item.cost_access is TWO_GROUPINGS]
    assert {step.subscription_id for step in amortized} == {item.subscription_id for item in shown}
    assert 0 < len(shown) < len(subscriptions)
    assert {step.status for step in amortized} == {StepStatus.SUCCEEDED}
    assert app.tenants[0].statuses[429] == 0


def crowded(app: App) -> Scan:
    """A scan of the first customer, whose people are using half of the quota, a unit at a time."""
    for at, months in HALF_IN_DROPS[:900]:
        app.time.at(at, partial(use_portal, app.tenants[0], months))
    app.time.sleep(300)
    return app.request(app.tenants[0])


@pytest.mark.slow
def test_where_others_use_half_of_the_quota_a_step_asks_in_quarters_and_reads_the_same(app: App) -> None:
    scan = crowded(app)
    app.work()
    steps = app.steps_of(scan)
    assert {step.status for step in steps} == {StepStatus.SUCCEEDED}
    assert max(step.pages for step in steps) == 4
    in_pieces = money(app, scan)
    again = app.request(app.tenants[1])
    app.work()
    assert max(step.pages for step in app.steps_of(again)) == 1, "the other tenant's quota is not crowded"
    app.time.sleep(3_600)
    app.scans.finish(scan.key, ScanStatus.COLLECTED, None, app.clock.now())
    whole = app.request(app.tenants[0])
    app.work()
    assert max(step.pages for step in app.steps_of(whole)) == 1
    assert in_pieces == money(app, whole)


@pytest.mark.slow
def test_a_step_that_has_begun_in_pieces_ends_in_pieces(app: App) -> None:
    scan = crowded(app)
    while not (begun := [step for step in app.steps_of(scan) if 0 < step.pages < 4]):
        assert app.serve() or app.wait()
    app.time.sleep(3_600)
    app.work()
    (step,) = [step for step in app.steps_of(scan) if step.step_id == begun[0].step_id]
    assert (step.status, step.pages) == (StepStatus.SUCCEEDED, 4)


def test_without_the_table_store_azures_own_refusals_set_the_pace(app: App) -> None:
    app.tables = no_store = MemoryTables()
    no_store.is_down = True
    scan = app.request(app.tenants[0])
    app.work()
    assert {step.status for step in app.steps_of(scan)} == {StepStatus.SUCCEEDED}
    assert app.tenants[0].statuses[429] > 0
    assert money(app, scan)
