"""The clock: the only source of time, injected wherever time matters."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A clock that can sleep."""

    def now(self) -> datetime:
        """Return the current time (aware, UTC)."""

    def sleep(self, seconds: float) -> None:
        """Wait for so many seconds of Azure's time."""


class SystemClock:
    """The machine's clock.

    `speed_up` shortens sleeps only (60 turns a minute into a second), for the local run, where
    the simulated tenant's quota windows shrink by the same factor. `now` is always the real time.
    """

    def __init__(self, speed_up: float = 1.0) -> None:
        self.speed_up = speed_up

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds) / self.speed_up)
