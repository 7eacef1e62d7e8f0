"""Operators' sessions: like customers', in a partition of their own, with the roles of the sign-in."""

import contextlib
from datetime import datetime, timedelta

from shared.core.clock import Clock
from shared.core.operators import Operator, Role
from shared.identity.id_token import Identity
from shared.identity.sessions import SECRET, SESSION_HOURS, SESSIONS_TABLE, key_of, new_secret
from shared.table_storage.store import Changed, Record, TableStore

OPERATOR_SESSIONS = "operator-session"
"""The partition: a customer's cookie finds nothing in it, nor an operator's in the customers'."""


class OperatorSessions:
    """Where they are kept. They end after eight hours, whatever happens: a role taken away is gone by then."""

    def __init__(self, tables: TableStore, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def create(self, identity: Identity, roles: frozenset[Role]) -> str:
        """Begins a session; the cookie's value."""
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
        """The operator of this cookie, unless the session has ended."""
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
        """Ends one session; nothing happens if there is none."""
        if cookie_value is not None and SECRET.fullmatch(cookie_value):
            with contextlib.suppress(Changed):
                self._tables.delete(SESSIONS_TABLE, OPERATOR_SESSIONS, key_of(cookie_value))
