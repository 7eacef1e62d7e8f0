"""The records of sessions, for customers and operators alike: time limits, the list of a user's, ending them."""

import contextlib
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.core.clock import Clock
from shared.core.periods import SESSION_HOURS
from shared.table_storage.store import AlreadyExists, Changed, Record, TableStore

SESSIONS_TABLE = "sessions"

USE_NOTED_MINUTES = 5
"""A use is noted at most so often, to write little: a session can end so much earlier than its idle limit says."""

TRIES = 5
"""Attempts to store when a user's sessions ended: each failure is a concurrent write by another browser."""

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
"""The format of `new_secret`: 256 bits that the Functions host passes on unchanged."""

SESSION_KEY = re.compile(r"[0-9a-f]{64}")


def new_secret() -> str:
    """Return an unguessable value for a cookie or a state."""
    return secrets.token_urlsafe(32)


def key_of(secret: str) -> str:
    """Return the key of a secret's record: a hash, so that table contents cannot be used to sign in."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class SessionKind:
    """The partitions of one kind of session. `signed_out` holds when all sessions of a user were ended."""

    sessions: str
    signed_out: str
    idle: timedelta

    def of(self, owner: str) -> str:
        """Return the partition that lists the sessions of one user."""
        return f"{self.sessions}-of.{owner}"


@dataclass(frozen=True)
class OpenSession:
    """A session in its user's list. `key` is a hash of the cookie: it names the session and opens nothing."""

    key: str
    started_at: datetime
    used_at: datetime
    expires_at: datetime


class SessionRecords:
    """The store of one kind of session. `owner` is the user's key; neither kind's cookie is valid in the other."""

    def __init__(self, kind: SessionKind, tables: TableStore, clock: Clock) -> None:
        self._kind = kind
        self._tables = tables
        self._clock = clock

    def create(self, owner: str, values: Mapping[str, str]) -> str:
        """Start a session; return the cookie's value. The entry in the list is first: an ended session may be in it."""
        now = self._clock.now()
        ends = now + timedelta(hours=SESSION_HOURS)
        cookie_value = new_secret()
        key = key_of(cookie_value)
        times = {"created_at": now.isoformat(), "used_at": now.isoformat()}
        self._tables.insert(SESSIONS_TABLE, Record(self._kind.of(owner), key, {}, ends))
        self._tables.insert(SESSIONS_TABLE, Record(self._kind.sessions, key, {**values, **times, "owner": owner}, ends))
        return cookie_value

    def get(self, cookie_value: str | None, *, is_use: bool = True) -> Record | None:
        """Return the session of this cookie, or None if it has ended; note the use, unless a script only polls."""
        if cookie_value is None or not SECRET.fullmatch(cookie_value):
            return None
        record = self._valid(key_of(cookie_value))
        if record is not None and is_use:
            self._note_use(record)
        return record

    def put(self, record: Record, changes: Mapping[str, str]) -> None:
        """Change values of a session; the time at which it ends stays. Raises Changed."""
        self._tables.replace(SESSIONS_TABLE, replace(record, values={**record.values, **changes}))

    def of_owner(self, owner: str) -> list[OpenSession]:
        """Return the open sessions of a user, the latest use first."""
        listed = self._tables.list(SESSIONS_TABLE, self._kind.of(owner))
        found = [record for each in listed if (record := self._valid(each.key)) is not None]
        return sorted(map(_open_session, found), key=lambda one: one.used_at, reverse=True)

    def revoke(self, cookie_value: str | None) -> None:
        """End one session, if it exists."""
        if cookie_value is not None and SECRET.fullmatch(cookie_value):
            key = key_of(cookie_value)
            record = self._tables.get(SESSIONS_TABLE, self._kind.sessions, key)
            self._delete(record.values["owner"] if record else None, key)

    def end(self, owner: str, key: str) -> bool:
        """End the session of this key if it is the owner's; return whether it was."""
        record = self._tables.get(SESSIONS_TABLE, self._kind.sessions, key) if SESSION_KEY.fullmatch(key) else None
        if record is None or record.values["owner"] != owner:
            return False
        self._delete(owner, key)
        return True

    def revoke_all(self, owner: str) -> None:
        """End every session of this user that has started until now, in all browsers, and delete their records.

        An earlier end time is replaced, never deleted first: in between, the sessions would be valid again.
        """
        now = self._clock.now()
        record = Record(self._kind.signed_out, owner, {"at": now.isoformat()}, now + timedelta(hours=SESSION_HOURS))
        if not any(self._note_end(record, now) for _ in range(TRIES)):
            raise Changed("when a user's sessions ended")
        for listed in list(self._tables.list(SESSIONS_TABLE, self._kind.of(owner))):
            if not self._is_later(listed.key, now):
                self._delete(owner, listed.key)

    def _valid(self, key: str) -> Record | None:
        record = self._tables.get(SESSIONS_TABLE, self._kind.sessions, key)
        now = self._clock.now()
        if record is None or record.expires_at <= now or now - _used_at(record) >= self._kind.idle:
            return None
        return None if self._ended_all_after(record) else record

    def _is_later(self, key: str, moment: datetime) -> bool:
        record = self._tables.get(SESSIONS_TABLE, self._kind.sessions, key)
        return record is not None and _created_at(record) > moment

    def _note_use(self, record: Record) -> None:
        """Note when the session was used. A concurrent write is a use too, or the session's end."""
        now = self._clock.now()
        if now - _used_at(record) >= timedelta(minutes=USE_NOTED_MINUTES):
            with contextlib.suppress(Changed):
                self.put(record, {"used_at": now.isoformat()})

    def _delete(self, owner: str | None, key: str) -> None:
        for partition in (self._kind.sessions, *([self._kind.of(owner)] if owner else [])):
            with contextlib.suppress(Changed):
                self._tables.delete(SESSIONS_TABLE, partition, key)

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

    def _ended_all_after(self, record: Record) -> bool:
        ended = self._tables.get(SESSIONS_TABLE, self._kind.signed_out, record.values["owner"])
        return ended is not None and _created_at(record) <= datetime.fromisoformat(ended.values["at"])


def _created_at(record: Record) -> datetime:
    return datetime.fromisoformat(record.values["created_at"])


def _used_at(record: Record) -> datetime:
    return datetime.fromisoformat(record.values["used_at"])


def _open_session(record: Record) -> OpenSession:
    return OpenSession(record.key, _created_at(record), _used_at(record), record.expires_at)
