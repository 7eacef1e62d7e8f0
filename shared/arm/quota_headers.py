"""Parse what Azure reports about its quotas in response headers.

https://learn.microsoft.com/azure/cost-management-billing/costs/manage-automation
https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
"""

import re
from collections.abc import Mapping
from datetime import datetime

from shared.arm.endpoints import QuotaClass
from shared.arm.throttle import header_waits

QPU = "x-ms-ratelimit-microsoft.costmanagement-qpu"
READS_LEFT = ("x-ms-ratelimit-remaining-subscription-reads", "x-ms-ratelimit-remaining-tenant-reads")
QUERIES_LEFT = "x-ms-user-quota-remaining"

FEW_QUERIES = 3
"""Out of a user's fifteen in five seconds: as many may be in flight in other workers."""

FEW_READS = 10
READS_REFILL_SECONDS = 1.0
"""In this time Resource Manager refills 25 reads of a bucket."""

_PAIR = re.compile(r"\s*(\w+):(\d{1,9})\s*")


def units_consumed(headers: Mapping[str, str]) -> int | None:
    """Return a cost query's price in query units; None if the response does not report it."""
    written = _value(headers, f"{QPU}-consumed").strip()
    return int(written) if re.fullmatch(r"\d{1,6}", written) else None


def units_left(headers: Mapping[str, str]) -> dict[str, int]:
    """Return the remaining units of the tenant's windows by Azure's names: QueriesPerHour:597,QueriesPerMin:57,…"""
    pairs = map(_PAIR.fullmatch, _value(headers, f"{QPU}-remaining").split(","))
    return {pair.group(1): int(pair.group(2)) for pair in pairs if pair}


def is_about_scope_alone(headers: Mapping[str, str], now: datetime) -> bool:
    """Whether all hints of a refusal concern one subscription's own limit."""
    named = [name for name, _ in header_waits(headers, now)]
    return bool(named) and all(name.endswith("-entity-retry-after") for name in named)


def pause_seconds(quota: QuotaClass, headers: Mapping[str, str], now: datetime) -> float:
    """Return how long to pause this quota after a successful response; 0 if enough is left."""
    if quota is QuotaClass.RESOURCE_GRAPH:
        few = _is_few(_value(headers, QUERIES_LEFT), FEW_QUERIES)
        resets = [seconds for name, seconds in header_waits(headers, now) if name.endswith("resets-after")]
        return max(resets, default=5.0) if few else 0.0
    few = any(_is_few(_value(headers, name), FEW_READS) for name in READS_LEFT)
    return READS_REFILL_SECONDS if few else 0.0


def _is_few(written: str, few: int) -> bool:
    return re.fullmatch(r"\d{1,9}", written.strip()) is not None and int(written) <= few


def _value(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted), "")
