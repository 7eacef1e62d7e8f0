"""Provide access tokens for scans: obtained with the stored refresh token, kept in memory only."""

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.core.clock import Clock
from shared.core.errors import (
    SIGN_IN_AGAIN,
    CaletaError,
    ClaimsChallenge,
    ConfigurationError,
    ConsentRevoked,
    EntraUnavailable,
)
from shared.core.models import Connection, ConnectionState
from shared.core.periods import MAX_TOKEN_MINUTES
from shared.identity import claims as challenges
from shared.identity.entra import EntraClient
from shared.identity.failures import EntraRefused, OAuthErrorResponse, Remedy, reason_of, remedy_of
from shared.identity.vault import TokenVault
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.sql.engine.engine import Database
from shared.sql.scans.connections import Connections

EXPIRY_MARGIN = timedelta(seconds=120)
"""A token is not used in its last two minutes, so that no request outlives it."""

USERS_REMEMBERED = 2_000

log = logging.getLogger("caleta.identity")


@dataclass
class _CachedToken:
    """One user's token in this process. The lock allows one refresh at a time."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    access_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None


class TokenBroker:
    """Provides the tokens of customers' users. Thread-safe."""

    def __init__(self, entra: EntraClient, database: Database, vault: TokenVault, clock: Clock) -> None:
        self._entra = entra
        self._connections = Connections(database)
        self._vault = vault
        self._clock = clock
        self._users: dict[tuple[str, str], _CachedToken] = {}
        self._lock = threading.Lock()

    def for_user(self, tenant_id: str, user_object_id: str) -> "UserTokens":
        """Return the tokens of one user for one piece of work; create a new object for the next."""
        return UserTokens(self, tenant_id, user_object_id)

    def forget(self, tenant_id: str, user_object_id: str) -> None:
        """Drop the user's token from this process."""
        with self._lock:
            self._users.pop((tenant_id, user_object_id), None)

    def token(
        self, tenant_id: str, user_object_id: str, other_than: str | None, claims_challenge: str | None, check: bool
    ) -> str:
        """Return a token other than `other_than`; `check` verifies the consent even if a token is cached."""
        user = self._user(tenant_id, user_object_id)
        with user.lock:
            connection = self._active_connection(tenant_id, user_object_id) if check else None
            cached = self._cached_token(user)
            if cached and cached != other_than and claims_challenge is None:
                return cached
            connection = connection or self._active_connection(tenant_id, user_object_id)
            return self._refresh(user, connection, claims_challenge)

    def require_sign_in(self, tenant_id: str, user_object_id: str, error: ClaimsChallenge) -> None:
        """End a consent whose tokens Azure no longer accepts; store the challenge for the next sign-in."""
        log_event(log, Event.CHALLENGE_UNMET, error.code, level=logging.WARNING, tenant=tenant_id)
        self.forget(tenant_id, user_object_id)
        kept = challenges.usable_challenge(error.claims)
        self._connections.require_sign_in(tenant_id, user_object_id, error.reason, kept, at=self._clock.now())

    def _user(self, tenant_id: str, user_object_id: str) -> _CachedToken:
        with self._lock:
            if len(self._users) >= USERS_REMEMBERED:
                self._users = {key: user for key, user in self._users.items() if self._cached_token(user)}
            return self._users.setdefault((tenant_id, user_object_id), _CachedToken())

    def _cached_token(self, user: _CachedToken) -> str | None:
        is_fresh = user.expires_at is not None and self._clock.now() + EXPIRY_MARGIN < user.expires_at
        return user.access_token if is_fresh else None

    def _active_connection(self, tenant_id: str, user_object_id: str) -> Connection:
        connection = self._connections.get(tenant_id, user_object_id)
        if connection is None or connection.state is ConnectionState.DISCONNECTED:
            self.forget(tenant_id, user_object_id)
            raise ConsentRevoked("disconnected", "You disconnected.")
        if connection.state is not ConnectionState.ACTIVE or connection.refresh_token_encrypted is None:
            self.forget(tenant_id, user_object_id)
            raise ConsentRevoked("sign_in_needed", connection.state_reason or SIGN_IN_AGAIN)
        return connection

    def _refresh(self, user: _CachedToken, connection: Connection, claims_challenge: str | None) -> str:
        refresh_token = self._vault.decrypt(connection.refresh_token_encrypted or b"")
        wanted = challenges.usable_challenge(claims_challenge)
        try:
            tokens = self._entra.refresh(connection.tenant_id, refresh_token, wanted)
        except EntraRefused as error:
            raise self._error_for(connection, error.response, wanted) from None
        if tokens.refresh_token and tokens.refresh_token != refresh_token:
            self._keep_refresh_token(connection, tokens.refresh_token)
        user.access_token = tokens.access_token
        life = timedelta(seconds=tokens.expires_in_seconds)
        user.expires_at = self._clock.now() + min(life, timedelta(minutes=MAX_TOKEN_MINUTES))
        return tokens.access_token

    def _keep_refresh_token(self, connection: Connection, refresh_token: str) -> None:
        """Store the newer token; if the consent changed meanwhile, only check that it is still active.

        Entra does not revoke a refresh token when it is used, so either token works.
        https://learn.microsoft.com/entra/identity-platform/refresh-tokens
        """
        encrypted = self._vault.encrypt(refresh_token)
        tenant_id, user_object_id = connection.tenant_id, connection.user_object_id
        if not self._connections.replace_refresh_token(tenant_id, user_object_id, encrypted, connection.version):
            self._active_connection(tenant_id, user_object_id)

    def _error_for(self, connection: Connection, response: OAuthErrorResponse, wanted: str | None) -> CaletaError:
        """Return the error for a refusal; only one that a sign-in can fix changes the customer's consent."""
        remedy = remedy_of(response)
        names = {"tenant": connection.tenant_id, "remedy": remedy}
        log_event(log, Event.REFRESH_REFUSED, response.label, level=logging.WARNING, about=names)
        if remedy is Remedy.RETRY:
            return EntraUnavailable(response.label)
        if remedy is Remedy.FIX_OUR_SETTINGS:
            return ConfigurationError(f"Entra refuses this application: {response.label}")
        kept, reason = challenges.both(wanted, response.claims), reason_of(response)
        if not self._end_consent(connection, reason, kept):
            return EntraUnavailable("the user consented again meanwhile")
        return ClaimsChallenge(response.label, kept, reason) if kept else ConsentRevoked(response.label, reason)

    def _end_consent(self, connection: Connection, reason: str, claims_challenge: str | None) -> bool:
        """Delete the refused token; return False if the user signed in again meanwhile."""
        tenant_id, user_object_id = connection.tenant_id, connection.user_object_id
        self.forget(tenant_id, user_object_id)
        now_stored = self._connections.get(tenant_id, user_object_id)
        if now_stored is None or now_stored.consented_at != connection.consented_at:
            return now_stored is None
        self._connections.require_sign_in(tenant_id, user_object_id, reason, claims_challenge, at=self._clock.now())
        return True


class UserTokens:
    """The tokens of one user for one piece of work: the ARM client's TokenSource."""

    def __init__(self, broker: TokenBroker, tenant_id: str, user_object_id: str) -> None:
        self._broker = broker
        self._tenant_id = tenant_id
        self._user_object_id = user_object_id
        self._last: str | None = None

    def access_token(self, *, renew: bool = False, claims_challenge: str | None = None) -> str:
        """Return a token; before the first one, check that the consent is still active.

        `renew` requests another token than the last. `claims_challenge` is the decoded JSON.
        Raises ConsentRevoked, ClaimsChallenge, EntraUnavailable, ConfigurationError.
        """
        self._last = self._broker.token(
            self._tenant_id,
            self._user_object_id,
            other_than=self._last if renew else None,
            claims_challenge=claims_challenge,
            check=self._last is None,
        )
        return self._last

    def challenge_not_met(self, claims_challenge: str) -> ClaimsChallenge:
        """Require a new sign-in because a new token was challenged too; return the error to raise."""
        error = ClaimsChallenge("insufficient_claims", claims_challenge)
        self._broker.require_sign_in(self._tenant_id, self._user_object_id, error)
        return error
