"""Operators' sign-in: our own tenant, a separate app registration, app roles from the ID token.

https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from shared.core.clock import Clock
from shared.core.errors import EntraUnavailable
from shared.core.operators import Role, roles_of
from shared.core.settings import Settings
from shared.identity.entra import EntraClient, Registration, Tokens
from shared.identity.failures import EntraRefused, SignInProblem, error_from_callback, problem_of
from shared.identity.flows import ConsentFailed, FlowStarted, SignInFlows
from shared.identity.id_token import CLOCK_SKEW_SECONDS, Identity, IdTokenRefused, identity_of
from shared.identity.sessions import new_secret
from shared.identity.tenants import TenantNotFound
from shared.identity.vault import TokenVault
from shared.table_storage.store import TableStore

OPERATOR_SIGN_IN = "operator-sign-in"
MAX_MOMENT = 2**33
"""In seconds since 1970: the year 2242. A larger number is no moment."""

OPERATORS = Registration(callback="/desk/callback", scopes=(), keeps_access=False)
"""Identity only: no permission and no refresh token are requested."""


SILENT_REFUSALS = {"login_required", "interaction_required", "consent_required", "account_selection_required"}
"""Entra's answers when it cannot confirm a user without showing a page.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-codes-for-authorization-endpoint-errors
"""


class SignInMode(StrEnum):
    """What Entra may ask the user: whatever it needs, nothing (to read the roles again), or the credentials anew."""

    USUAL = "usual"
    SILENT = "silent"
    FRESH = "fresh"

    @property
    def prompt(self) -> str | None:
        """Return Entra's `prompt` parameter."""
        return {SignInMode.SILENT: "none", SignInMode.FRESH: "login"}.get(self)


class SilentSignInRefused(ConsentFailed):
    """Entra cannot confirm the user without a page: signed out there, disabled, or another check is due."""


@dataclass(frozen=True)
class OperatorSignedIn:
    """A validated sign-in to our own tenant; without a role it gives no access.

    `signed_in_at` is when the user last entered credentials, None if Entra did not say;
    `return_to` is the page of the desk that asked for the sign-in.
    """

    identity: Identity
    roles: frozenset[Role]
    signed_in_at: datetime | None
    mode: SignInMode
    return_to: str


def operators_settings(settings: Settings) -> Settings:
    """Return the settings for the operators' registration: its client id and its credential."""
    return replace(
        settings,
        client_id=settings.operator_client_id,
        client_secret=settings.operator_client_secret,
        client_certificate_name="",
        client_certificate_path="",
    )


class OperatorSignIns:
    """Starts and completes operators' sign-ins."""

    def __init__(
        self, settings: Settings, entra: EntraClient, tables: TableStore, vault: TokenVault, clock: Clock
    ) -> None:
        """`settings` come from `operators_settings`; `entra` uses them with the registration OPERATORS."""
        self._settings = settings
        self._tenant_id = settings.operator_tenant_id
        self._entra = entra
        self._flows = SignInFlows(tables, vault, clock)
        self._clock = clock

    def start(
        self, mode: SignInMode = SignInMode.USUAL, return_to: str = "/desk", login_hint: str | None = None
    ) -> FlowStarted:
        """Start a sign-in. Raises ConsentFailed."""
        state = new_secret()
        try:
            begun = self._entra.begin_sign_in(self._tenant_id, state, login_hint=login_hint, prompt=mode.prompt)
        except TenantNotFound:
            raise ConsentFailed(SignInProblem.OUR_FAULT, "OPERATOR_TENANT_ID is no tenant") from None
        except EntraUnavailable as error:
            raise ConsentFailed(SignInProblem.ENTRA_DOWN, str(error)) from None
        started_at = self._clock.now().isoformat()
        known = {"flow": begun.flow, "mode": mode, "return_to": return_to, "started_at": started_at}
        return FlowStarted(begun.authorize_url, self._flows.keep(OPERATOR_SIGN_IN, state, known))

    def complete(self, query: Mapping[str, str], cookie_value: str | None) -> OperatorSignedIn:
        """Complete a sign-in from the callback's query. Raises ConsentFailed."""
        known = self._flows.take(OPERATOR_SIGN_IN, query, cookie_value)
        flow, mode = known["flow"], SignInMode(known["mode"])
        if "error" in query:
            raise _refusal(query, mode)
        if not query.get("code"):
            raise ConsentFailed(SignInProblem.INCOMPLETE_CALLBACK, "no code")
        claims = self._redeem(flow, query["code"]).id_claims
        identity, signed_in_at = self._identity(claims, flow), auth_time(claims)
        if mode is SignInMode.FRESH:
            _check_fresh(signed_in_at, datetime.fromisoformat(known["started_at"]))
        return OperatorSignedIn(identity, roles_of(claims.get("roles")), signed_in_at, mode, known["return_to"])

    def _redeem(self, flow: Mapping[str, Any], code: str) -> Tokens:
        try:
            return self._entra.redeem(self._tenant_id, flow, code)
        except EntraRefused as error:
            raise ConsentFailed(problem_of(error.response), error.response.label) from None
        except EntraUnavailable as error:
            raise ConsentFailed(SignInProblem.ENTRA_DOWN, str(error)) from None
        except (TenantNotFound, ValueError) as error:
            raise ConsentFailed(SignInProblem.INCOMPLETE_ANSWER, type(error).__name__) from None

    def _identity(self, claims: Mapping[str, Any], flow: Mapping[str, Any]) -> Identity:
        try:
            return identity_of(
                claims,
                client_id=self._settings.client_id,
                authority_host=self._settings.authority_host,
                nonce=flow["nonce"],
                named_tenant_id=self._tenant_id,
                now=self._clock.now(),
            )
        except IdTokenRefused as error:
            raise ConsentFailed(SignInProblem.INCOMPLETE_ANSWER, error.claim, is_authenticated=True) from None


def auth_time(claims: Mapping[str, Any]) -> datetime | None:
    """Return when the user last entered credentials: an optional claim that our registration asks for.

    https://learn.microsoft.com/entra/identity-platform/optional-claims-reference
    """
    value = claims.get("auth_time")
    is_moment = isinstance(value, int) and not isinstance(value, bool) and 0 < value < MAX_MOMENT
    return datetime.fromtimestamp(value, UTC) if is_moment and isinstance(value, int) else None


def _check_fresh(signed_in_at: datetime | None, started_at: datetime) -> None:
    """Raise ConsentFailed unless the credentials were entered for this sign-in."""
    if signed_in_at is None or signed_in_at < started_at - timedelta(seconds=CLOCK_SKEW_SECONDS):
        raise ConsentFailed(SignInProblem.INCOMPLETE_ANSWER, "auth_time", is_authenticated=True)


def _refusal(query: Mapping[str, str], mode: SignInMode) -> ConsentFailed:
    response = error_from_callback(query)
    kind = SilentSignInRefused if mode is SignInMode.SILENT and response.error in SILENT_REFUSALS else ConsentFailed
    return kind(problem_of(response), response.label)
