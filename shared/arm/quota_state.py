"""Where each tenant's quotas stand, in table storage, for all instances of the app."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from shared.arm.pacing import HORIZON, QUERY_UNITS, Line, Turn, Use
from shared.core.clock import Clock
from shared.core.errors import ConfigurationError
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.table_storage.store import AlreadyExists, Changed, Record, StoreUnavailable, TableStore

QUOTAS_TABLE = "quotas"
KEPT_FOR = timedelta(seconds=QUERY_UNITS[-1].seconds + HORIZON)
"""Longer than any window remembers."""

QUOTAS_KEPT_MINUTES = int(KEPT_FOR.total_seconds()) // 60

TRIES = 8
AWAY_SECONDS = 30.0
"""After a failure the store is left alone for so long: each query would wait for it in vain."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class QuotaStates:
    """Lines by tenant and key. Without the store nothing is known, and Azure's own refusals set the pace."""

    def __init__(self, tables: TableStore, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock
        self._away_until = clock.now()

    def read(self, tenant_id: str, key: str) -> Line:
        """The line as it stands; an empty one where nothing is known."""
        return self._with_store(lambda: _line_of(self._tables.get(QUOTAS_TABLE, tenant_id, key)), tenant_id) or Line()

    def change(self, tenant_id: str, key: str, how: Callable[[Line], tuple[Line, T]]) -> T | None:
        """Changes the line and gives what `how` gives; None when it could not be stored.

        Another instance may change it at the same moment: then `how` is asked again.
        """
        return self._with_store(lambda: self._change(tenant_id, key, how), tenant_id)

    def _with_store(self, work: Callable[[], T | None], tenant_id: str) -> T | None:
        if self._clock.now() < self._away_until:
            return None
        try:
            return work()
        except (StoreUnavailable, ConfigurationError) as error:
            self._away_until = self._clock.now() + timedelta(seconds=AWAY_SECONDS)
            log_event(log, Event.QUOTA_STATE_UNAVAILABLE, error, level=logging.WARNING, tenant=tenant_id)
            return None

    def _change(self, tenant_id: str, key: str, how: Callable[[Line], tuple[Line, T]]) -> T | None:
        for _ in range(TRIES):
            found = self._tables.get(QUOTAS_TABLE, tenant_id, key)
            line, result = how(_line_of(found))
            try:
                self._store(Record(tenant_id, key, _values_of(line), self._clock.now() + KEPT_FOR), found)
            except (AlreadyExists, Changed):
                continue
            return result
        log_event(log, Event.QUOTA_STATE_CONTENDED, level=logging.WARNING, tenant=tenant_id, tries=TRIES)
        return None

    def _store(self, record: Record, found: Record | None) -> None:
        if found is None:
            self._tables.insert(QUOTAS_TABLE, record)
        else:
            etag = found.etag
            self._tables.replace(
                QUOTAS_TABLE, Record(record.partition, record.key, record.values, record.expires_at, etag)
            )


def _values_of(line: Line) -> dict[str, str]:
    """As text; uses and turns apart, for a text has 32,768 characters at most."""
    uses = [[round(use.at, 2), use.units, use.scope] for use in line.uses]
    turns = [[round(turn.at, 2), turn.units, turn.scope, turn.work] for turn in line.turns]
    rest = {"closed_until": line.closed_until, "scopes_closed": line.scopes_closed, "refusals": line.refusals}
    return {
        name: json.dumps(value, separators=(",", ":"))
        for name, value in {"uses": uses, "turns": turns, "rest": rest}.items()
    }


def _line_of(record: Record | None) -> Line:
    if record is None:
        return Line()
    values = {name: json.loads(value) for name, value in record.values.items()}
    return Line(
        tuple(Use(*use) for use in values["uses"]),
        tuple(Turn(*turn) for turn in values["turns"]),
        values["rest"]["closed_until"],
        tuple((scope, until) for scope, until in values["rest"]["scopes_closed"]),
        values["rest"]["refusals"],
    )
