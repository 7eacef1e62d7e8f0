"""Operators' sign-in: our own tenant, a separate app registration, app roles from the ID token.

https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.core.clock import Clock
from shared.core.errors import EntraUnavailable
from shared.core.operators import Role, roles_of
from shared.core.settings import Settings
from shared.identity.entra import EntraClient, Registration, Tokens
from shared.identity.failures import EntraRefused, SignInProblem, error_from_callback, problem_of
from shared.identity.flows import ConsentFailed, FlowStarted, SignInFlows
from shared.identity.id_token import Identity, IdTokenRefused, identity_of
from shared.identity.sessions import new_secret
from shared.identity.tenants import TenantNotFound
from shared.identity.vault import TokenVault
from shared.table_storage.store import TableStore

OPERATOR_SIGN_IN = "operator-sign-in"
OPERATORS = Registration(callback="/desk/callback", scopes=(), keeps_access=False)
"""Identity only: no permission and no refresh token are requested."""


@dataclass(frozen=True)
class OperatorSignedIn:
    """A validated sign-in to our own tenant; without a role it gives no access."""

    identity: Identity
    roles: frozenset[Role]


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

    def start(self) -> FlowStarted:
        """Start a sign-in. Raises ConsentFailed."""
        state = new_secret()
        try:
            begun = self._entra.begin_sign_in(self._tenant_id, state)
        except TenantNotFound:
            raise ConsentFailed(SignInProblem.OUR_FAULT, "OPERATOR_TENANT_ID is no tenant") from None
        except EntraUnavailable as error:
            raise ConsentFailed(SignInProblem.ENTRA_DOWN, str(error)) from None
        return FlowStarted(begun.authorize_url, self._flows.keep(OPERATOR_SIGN_IN, state, {"flow": begun.flow}))

    def complete(self, query: Mapping[str, str], cookie_value: str | None) -> OperatorSignedIn:
        """Complete a sign-in from the callback's query. Raises ConsentFailed."""
        flow = self._flows.take(OPERATOR_SIGN_IN, query, cookie_value)["flow"]
        if "error" in query:
            response = error_from_callback(query)
            raise ConsentFailed(problem_of(response), response.label)
        if not query.get("code"):
            raise ConsentFailed(SignInProblem.INCOMPLETE_CALLBACK, "no code")
        claims = self._redeem(flow, query["code"]).id_claims
        return OperatorSignedIn(self._identity(claims, flow), roles_of(claims.get("roles")))

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
            raise ConsentFailed(SignInProblem.INCOMPLETE_ANSWER, error.claim) from None
