"""Sessions of customers' browsers: they end eight hours after sign-in, or unused after two, and can be revoked."""

from datetime import datetime, timedelta

from shared.core.clock import Clock
from shared.core.models import Session
from shared.core.periods import SESSION_HOURS
from shared.identity.id_token import Identity
from shared.identity.session_records import (
    SECRET,
    SESSIONS_TABLE,
    OpenSession,
    SessionKind,
    SessionRecords,
    key_of,
    new_secret,
)
from shared.table_storage.store import TableStore

__all__ = ["IDLE_MINUTES", "SECRET", "SESSIONS_TABLE", "SESSION_HOURS", "Sessions", "key_of", "new_secret"]

IDLE_MINUTES = 120
"""A customer reads only its own data, and may leave a page open while a scan runs."""

KIND = SessionKind("session", "signed-out", timedelta(minutes=IDLE_MINUTES))


class Sessions:
    """The store of customers' sessions."""

    def __init__(self, tables: TableStore, clock: Clock) -> None:
        self._records = SessionRecords(KIND, tables, clock)

    def create(self, identity: Identity) -> str:
        """Start a session; return the cookie's value."""
        values = {
            "tenant_id": identity.tenant_id,
            "user_object_id": identity.user_object_id,
            "username": identity.username,
        }
        return self._records.create(_owner(identity.tenant_id, identity.user_object_id), values)

    def get(self, cookie_value: str | None, *, is_use: bool = True) -> Session | None:
        """Return the session of this cookie, or None if it has ended. A poll by a script is not a use."""
        record = self._records.get(cookie_value, is_use=is_use)
        if record is None:
            return None
        values = record.values
        created_at = datetime.fromisoformat(values["created_at"])
        return Session(values["tenant_id"], values["user_object_id"], values["username"], created_at, record.expires_at)

    def of_user(self, tenant_id: str, user_object_id: str) -> list[OpenSession]:
        """Return the user's open sessions, the latest use first."""
        return self._records.of_owner(_owner(tenant_id, user_object_id))

    def revoke(self, cookie_value: str | None) -> None:
        """End one session, if it exists."""
        self._records.revoke(cookie_value)

    def end(self, tenant_id: str, user_object_id: str, key: str) -> bool:
        """End the session of this key if it is the user's; return whether it was."""
        return self._records.end(_owner(tenant_id, user_object_id), key)

    def revoke_all(self, tenant_id: str, user_object_id: str) -> None:
        """End every session of this user that has started until now, in all browsers."""
        self._records.revoke_all(_owner(tenant_id, user_object_id))


def _owner(tenant_id: str, user_object_id: str) -> str:
    return f"{tenant_id}.{user_object_id}"
