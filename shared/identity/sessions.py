"""Sessions of signed-in browsers: they end eight hours after sign-in and can be revoked."""

import contextlib
import hashlib
import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.clock import Clock
from shared.core.models import Session
from shared.identity.id_token import Identity
from shared.table_storage.store import AlreadyExists, Changed, Record, TableStore

SESSION_HOURS = 8
SESSIONS_TABLE = "sessions"

TRIES = 5
"""Attempts to store when a user's sessions ended: each failure is a concurrent write by another browser."""

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
"""The format of `new_secret`: 256 bits that the Functions host passes on unchanged."""

SESSIONS = "session"
SIGNED_OUT = "signed-out"
"""The two kinds of record: a session, and the time at which all sessions of a user were ended."""


def new_secret() -> str:
    """Return an unguessable value for a cookie or a state."""
    return secrets.token_urlsafe(32)


def key_of(secret: str) -> str:
    """Return the key of a secret's record: a hash, so that table contents cannot be used to sign in."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Sessions:
    """The store of sessions."""

    def __init__(self, tables: TableStore, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def create(self, identity: Identity) -> str:
        """Start a session; return the cookie's value."""
        now = self._clock.now()
        cookie_value = new_secret()
        values = {
            "tenant_id": identity.tenant_id,
            "user_object_id": identity.user_object_id,
            "username": identity.username,
            "created_at": now.isoformat(),
        }
        ends = now + timedelta(hours=SESSION_HOURS)
        self._tables.insert(SESSIONS_TABLE, Record(SESSIONS, key_of(cookie_value), values, ends))
        return cookie_value

    def get(self, cookie_value: str | None) -> Session | None:
        """Return the session of this cookie, or None if it has ended."""
        if cookie_value is None or not SECRET.fullmatch(cookie_value):
            return None
        record = self._tables.get(SESSIONS_TABLE, SESSIONS, key_of(cookie_value))
        if record is None or record.expires_at <= self._clock.now():
            return None
        created_at = datetime.fromisoformat(record.values["created_at"])
        tenant_id, user_object_id = record.values["tenant_id"], record.values["user_object_id"]
        if self._ended_all_after(tenant_id, user_object_id, created_at):
            return None
        return Session(tenant_id, user_object_id, record.values["username"], created_at, record.expires_at)

    def revoke(self, cookie_value: str | None) -> None:
        """End one session, if it exists."""
        if cookie_value is not None and SECRET.fullmatch(cookie_value):
            with contextlib.suppress(Changed):
                self._tables.delete(SESSIONS_TABLE, SESSIONS, key_of(cookie_value))

    def revoke_all(self, tenant_id: str, user_object_id: str) -> None:
        """End every session of this user that has started until now, in all browsers.

        An earlier end time is replaced, never deleted first: in between, the sessions would be valid again.
        """
        now = self._clock.now()
        key = _user_key(tenant_id, user_object_id)
        record = Record(SIGNED_OUT, key, {"at": now.isoformat()}, now + timedelta(hours=SESSION_HOURS))
        if not any(self._note_end(record, now) for _ in range(TRIES)):
            raise Changed("when a user's sessions ended")

    def _note_end(self, record: Record, now: datetime) -> bool:
        """Store the end time; return False after a concurrent write, so that the caller compares again."""
        known = self._tables.get(SESSIONS_TABLE, record.partition, record.key)
        try:
            if known is None:
                self._tables.insert(SESSIONS_TABLE, record)
            elif datetime.fromisoformat(known.values["at"]) < now:
                self._tables.replace(SESSIONS_TABLE, replace(record, etag=known.etag))
        except (AlreadyExists, Changed):
            return False
        return True

    def _ended_all_after(self, tenant_id: str, user_object_id: str, created_at: datetime) -> bool:
        record = self._tables.get(SESSIONS_TABLE, SIGNED_OUT, _user_key(tenant_id, user_object_id))
        return record is not None and created_at <= datetime.fromisoformat(record.values["at"])


def _user_key(tenant_id: str, user_object_id: str) -> str:
    return f"{tenant_id}.{user_object_id}"
