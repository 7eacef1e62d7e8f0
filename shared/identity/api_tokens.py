"""Tokens with which a user's own programs read that user's data: hashed, at most 90 days, revocable."""

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.core.clock import Clock
from shared.core.models import Session
from shared.core.periods import API_TOKEN_DAYS
from shared.identity.session_records import SECRET, SESSION_KEY, key_of, new_secret
from shared.table_storage.store import Changed, Record, TableStore

API_TOKENS_TABLE = "apitokens"
PREFIX = "caleta_"
"""What a token begins with, so that secret scanners know it."""

BY_HASH = "token"
MAX_NAME_CHARACTERS = 60
TOKENS_PER_USER = 10
USE_NOTED = timedelta(minutes=5)


@dataclass(frozen=True)
class ApiToken:
    """A token in its user's list. `key` is a hash: it names the token and opens nothing."""

    key: str
    name: str
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime


class ApiTokens:
    """The store of tokens."""

    def __init__(self, tables: TableStore, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def create(self, session: Session, name: str, days: int) -> str:
        """Return a new token; it is not stored and cannot be shown again. Raises ValueError for a wrong time."""
        if not 1 <= days <= API_TOKEN_DAYS:
            raise ValueError("a token is valid for 1 to 90 days")
        now, token = self._clock.now(), PREFIX + new_secret()
        key, ends, owner = key_of(token), now + timedelta(days=days), _owner(session.tenant_id, session.user_object_id)
        values = {
            "tenant_id": session.tenant_id,
            "user_object_id": session.user_object_id,
            "username": session.username,
            "name": name[:MAX_NAME_CHARACTERS],
            "created_at": now.isoformat(),
            "used_at": "",
        }
        self._tables.insert(API_TOKENS_TABLE, Record(owner, key, {}, ends))
        self._tables.insert(API_TOKENS_TABLE, Record(BY_HASH, key, values, ends))
        return token

    def session(self, unverified_token: str) -> Session | None:
        """Return whom the token reads for, or None if it is unknown, expired or revoked. Notes the use."""
        secret = unverified_token.removeprefix(PREFIX)
        if secret == unverified_token or not SECRET.fullmatch(secret):
            return None
        record = self._valid(key_of(unverified_token))
        if record is None:
            return None
        self._note_use(record)
        values = record.values
        created_at = datetime.fromisoformat(values["created_at"])
        return Session(values["tenant_id"], values["user_object_id"], values["username"], created_at, record.expires_at)

    def of_user(self, tenant_id: str, user_object_id: str) -> list[ApiToken]:
        """Return the user's valid tokens, newest first."""
        listed = self._tables.list(API_TOKENS_TABLE, _owner(tenant_id, user_object_id))
        found = [record for each in listed if (record := self._valid(each.key)) is not None]
        return sorted(map(_token, found), key=lambda one: one.created_at, reverse=True)

    def revoke(self, tenant_id: str, user_object_id: str, key: str) -> bool:
        """End the token of this key if it is the user's; return whether it was."""
        owner = _owner(tenant_id, user_object_id)
        known = self._tables.get(API_TOKENS_TABLE, owner, key) if SESSION_KEY.fullmatch(key) else None
        if known is None:
            return False
        self._delete(owner, key)
        return True

    def revoke_all(self, tenant_id: str, user_object_id: str) -> None:
        """End every token of this user."""
        owner = _owner(tenant_id, user_object_id)
        for record in list(self._tables.list(API_TOKENS_TABLE, owner)):
            self._delete(owner, record.key)

    def _valid(self, key: str) -> Record | None:
        record = self._tables.get(API_TOKENS_TABLE, BY_HASH, key)
        return record if record and record.expires_at > self._clock.now() else None

    def _note_use(self, record: Record) -> None:
        now, used_at = self._clock.now(), record.values["used_at"]
        if not used_at or now - datetime.fromisoformat(used_at) >= USE_NOTED:
            with contextlib.suppress(Changed):  # Another use, or the token's end.
                noted = replace(record, values={**record.values, "used_at": now.isoformat()})
                self._tables.replace(API_TOKENS_TABLE, noted)

    def _delete(self, owner: str, key: str) -> None:
        """Delete the token before its entry in the list: what is listed can be revoked again."""
        for partition in (BY_HASH, owner):
            with contextlib.suppress(Changed):
                self._tables.delete(API_TOKENS_TABLE, partition, key)


def _owner(tenant_id: str, user_object_id: str) -> str:
    return f"of.{tenant_id}.{user_object_id}"


def _token(record: Record) -> ApiToken:
    values = record.values
    used_at = datetime.fromisoformat(values["used_at"]) if values["used_at"] else None
    created_at = datetime.fromisoformat(values["created_at"])
    return ApiToken(record.key, values["name"], created_at, used_at, record.expires_at)
