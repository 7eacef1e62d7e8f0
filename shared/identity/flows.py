"""Pending sign-ins: each is stored for ten minutes, bound to one browser and used once."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shared.core.clock import Clock
from shared.core.periods import FLOW_MINUTES
from shared.identity.failures import SignInProblem
from shared.identity.sessions import SECRET, key_of, new_secret
from shared.identity.vault import TokenVault
from shared.table_storage.store import Changed, Record, TableStore

FLOWS_TABLE = "flows"


@dataclass(frozen=True)
class FlowStarted:
    """Where to redirect the browser, and the cookie value that binds the flow to it."""

    url: str
    cookie_value: str = field(repr=False)


class ConsentFailed(Exception):
    """The sign-in failed. `tenant` is what the user named, for links; `code` is for the log.

    `is_authenticated`: Entra issued tokens, so an account did sign in. Everything else can be forged at the
    callback by any browser that started a sign-in.
    """

    def __init__(
        self, problem: SignInProblem, code: str = "", tenant: str | None = None, *, is_authenticated: bool = False
    ) -> None:
        super().__init__(f"{problem} {code}".strip())
        self.problem = problem
        self.code = code
        self.tenant = tenant
        self.is_authenticated = is_authenticated


class SignInFlows:
    """The store of flows. Each kind has its own partition, so that one is never accepted as another."""

    def __init__(self, tables: TableStore, vault: TokenVault, clock: Clock) -> None:
        self._tables = tables
        self._vault = vault
        self._clock = clock

    def keep(self, kind: str, state: str, known: Mapping[str, Any]) -> str:
        """Store a flow, encrypted; return the value of the cookie that binds it to one browser."""
        cookie_value = new_secret()
        values = {"browser": key_of(cookie_value), "flow": self._vault.encrypt(json.dumps(known)).decode()}
        expires_at = self._clock.now() + timedelta(minutes=FLOW_MINUTES)
        self._tables.insert(FLOWS_TABLE, Record(kind, key_of(state), values, expires_at))
        return cookie_value

    def take(self, kind: str, query: Mapping[str, str], cookie_value: str | None) -> dict[str, Any]:
        """Return the flow of this callback and delete it. A call from another browser leaves it in place.

        Raises ConsentFailed.
        """
        state = query.get("state", "")
        if not SECRET.fullmatch(state):
            raise ConsentFailed(SignInProblem.INCOMPLETE_CALLBACK, "no state")
        record = self._tables.get(FLOWS_TABLE, kind, key_of(state))
        if record is None:
            raise ConsentFailed(SignInProblem.STATE_MISMATCH if cookie_value else SignInProblem.EXPIRED)
        if not hmac.compare_digest(record.values["browser"], key_of(cookie_value or "")):
            raise ConsentFailed(SignInProblem.OTHER_BROWSER)
        try:
            self._tables.delete(FLOWS_TABLE, kind, record.key, record.etag)
        except Changed:
            raise ConsentFailed(SignInProblem.EXPIRED, "used at the same moment") from None
        if record.expires_at <= self._clock.now():
            raise ConsentFailed(SignInProblem.EXPIRED)
        known: dict[str, Any] = json.loads(self._vault.decrypt(record.values["flow"].encode()))
        return known
