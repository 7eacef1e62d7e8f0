import pytest

from simulator.arm.quotas import QUERY_UNITS, Quotas, SlidingWindows, Window
from tests.unit.simulator.visitor import FakeTime

WINDOW = (Window("minute", 60, 4),)


def test_a_window_forgets_what_is_older_than_itself() -> None:
    counter = SlidingWindows(WINDOW)
    for moment in (0, 10, 20, 30):
        counter.use(1, moment)
    assert counter.ask(1, 31).wait == 29
    assert counter.ask(2, 31).wait == 39
    assert counter.ask(1, 60).is_granted


def test_the_wait_is_that_of_the_slowest_window() -> None:
    counter = SlidingWindows(QUERY_UNITS)
    for second in range(0, 50, 10):
        assert counter.ask(12, second).is_granted
        counter.use(12, second)
    verdict = counter.ask(12, 50)
    assert verdict.wait == 10
    assert verdict.remaining_text == "QueriesPerHour:540,QueriesPerMin:0,QueriesPer10Sec:12"


def test_an_hour_has_fifty_queries_of_a_year() -> None:
    counter, moment, granted = SlidingWindows(QUERY_UNITS), 0.0, 0
    while moment < 3600:
        if counter.ask(12, moment).is_granted:
            counter.use(12, moment)
            granted += 1
        moment += 1
    assert granted == 50


def test_more_than_the_window_holds_never_fits() -> None:
    assert SlidingWindows(QUERY_UNITS).ask(13, 0).wait == 10


def test_all_counters_are_used_or_none() -> None:
    quotas = Quotas(1.0, FakeTime())
    small, large = (Window("small", 60, 1),), (Window("large", 60, 100),)
    assert all(verdict.is_granted for verdict in quotas.take((small, ("s",), 1), (large, ("l",), 1)))
    refused = quotas.take((small, ("s",), 1), (large, ("l",), 1))
    assert [verdict.is_granted for verdict in refused] == [False, True]
    assert refused[1].remaining == {"large": 99}


@pytest.mark.parametrize("speed_up", [1.0, 60.0])
def test_a_speed_up_shortens_the_wait_but_not_its_number(speed_up: float) -> None:
    time = FakeTime(0.0)
    quotas = Quotas(speed_up, time)
    ask = (WINDOW, ("scope",), 4)
    quotas.take(ask)
    assert quotas.take(ask)[0].wait == 60
    time.pass_by(59 / speed_up)
    assert quotas.take(ask)[0].wait == 1
    time.pass_by(1.001 / speed_up)
    assert quotas.take(ask)[0].is_granted


def test_a_bucket_refills_by_and_by() -> None:
    time = FakeTime(0.0)
    quotas = Quotas(1.0, time)
    assert [quotas.read("s", "u").is_granted for _ in range(251)].count(True) == 250
    time.pass_by(2)
    assert [quotas.read("s", "u").is_granted for _ in range(60)].count(True) == 50
    assert quotas.read("s", "another tenant").is_granted
