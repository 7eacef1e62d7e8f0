"""Operators' sessions: like customers', with a shorter idle limit and the roles of the last check."""

import contextlib
from datetime import datetime, timedelta

from shared.core.clock import Clock
from shared.core.operators import Operator, Role
from shared.identity.id_token import Identity
from shared.identity.session_records import OpenSession, SessionKind, SessionRecords
from shared.table_storage.store import Changed, Record, TableStore

OPERATOR_IDLE_MINUTES = 60

ROLES_READ_AGAIN_MINUTES = 30
"""A page of the desk is shown with roles that Entra confirmed within this time."""

KIND = SessionKind("operator-session", "operator-signed-out", timedelta(minutes=OPERATOR_IDLE_MINUTES))


class OperatorSessions:
    """The store of operators' sessions."""

    def __init__(self, tables: TableStore, clock: Clock) -> None:
        self._records = SessionRecords(KIND, tables, clock)
        self._clock = clock

    def create(self, identity: Identity, roles: frozenset[Role], signed_in_at: datetime | None = None) -> str:
        """Start a session; return the cookie's value. `signed_in_at` is Entra's `auth_time`, None if it sent none."""
        values = {"object_id": identity.user_object_id, "username": identity.username}
        return self._records.create(identity.user_object_id, {**values, **self._confirmed(roles, signed_in_at)})

    def get(self, cookie_value: str | None, *, is_use: bool = True) -> Operator | None:
        """Return the operator of this cookie, or None if the session has ended. A poll by a script is not a use."""
        record = self._records.get(cookie_value, is_use=is_use)
        return None if record is None else _operator(record)

    def confirm(
        self, cookie_value: str | None, identity: Identity, roles: frozenset[Role], signed_in_at: datetime | None
    ) -> bool:
        """Keep the roles that Entra has just confirmed; the session's end stays. False for another user's session."""
        record = self._records.get(cookie_value, is_use=False)
        if record is None or record.values["object_id"] != identity.user_object_id:
            return False
        with contextlib.suppress(Changed):
            self._records.put(record, self._confirmed(roles, signed_in_at))
        return True

    def of_operator(self, object_id: str) -> list[OpenSession]:
        """Return the operator's open sessions, the latest use first."""
        return self._records.of_owner(object_id)

    def revoke(self, cookie_value: str | None) -> None:
        """End one session, if it exists."""
        self._records.revoke(cookie_value)

    def end(self, object_id: str, key: str) -> bool:
        """End the session of this key if it is the operator's; return whether it was."""
        return self._records.end(object_id, key)

    def revoke_all(self, object_id: str) -> None:
        """End every session of this operator that has started until now, in all browsers."""
        self._records.revoke_all(object_id)

    def _confirmed(self, roles: frozenset[Role], signed_in_at: datetime | None) -> dict[str, str]:
        return {
            "roles": ",".join(sorted(roles)),
            "roles_read_at": self._clock.now().isoformat(),
            "signed_in_at": signed_in_at.isoformat() if signed_in_at else "",
        }


def _operator(record: Record) -> Operator:
    values = record.values
    return Operator(
        object_id=values["object_id"],
        username=values["username"],
        roles=frozenset(map(Role, filter(None, values["roles"].split(",")))),
        created_at=datetime.fromisoformat(values["created_at"]),
        expires_at=record.expires_at,
        roles_read_at=datetime.fromisoformat(values["roles_read_at"]),
        signed_in_at=datetime.fromisoformat(values["signed_in_at"]) if values["signed_in_at"] else None,
    )
