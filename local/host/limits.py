"""The queue settings of host.json."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

KNOWN = {
    "autoCompleteMessages",
    "maxAutoLockRenewalDuration",
    "maxConcurrentCalls",
    "maxConcurrentSessions",
    "prefetchCount",
    "sessionIdleTimeout",
}
"""The settings in use; the real host silently ignores a misspelt one.

https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus#hostjson-settings
"""


@dataclass(frozen=True)
class QueueLimits:
    """How much one instance takes from one queue at a time, and for how long."""

    concurrent_calls: int
    concurrent_sessions: int
    lock_renewal: timedelta
    session_idle: timedelta


def read_limits(host_json: Path) -> QueueLimits:
    """Raises ValueError for a setting that this host does not know."""
    settings: dict[str, Any] = json.loads(host_json.read_text(encoding="utf-8"))["extensions"]["serviceBus"]
    if set(settings) != KNOWN or settings["prefetchCount"] or not settings["autoCompleteMessages"]:
        raise ValueError(f"{host_json.name}: extensions.serviceBus is not as the local host knows it")
    return QueueLimits(
        settings["maxConcurrentCalls"],
        settings["maxConcurrentSessions"],
        _span(settings["maxAutoLockRenewalDuration"]),
        _span(settings["sessionIdleTimeout"]),
    )


def _span(text: str) -> timedelta:
    hours, minutes, seconds = map(int, text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
