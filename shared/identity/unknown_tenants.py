"""Tenant names that Entra does not know, remembered for a while, so that a stranger's guesses cost no call each."""

import contextlib
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from shared.core.clock import Clock
from shared.identity.tenants import TenantNotFound
from shared.table_storage.store import AlreadyExists, Changed, Record, TableStore

REMEMBERED_MINUTES = 30
"""Short, because a tenant's domain can be registered at any time."""

SLOTS = 1024
"""Records at most: a name has one slot, and the next unknown name of that slot replaces it."""

UNKNOWN_TENANT = "unknown-tenant"
"""The partition, in the table of the flows."""


class UnknownTenants:
    """The store of unknown names, as hashes."""

    def __init__(self, table: str, tables: TableStore, clock: Clock) -> None:
        self._table = table
        self._tables = tables
        self._clock = clock

    def check(self, name: str) -> None:
        """Raise TenantNotFound if Entra did not know this name a short while ago."""
        found = self._slot(name)
        if found and found.values["name"] == _hash(name) and self._clock.now() < found.expires_at:
            raise TenantNotFound

    def remember(self, name: str) -> None:
        """Remember that Entra does not know this name. A concurrent write to the slot wins: it is only a cache."""
        expires_at = self._clock.now() + timedelta(minutes=REMEMBERED_MINUTES)
        record = Record(UNKNOWN_TENANT, _key(name), {"name": _hash(name)}, expires_at)
        known = self._slot(name)
        with contextlib.suppress(AlreadyExists, Changed):
            if known is None:
                self._tables.insert(self._table, record)
            else:
                self._tables.replace(self._table, replace(record, etag=known.etag))

    def _slot(self, name: str) -> Record | None:
        return self._tables.get(self._table, UNKNOWN_TENANT, _key(name))


def _hash(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def _key(name: str) -> str:
    return str(int(_hash(name)[:8], 16) % SLOTS)
