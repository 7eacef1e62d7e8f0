"""Count requests against the limits of shared/core/limits.py, in Table storage.

One record per limit and caller holds the moments that count; a refused request writes nothing, so a flood costs one
read a request and no growth.
"""

import hashlib
import json
from datetime import datetime, timedelta

from shared.core.clock import Clock
from shared.core.limits import Limit
from shared.table_storage.store import AlreadyExists, Changed, Record, TableStore

LIMITS_TABLE = "limits"

TRIES = 8
"""Attempts to count a request: each failure is a concurrent request of the same caller."""

BUSY = timedelta(seconds=2)
"""How long a caller with more concurrent requests than that is to wait."""


class RateLimits:
    """The counters."""

    def __init__(self, tables: TableStore, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def take(self, limit: Limit, caller: str) -> None:
        """Count one request of the caller; raises TooManyRequests, and counts nothing, if the limit is used up."""
        key = hashlib.sha256(caller.encode()).hexdigest()
        if not any(self._count(limit, key) for _ in range(TRIES)):
            now = self._clock.now()
            raise limit.refused(now + BUSY, now)

    def _count(self, limit: Limit, key: str) -> bool:
        """Store one more moment; return False after a concurrent write, so that the caller counts again."""
        now = self._clock.now()
        known = self._tables.get(LIMITS_TABLE, limit.name, key)
        counted = limit.recent(_moments(known), now)
        limit.check(counted, now)
        values = {"moments": json.dumps([moment.isoformat() for moment in (*counted, now)])}
        record = Record(limit.name, key, values, now + limit.period, known.etag if known else "")
        try:
            if known is None:
                self._tables.insert(LIMITS_TABLE, record)
            else:
                self._tables.replace(LIMITS_TABLE, record)
        except (AlreadyExists, Changed):
            return False
        return True


def _moments(record: Record | None) -> list[datetime]:
    stored = json.loads(record.values["moments"]) if record else []
    return [datetime.fromisoformat(moment) for moment in stored]
