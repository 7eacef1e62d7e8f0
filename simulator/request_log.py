"""Counts the requests to the simulated Resource Manager: methods and path templates, never values."""

import re
import threading
from collections import Counter
from typing import Any

IDENTIFIER = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def template(path: str) -> str:
    """The path with every identifier replaced by {id}."""
    return IDENTIFIER.sub("{id}", path)


class RequestLog:
    """How often each (method, path template, status) was seen."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, int]] = Counter()
        self._lock = threading.Lock()

    def add(self, method: str, path: str, status: int) -> None:
        with self._lock:
            self._counts[f"{method} {template(path)}", status] += 1

    @property
    def total(self) -> int:
        with self._lock:
            return self._counts.total()

    def clear(self) -> None:
        with self._lock:
            self._counts.clear()

    def summary(self) -> dict[str, Any]:
        """{"sent", "throttled", "paths": {"GET /subscriptions": {"200": 1}}}."""
        with self._lock:
            counts = dict(self._counts)
        paths: dict[str, dict[str, int]] = {}
        for (path, status), count in sorted(counts.items()):
            paths.setdefault(path, {})[str(status)] = count
        throttled = sum(count for (_, status), count in counts.items() if status == 429)
        return {"sent": sum(counts.values()), "throttled": throttled, "paths": paths}
