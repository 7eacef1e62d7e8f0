"""Find how long Azure asks us to wait: the largest of all its hints.

After a shorter wait another 429 was seen. Hints are in several headers, in the text, or absent:
https://learn.microsoft.com/azure/cost-management-billing/costs/manage-automation
https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from shared.arm.endpoints import QuotaClass

SHORTEST_WAIT = 1.0
MAX_WAIT = 3600.0
WAITS_WITHOUT_HINT = {
    QuotaClass.COST_MANAGEMENT: 60.0,
    QuotaClass.ARM_READS: 30.0,
    QuotaClass.RESOURCE_GRAPH: 30.0,
}

_CLOCK = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})(?:\.\d+)?")
_SECONDS = re.compile(r"\d+(?:\.\d+)?")
_IN_TEXT = re.compile(r"(?:after|in|for)\s+'?(\d{1,6}(?:\.\d+)?)'?\s*(?:s\b|sec|second)", re.IGNORECASE)


def wait_seconds(quota: QuotaClass, headers: Mapping[str, str], text: str, now: datetime) -> float:
    """Return the seconds to wait before this quota is used again; a default if there is no hint."""
    longest = max(hints(headers, text, now), default=WAITS_WITHOUT_HINT[quota])
    return min(max(longest, SHORTEST_WAIT), MAX_WAIT)


def hints(headers: Mapping[str, str], text: str, now: datetime) -> list[float]:
    """Return every hint, in seconds: `*retry-after*`, `*resets-after*` and the error's text."""
    named = [float(seconds) for seconds in _IN_TEXT.findall(text)]
    return [*(seconds for _, seconds in header_waits(headers, now)), *named]


def header_waits(headers: Mapping[str, str], now: datetime) -> Iterator[tuple[str, float]]:
    """Yield the headers that name a wait, in lower case, each with its seconds from now."""
    for name, value in headers.items():
        if re.search("(?i)retry-after|resets-after", name):
            seconds = _seconds(name.lower(), value.strip(), now)
            if seconds is not None:
                yield name.lower(), seconds


def _seconds(name: str, value: str, now: datetime) -> float | None:
    """Parse a header's value as seconds: a number, hh:mm:ss or an HTTP date."""
    if _SECONDS.fullmatch(value):
        return float(value) / (1000 if name.endswith("-ms") else 1)
    if clock := _CLOCK.fullmatch(value):
        hours, minutes, seconds = map(int, clock.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
