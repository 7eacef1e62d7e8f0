import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import azure.functions as func

from local.host.functions import TimerFunction
from local.host.invocation import Invoker
from local.host.timers import Timer, TimerState
from tests.support.clock import START, FakeClock


class Seen:
    """Remembers what a timer function was given, until it was called so many times."""

    def __init__(self, wanted: int) -> None:
        self.requests: list[func.TimerRequest] = []
        self.wanted = wanted
        self.enough = threading.Event()
        self.stop: Callable[[], None] = lambda: None

    def __call__(self, request: func.TimerRequest) -> None:
        self.requests.append(request)
        if len(self.requests) >= self.wanted:
            self.stop()  # here, since time passes at once: the next run would come before anyone else could
            self.enough.set()


class Passing(threading.Event):
    """What a timer waits for: the time passes at once."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self.clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        self.clock.sleep(timeout or 0)
        return self.is_set()


def run_until_enough(seen: Seen, schedule: str, state: TimerState, *, is_monitored: bool = True) -> None:
    invoker, clock = Invoker(), FakeClock()
    function = TimerFunction("tick", schedule, seen, is_monitored)
    timer = Timer(function, invoker, state, clock, speed_up=1.0)
    timer.stopping = Passing(clock)
    seen.stop = timer.stop
    timer.start()
    assert seen.enough.wait(15)
    timer.stop()
    timer.thread.join(5)
    invoker.close()


def test_a_timer_runs_again_and_again(tmp_path: Path) -> None:
    seen = Seen(2)
    run_until_enough(seen, "* * * * * *", TimerState(tmp_path / "timers.json"))
    assert [request.past_due for request in seen.requests[:2]] == [False, False]


def test_all_missed_runs_become_one_that_says_so(tmp_path: Path) -> None:
    state, seen = TimerState(tmp_path / "timers.json"), Seen(1)
    state.set_next("tick", START - timedelta(days=3))
    run_until_enough(seen, "0 17 2 * * *", state)
    assert [request.past_due for request in seen.requests] == [True]
    following = state.next_of("tick")
    assert following is not None
    assert following > START


def test_a_timer_that_is_not_monitored_does_not_make_up_for_missed_runs(tmp_path: Path) -> None:
    state, seen = TimerState(tmp_path / "timers.json"), Seen(1)
    state.set_next("tick", START - timedelta(days=3))
    run_until_enough(seen, "* * * * * *", state, is_monitored=False)
    assert seen.requests[0].past_due is False


def test_a_restart_keeps_the_time_of_the_next_run(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 24, 2, 17, tzinfo=UTC)
    TimerState(tmp_path / "timers.json").set_next("tick", moment)
    assert TimerState(tmp_path / "timers.json").next_of("tick") == moment
