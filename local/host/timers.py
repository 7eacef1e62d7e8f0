"""Runs the timers: never two runs of one timer at a time, one late run for all missed ones."""

import json
import logging
import threading
from datetime import UTC, datetime
from pathlib import Path

from azure.functions.meta import Datum
from azure.functions.timer import TimerRequestConverter

from local.host.functions import TimerFunction
from local.host.invocation import Invoker
from local.host.schedules import next_run
from shared.core.clock import Clock

log = logging.getLogger("local.timers")


class TimerState:
    """When each timer is to run next, kept in a file so that a restart sees what was missed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def read(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        known: dict[str, str] = json.loads(self._path.read_text(encoding="utf-8"))
        return known

    def next_of(self, name: str) -> datetime | None:
        text = self.read().get(name)
        return datetime.fromisoformat(text) if text else None

    def set_next(self, name: str, moment: datetime) -> None:
        with self._lock:
            known = {**self.read(), name: moment.isoformat()}
            draft = self._path.with_suffix(".new")
            draft.write_text(json.dumps(known, indent=1), encoding="utf-8")
            draft.replace(self._path)


class Timer:
    """One timer on a thread of its own."""

    def __init__(
        self, function: TimerFunction, invoker: Invoker, state: TimerState, clock: Clock, speed_up: float
    ) -> None:
        self.function = function
        self.invoker = invoker
        self.state = state
        self.clock = clock
        self.speed_up = speed_up
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name=f"timer-{function.name}", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.stopping.set()

    def _run(self) -> None:
        missed = self.state.next_of(self.function.name) if self.function.is_monitored else None
        due = missed or self._after(self.clock.now())
        while not self._wait_until(due):
            self._invoke(due)
            due = self._after(self.clock.now())

    def _after(self, moment: datetime) -> datetime:
        due = next_run(self.function.schedule, moment, self.speed_up)
        self.state.set_next(self.function.name, due)
        return due

    def _wait_until(self, due: datetime) -> bool:
        """Wait until that moment; True when the host stops before."""
        return self.stopping.wait(max(0.0, (due - self.clock.now()).total_seconds()))

    def _invoke(self, due: datetime) -> None:
        request = timer_request(due, past_due=(self.clock.now() - due).total_seconds() > 1)
        future = self.invoker.start(lambda: self.function.call(request))
        if (error := future.exception()) is not None:
            log.error("function failed name=%s", self.function.name, exc_info=error)
        elif future.result() is not None:
            log.error("function failed name=%s: it returned something", self.function.name)


def timer_request(due: datetime, *, past_due: bool) -> object:
    """The func.TimerRequest of a run."""
    moment = due.astimezone(UTC).isoformat()
    status = {"Last": moment, "Next": moment, "LastUpdated": moment}
    text = json.dumps({"Schedule": {"AdjustForDST": True}, "ScheduleStatus": status, "IsPastDue": past_due})
    request: object = TimerRequestConverter.decode(Datum(text, "json"), trigger_metadata={})
    return request
