"""Finding a customer whom an operator has to answer: by tenant id or by a user's name, for administrators alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from shared.core.models import ConnectionState
from shared.sql.engine.engine import Database
from shared.sql.engine.lists import any_of
from shared.sql.engine.retries import whole_transaction
from shared.sql.reviews.customer_search import found_customers, held_customers
from shared.sql.schema.record_tables import audit_events, purges
from shared.sql.schema.tables import connections, scans


@dataclass(frozen=True)
class CustomerUser:
    """A user with a consent or with scans; without a consent there is no name."""

    tenant_id: str
    user_object_id: str
    username: str | None
    state: ConnectionState | None
    consented_at: datetime | None
    scans: int
    last_scan_at: datetime | None


class Customers:
    """Reads across customers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole_transaction
    def find(self, text: str) -> dict[str, list[CustomerUser]]:
        """The users by tenant id; no user where only records are left. At most MAX_CUSTOMERS, of which more fit.

        `text` is the beginning of a tenant id, of a user's name or of its domain; empty: the customers of whom
        something is held.
        """
        with self._database.system_reading() as connection:
            tenants = found_customers(connection, text) if text.strip() else held_customers(connection)
            users = _users(connection, tenants)
        return {tenant: [user for user in users if user.tenant_id == tenant] for tenant in tenants}

    @whole_transaction
    def is_known(self, tenant_id: str) -> bool:
        """Whether anything is held or on record of this customer."""
        tables = (connections, scans, purges, audit_events)
        with self._database.reading(tenant_id) as connection:
            found = (select(table.c.tenant_id).where(table.c.tenant_id == tenant_id).limit(1) for table in tables)
            return any(connection.execute(statement).first() for statement in found)

    @whole_transaction
    def users(self, tenant_id: str) -> list[CustomerUser]:
        """The users of one customer."""
        with self._database.reading(tenant_id) as connection:
            return _users(connection, [tenant_id])

    @whole_transaction
    def names(self, tenants: Sequence[str]) -> dict[str, str]:
        """By tenant id, the names of its users in one line; those without any are left out."""
        if not tenants:
            return {}
        with self._database.system_reading() as connection:
            users = _users(connection, tenants)
        named: dict[str, list[str]] = {}
        for user in users:
            if user.username:
                named.setdefault(user.tenant_id, []).append(user.username)
        return {tenant: ", ".join(names) for tenant, names in named.items()}


def _users(connection: Connection, tenants: Sequence[str]) -> list[CustomerUser]:
    """By name; those without a consent last."""
    found: dict[tuple[str, str], CustomerUser] = {}
    for row in connection.execute(_consents(tenants)):
        key = (row.tenant_id, row.user_object_id)
        found[key] = CustomerUser(*key, row.username, ConnectionState(row.state), row.consented_at, 0, None)
    for row in connection.execute(_scanned(tenants)):
        key = (row.tenant_id, row.user_object_id)
        user = found.get(key, CustomerUser(*key, None, None, None, 0, None))
        found[key] = replace(user, scans=row.number, last_scan_at=row.latest)
    return sorted(found.values(), key=lambda user: (user.username is None, user.username or "", user.user_object_id))


def _consents(tenants: Sequence[str]) -> Select[Any]:
    columns = connections.c
    wanted = (columns.tenant_id, columns.user_object_id, columns.username, columns.state, columns.consented_at)
    return select(*wanted).where(any_of(columns.tenant_id, tenants))


def _scanned(tenants: Sequence[str]) -> Select[Any]:
    owner = (scans.c.tenant_id, scans.c.user_object_id)
    latest = func.max(scans.c.requested_at).label("latest")
    return (
        select(*owner, func.count().label("number"), latest).where(any_of(scans.c.tenant_id, tenants)).group_by(*owner)
    )
