"""Azure's quotas, counted in Azure's time: a speed-up makes its seconds shorter, never its counts larger.

https://learn.microsoft.com/azure/cost-management-billing/costs/manage-automation
https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
"""

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """At most `limit` units in any `seconds` of Azure's time."""

    name: str
    seconds: float
    limit: int


QUERY_UNITS = (Window("QueriesPerHour", 3600, 600), Window("QueriesPerMin", 60, 60), Window("QueriesPer10Sec", 10, 12))
PER_SCOPE = (Window("DefaultQuota", 60, 4),)
PER_USER = (Window("DefaultQuota", 60, 20),)
PER_CLIENT_TYPE = (Window("DefaultQuota", 60, 2000),)
GRAPH_QUERIES = (Window("user", 5, 15),)
READS = 250
READS_PER_SECOND = 25.0


@dataclass(frozen=True)
class Verdict:
    """`wait` is 0 when the request fits; `remaining` is what each window still has."""

    wait: int
    remaining: dict[str, int]

    @property
    def is_granted(self) -> bool:
        return self.wait == 0

    @property
    def remaining_text(self) -> str:
        return ",".join(f"{name}:{count}" for name, count in self.remaining.items())


class SlidingWindows:
    """Several windows over one stream of units."""

    def __init__(self, windows: tuple[Window, ...]) -> None:
        self._windows = windows
        self._uses: deque[tuple[float, int]] = deque()

    def ask(self, units: int, now: float) -> Verdict:
        """Whether so many units fit now, without using them."""
        longest = max(window.seconds for window in self._windows)
        while self._uses and self._uses[0][0] <= now - longest:
            self._uses.popleft()
        wait = max(self._wait(window, units, now) for window in self._windows)
        remaining = {window.name: max(0, window.limit - self._used(window, now)) for window in self._windows}
        return Verdict(math.ceil(wait), remaining)

    def use(self, units: int, now: float) -> None:
        self._uses.append((now, units))

    def _used(self, window: Window, now: float) -> int:
        return sum(units for moment, units in self._uses if moment > now - window.seconds)

    def _wait(self, window: Window, units: int, now: float) -> float:
        free = window.limit - self._used(window, now)
        if free >= units:
            return 0.0
        for moment, used in self._uses:
            if moment > now - window.seconds:
                free += used
                if free >= units:
                    return moment + window.seconds - now
        return window.seconds


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


class Quotas:
    """All counters of the simulated cloud; safe for many threads."""

    def __init__(self, speed_up: float, tick: Callable[[], float]) -> None:
        self._speed_up = speed_up
        self._tick = tick
        self._windows: dict[tuple[str, ...], SlidingWindows] = {}
        self._buckets: dict[tuple[str, ...], _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, *wanted: tuple[tuple[Window, ...], tuple[str, ...], int]) -> list[Verdict]:
        """Use units of several counters, each (windows, key, units): all, or none.

        Returns one verdict per counter; after a grant, `remaining` counts what was just used.
        """
        with self._lock:
            now = self._tick() * self._speed_up
            counters = [self._windows.setdefault(key, SlidingWindows(windows)) for windows, key, _ in wanted]
            verdicts = [counter.ask(units, now) for counter, (_, _, units) in zip(counters, wanted, strict=True)]
            if not all(verdict.is_granted for verdict in verdicts):
                return verdicts
            for counter, (_, _, units) in zip(counters, wanted, strict=True):
                counter.use(units, now)
            return [Verdict(0, counter.ask(0, now).remaining) for counter in counters]

    def read(self, *key: str) -> Verdict:
        """One read of Resource Manager's token bucket for this key."""
        with self._lock:
            now = self._tick() * self._speed_up
            bucket = self._buckets.setdefault(key, _Bucket(READS, now))
            bucket.tokens = min(READS, bucket.tokens + (now - bucket.filled_at) * READS_PER_SECOND)
            bucket.filled_at = now
            if bucket.tokens < 1:
                return Verdict(max(1, math.ceil((1 - bucket.tokens) / READS_PER_SECOND)), {"reads": 0})
            bucket.tokens -= 1
            return Verdict(0, {"reads": int(bucket.tokens)})
