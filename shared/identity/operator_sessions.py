"""Operators' sessions: like customers', in a separate partition, with the roles of the sign-in."""

import contextlib
from datetime import datetime, timedelta

from shared.core.clock import Clock
from shared.core.operators import Operator, Role
from shared.identity.id_token import Identity
from shared.identity.sessions import SECRET, SESSION_HOURS, SESSIONS_TABLE, key_of, new_secret
from shared.table_storage.store import Changed, Record, TableStore

OPERATOR_SESSIONS = "operator-session"
"""The partition: neither a customer's nor an operator's cookie is valid in the other's."""


class OperatorSessions:
    """The store of sessions. Each ends after eight hours, so a removed role is lost by then."""

    def __init__(self, tables: TableStore, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def create(self, identity: Identity, roles: frozenset[Role]) -> str:
        """Start a session; return the cookie's value."""
        now = self._clock.now()
        cookie_value = new_secret()
        values = {
            "object_id": identity.user_object_id,
            "username": identity.username,
            "roles": ",".join(sorted(roles)),
            "created_at": now.isoformat(),
        }
        ends = now + timedelta(hours=SESSION_HOURS)
        self._tables.insert(SESSIONS_TABLE, Record(OPERATOR_SESSIONS, key_of(cookie_value), values, ends))
        return cookie_value

    def get(self, cookie_value: str | None) -> Operator | None:
        """Return the operator of this cookie, or None if the session has ended."""
        if cookie_value is None or not SECRET.fullmatch(cookie_value):
            return None
        record = self._tables.get(SESSIONS_TABLE, OPERATOR_SESSIONS, key_of(cookie_value))
        if record is None or record.expires_at <= self._clock.now():
            return None
        values = record.values
        roles = frozenset(map(Role, filter(None, values["roles"].split(","))))
        created_at = datetime.fromisoformat(values["created_at"])
        return Operator(values["object_id"], values["username"], roles, created_at, record.expires_at)

    def revoke(self, cookie_value: str | None) -> None:
        """End one session, if it exists."""
        if cookie_value is not None and SECRET.fullmatch(cookie_value):
            with contextlib.suppress(Changed):
                self._tables.delete(SESSIONS_TABLE, OPERATOR_SESSIONS, key_of(cookie_value))
