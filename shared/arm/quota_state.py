"""Each tenant's quota state in table storage, shared by all instances of the app."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from shared.arm.pacing import HORIZON_SECONDS, QUERY_UNITS, QuotaState, QuotaUse, Reservation
from shared.core.clock import Clock
from shared.core.errors import ConfigurationError
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.table_storage.store import AlreadyExists, Changed, Record, StoreUnavailable, TableStore

QUOTAS_TABLE = "quotas"
KEPT_FOR = timedelta(seconds=QUERY_UNITS[-1].seconds + HORIZON_SECONDS)
"""Longer than any quota window."""

QUOTAS_KEPT_MINUTES = int(KEPT_FOR.total_seconds()) // 60

TRIES = 8
STORE_PAUSE_SECONDS = 30.0
"""How long the store is not used after a failure, so that queries do not wait for it."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class QuotaStates:
    """Quota states by tenant and key. If the store is unavailable, Azure's own throttling sets the pace."""

    def __init__(self, tables: TableStore, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock
        self._away_until = clock.now()

    def read(self, tenant_id: str, key: str) -> QuotaState:
        """Return the current state; an empty one if none is stored."""
        return (
            self._with_store(lambda: _state_of(self._tables.get(QUOTAS_TABLE, tenant_id, key)), tenant_id)
            or QuotaState()
        )

    def change(self, tenant_id: str, key: str, how: Callable[[QuotaState], tuple[QuotaState, T]]) -> T | None:
        """Change the state and return the result of `how`; None if it could not be stored.

        If another instance changed the state meanwhile, `how` is called again.
        """
        return self._with_store(lambda: self._change(tenant_id, key, how), tenant_id)

    def _with_store(self, work: Callable[[], T | None], tenant_id: str) -> T | None:
        if self._clock.now() < self._away_until:
            return None
        try:
            return work()
        except (StoreUnavailable, ConfigurationError) as error:
            self._away_until = self._clock.now() + timedelta(seconds=STORE_PAUSE_SECONDS)
            log_event(log, Event.QUOTA_STATE_UNAVAILABLE, error, level=logging.WARNING, tenant=tenant_id)
            return None

    def _change(self, tenant_id: str, key: str, how: Callable[[QuotaState], tuple[QuotaState, T]]) -> T | None:
        for _ in range(TRIES):
            found = self._tables.get(QUOTAS_TABLE, tenant_id, key)
            state, result = how(_state_of(found))
            try:
                self._store(Record(tenant_id, key, _values_of(state), self._clock.now() + KEPT_FOR), found)
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


def _values_of(state: QuotaState) -> dict[str, str]:
    """Return the state as texts; uses and reservations apart: a text has at most 32,768 characters."""
    uses = [[round(use.at, 2), use.units, use.scope] for use in state.uses]
    reservations = [
        [round(reservation.at, 2), reservation.units, reservation.scope, reservation.work]
        for reservation in state.reservations
    ]
    rest = {"closed_until": state.closed_until, "scopes_closed": state.scopes_closed, "refusals": state.refusals}
    return {
        name: json.dumps(value, separators=(",", ":"))
        for name, value in {"uses": uses, "reservations": reservations, "rest": rest}.items()
    }


def _state_of(record: Record | None) -> QuotaState:
    if record is None:
        return QuotaState()
    values = {name: json.loads(value) for name, value in record.values.items()}
    return QuotaState(
        tuple(QuotaUse(*use) for use in values["uses"]),
        tuple(Reservation(*reservation) for reservation in values["reservations"]),
        values["rest"]["closed_until"],
        tuple((scope, until) for scope, until in values["rest"]["scopes_closed"]),
        values["rest"]["refusals"],
    )
