"""The state of the simulated Entra and Graph across restarts, in one SQLite file."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS scope_grants (tenant_id TEXT, object_id TEXT, scope TEXT,
                                         PRIMARY KEY (tenant_id, object_id, scope));
CREATE TABLE IF NOT EXISTS tenant_grants (tenant_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS codes (code TEXT PRIMARY KEY, grant_json TEXT NOT NULL, expires_at REAL NOT NULL,
                                  redeemed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS refresh_tokens (token TEXT PRIMARY KEY, grant_json TEXT NOT NULL, issued_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS refusals (username TEXT PRIMARY KEY, code INTEGER NOT NULL, since REAL NOT NULL);
CREATE TABLE IF NOT EXISTS issued (value TEXT PRIMARY KEY, kind TEXT NOT NULL, username TEXT);
CREATE TABLE IF NOT EXISTS mails (id INTEGER PRIMARY KEY, sender TEXT, message_json TEXT, received_at REAL);
"""


class State:
    """The file, shared by all threads through one connection and one lock."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._lock = threading.RLock()
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def _one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        with self._lock:
            row: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
            return row

    def _run(self, sql: str, *values: object) -> int:
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def setting(self, name: str, make: Callable[[], str]) -> str:
        """The stored value; made and stored at the first call."""
        with self._transaction() as connection:
            row = connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
            if row is None:
                row = (make(),)
                connection.execute("INSERT INTO settings VALUES (?, ?)", (name, row[0]))
        return str(row[0])

    # Consent

    def grant(self, tenant_id: str, object_id: str, scopes: Sequence[str]) -> None:
        """Record the user's consent to these scopes."""
        for scope in scopes:
            self._run("INSERT OR IGNORE INTO scope_grants VALUES (?, ?, ?)", tenant_id, object_id, scope)

    def grant_for_tenant(self, tenant_id: str) -> None:
        self._run("INSERT OR IGNORE INTO tenant_grants VALUES (?)", tenant_id)

    def is_granted(self, tenant_id: str, object_id: str, scopes: Sequence[str]) -> bool:
        """Whether the user, or an administrator for all, has consented to each of these scopes."""
        if self._one("SELECT 1 FROM tenant_grants WHERE tenant_id = ?", tenant_id):
            return True
        sql = "SELECT 1 FROM scope_grants WHERE (tenant_id, object_id, scope) = (?, ?, ?)"
        return all(self._one(sql, tenant_id, object_id, scope) is not None for scope in scopes)

    def withdraw(self, tenant_id: str, object_id: str) -> None:
        """Remove the user's consent, and the tenant's, which includes it."""
        self._run("DELETE FROM scope_grants WHERE (tenant_id, object_id) = (?, ?)", tenant_id, object_id)
        self._run("DELETE FROM tenant_grants WHERE tenant_id = ?", tenant_id)

    # Authorization codes and refresh tokens

    def add_code(self, code: str, grant: dict[str, Any], expires_at: float) -> None:
        self._run(
            "INSERT INTO codes (code, grant_json, expires_at) VALUES (?, ?, ?)", code, json.dumps(grant), expires_at
        )

    def code(self, code: str) -> tuple[dict[str, Any], float, bool] | None:
        """(grant, expiry, whether it was redeemed before), or None."""
        row = self._one("SELECT grant_json, expires_at, redeemed FROM codes WHERE code = ?", code)
        return None if row is None else (json.loads(row[0]), row[1], bool(row[2]))

    def redeem(self, code: str) -> bool:
        """Mark the code as redeemed; False if it was already."""
        return self._run("UPDATE codes SET redeemed = 1 WHERE code = ? AND redeemed = 0", code) == 1

    def add_refresh_token(self, token: str, grant: dict[str, Any], issued_at: float) -> None:
        self._run("INSERT INTO refresh_tokens VALUES (?, ?, ?)", token, json.dumps(grant), issued_at)

    def refresh_token(self, token: str) -> tuple[dict[str, Any], float] | None:
        row = self._one("SELECT grant_json, issued_at FROM refresh_tokens WHERE token = ?", token)
        return None if row is None else (json.loads(row[0]), row[1])

    # Refusals of a user's refresh tokens

    def refuse(self, username: str, code: int, since: float) -> None:
        self._run("INSERT OR REPLACE INTO refusals VALUES (?, ?, ?)", username, code, since)

    def refusal(self, username: str) -> tuple[int, float] | None:
        """(AADSTS code, since when): refresh tokens issued earlier are refused with it."""
        return self._one("SELECT code, since FROM refusals WHERE username = ?", username)

    # Secrets that were issued, for a test that looks for leaks

    def record_issued(self, kind: str, value: str, username: str | None) -> None:
        self._run("INSERT OR IGNORE INTO issued VALUES (?, ?, ?)", value, kind, username)

    def issued(self) -> list[dict[str, str | None]]:
        rows = self._all("SELECT kind, value, username FROM issued ORDER BY rowid")
        return [{"kind": kind, "value": value, "username": username} for kind, value, username in rows]

    # Mail

    def add_mail(self, sender: str, message: dict[str, Any], received_at: float) -> None:
        self._run(
            "INSERT INTO mails (sender, message_json, received_at) VALUES (?, ?, ?)",
            sender,
            json.dumps(message),
            received_at,
        )

    def mails(self) -> list[tuple[str, dict[str, Any], float]]:
        """(sender, message, moment), newest first."""
        rows = self._all("SELECT sender, message_json, received_at FROM mails ORDER BY id DESC")
        return [(sender, json.loads(message), at) for sender, message, at in rows]
