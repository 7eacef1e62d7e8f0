"""Customers' consent, their sign-in without it, and administrators' approval."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.core.clock import Clock
from shared.core.errors import EntraUnavailable
from shared.core.periods import FLOW_MINUTES
from shared.core.settings import Settings
from shared.identity.claims import usable_challenge
from shared.identity.entra import EntraClient, SignInStart, Tokens
from shared.identity.failures import EntraRefused, SignInProblem, error_from_callback, problem_of
from shared.identity.flows import FLOWS_TABLE, ConsentFailed, FlowStarted, SignInFlows
from shared.identity.id_token import (
    Identity,
    IdTokenRefused,
    OtherTenantRefused,
    PersonalAccountRefused,
    identity_of,
)
from shared.identity.sessions import new_secret
from shared.identity.tenants import TenantNotFound, named_tenant
from shared.identity.unknown_tenants import UnknownTenants
from shared.identity.vault import TokenVault
from shared.observability.telemetry import current_traceparent
from shared.table_storage.store import TableStore

__all__ = ["FLOWS_TABLE", "FLOW_MINUTES", "ConsentFailed", "ConsentFlows", "FlowStarted", "SignedIn", "tenant_of"]

SIGN_IN = "sign-in"
READING = "reading"
ADMIN = "admin-approval"
"""The kinds of flow, stored in separate partitions so that one is never accepted as another."""

DELEGATED_PERMISSION = "/user_impersonation"


@dataclass(frozen=True)
class ReaderSignedIn:
    """A validated sign-in to read only; `return_to` is the path that the user wanted, checked when it started."""

    identity: Identity
    return_to: str


@dataclass(frozen=True)
class SignedIn:
    """A validated sign-in. `claims` are those it requested; `traceparent` is the trace it started in."""

    identity: Identity
    refresh_token: str = field(repr=False)
    claims: str | None = field(default=None, repr=False)
    traceparent: str | None = None


class ConsentFlows:
    """Start and complete sign-ins and administrators' approvals."""

    def __init__(
        self,
        settings: Settings,
        entra: EntraClient,
        readers: EntraClient,
        tables: TableStore,
        vault: TokenVault,
        clock: Clock,
    ) -> None:
        """`entra` asks for the delegated permission; `readers` has the registration READERS and asks for none."""
        self._settings = settings
        self._entra = entra
        self._readers = readers
        self._flows = SignInFlows(tables, vault, clock)
        self._unknown = UnknownTenants(FLOWS_TABLE, tables, clock)
        self._clock = clock

    def start(
        self, tenant_hint: str | None = None, claims: str | None = None, login_hint: str | None = None
    ) -> FlowStarted:
        """Start a sign-in with consent; `tenant_hint` is the user's input. Raises ConsentFailed."""
        tenant, state, wanted = tenant_of(tenant_hint), new_secret(), usable_challenge(claims)
        begun = self._begin(self._entra, tenant, state, wanted, login_hint)
        known = {**_known(tenant, begun), "claims": wanted, "traceparent": current_traceparent()}
        return FlowStarted(begun.authorize_url, self._flows.keep(SIGN_IN, state, known))

    def start_reading(self, return_to: str, tenant_hint: str | None = None) -> FlowStarted:
        """Start a sign-in without any Azure permission; `return_to` is a checked path. Raises ConsentFailed."""
        tenant, state = tenant_of(tenant_hint), new_secret()
        begun = self._begin(self._readers, tenant, state)
        known = {**_known(tenant, begun), "return_to": return_to}
        return FlowStarted(begun.authorize_url, self._flows.keep(READING, state, known))

    def _begin(
        self,
        entra: EntraClient,
        tenant: str | None,
        state: str,
        claims: str | None = None,
        login_hint: str | None = None,
    ) -> SignInStart:
        """Ask Entra where to send the browser. Raises ConsentFailed."""
        try:
            return self._asked(entra, tenant, state, claims, login_hint)
        except TenantNotFound:
            raise ConsentFailed(SignInProblem.UNKNOWN_TENANT, tenant=tenant) from None
        except EntraUnavailable as error:
            raise ConsentFailed(SignInProblem.ENTRA_DOWN, str(error), tenant) from None

    def _asked(
        self, entra: EntraClient, tenant: str | None, state: str, claims: str | None, login_hint: str | None
    ) -> SignInStart:
        """Ask Entra, unless it did not know the tenant a short while ago. Raises TenantNotFound, EntraUnavailable."""
        if tenant is not None:
            self._unknown.check(tenant)
        try:
            return entra.begin_sign_in(tenant, state, claims, login_hint)
        except TenantNotFound:
            if tenant is not None:
                self._unknown.remember(tenant)
            raise

    def complete(self, query: Mapping[str, str], cookie_value: str | None) -> SignedIn:
        """Complete a sign-in from the callback's query. Raises ConsentFailed."""
        known = self._flows.take(SIGN_IN, query, cookie_value)
        tokens = self._redeem(self._entra, known, _code_of(query, known["tenant"]))
        identity, refresh_token = self._identity(known, tokens), _refresh_token(tokens, known["tenant"])
        return SignedIn(identity, refresh_token, known["claims"], known["traceparent"])

    def complete_reading(self, query: Mapping[str, str], cookie_value: str | None) -> ReaderSignedIn:
        """Complete a sign-in without consent from the callback's query. Raises ConsentFailed."""
        known = self._flows.take(READING, query, cookie_value)
        tokens = self._redeem(self._readers, known, _code_of(query, known["tenant"]))
        return ReaderSignedIn(self._identity(known, tokens), known["return_to"])

    def start_admin_approval(self, tenant_hint: str | None = None) -> FlowStarted:
        """Start an administrator's approval. Raises ConsentFailed."""
        tenant = tenant_of(tenant_hint)
        state = new_secret()
        return FlowStarted(
            self._entra.admin_consent_url(tenant, state), self._flows.keep(ADMIN, state, {"tenant": tenant})
        )

    def complete_admin_approval(self, query: Mapping[str, str], cookie_value: str | None) -> None:
        """Return if the callback says that the app was approved; raises ConsentFailed otherwise.

        Nothing in the query string is trusted or stored: any caller can write `tenant` and
        `admin_consent`, and Entra sends the latter with errors too.
        """
        tenant = self._flows.take(ADMIN, query, cookie_value)["tenant"]
        if "error" in query:
            response = error_from_callback(query)
            raise ConsentFailed(problem_of(response), response.label, tenant)
        if query.get("admin_consent", "").lower() != "true":
            raise ConsentFailed(SignInProblem.INCOMPLETE_CALLBACK, "no admin_consent", tenant)

    def _redeem(self, entra: EntraClient, known: Mapping[str, Any], code: str) -> Tokens:
        tenant = known["tenant"]
        try:
            return entra.redeem(tenant, known["flow"], code)
        except EntraRefused as error:
            raise ConsentFailed(problem_of(error.response), error.response.label, tenant) from None
        except EntraUnavailable as error:
            raise ConsentFailed(SignInProblem.ENTRA_DOWN, str(error), tenant) from None
        except (TenantNotFound, ValueError) as error:
            raise ConsentFailed(SignInProblem.INCOMPLETE_ANSWER, type(error).__name__, tenant) from None

    def _identity(self, known: Mapping[str, Any], tokens: Tokens) -> Identity:
        try:
            return identity_of(
                tokens.id_claims,
                client_id=self._settings.client_id,
                authority_host=self._settings.authority_host,
                nonce=known["flow"]["nonce"],
                named_tenant_id=known["tenant_id"],
                now=self._clock.now(),
            )
        except IdTokenRefused as error:
            raise ConsentFailed(_problem_of_token(error), error.claim, known["tenant"], is_authenticated=True) from None


def _known(tenant: str | None, begun: SignInStart) -> dict[str, Any]:
    """Return what every flow stores for its callback."""
    return {"tenant": tenant, "tenant_id": begun.tenant_id, "flow": begun.flow}


def _code_of(query: Mapping[str, str], tenant: str | None) -> str:
    """Return the authorization code of the callback; raises ConsentFailed for an error or none."""
    if "error" in query:
        response = error_from_callback(query)
        raise ConsentFailed(problem_of(response), response.label, tenant)
    if not query.get("code"):
        raise ConsentFailed(SignInProblem.INCOMPLETE_CALLBACK, "no code", tenant)
    return query["code"]


def tenant_of(hint: str | None) -> str | None:
    """Return the tenant that the user named, checked; None if none was named. Raises ConsentFailed."""
    try:
        return named_tenant(hint)
    except TenantNotFound:
        raise ConsentFailed(SignInProblem.UNKNOWN_TENANT, "no tenant's name") from None


def _problem_of_token(error: IdTokenRefused) -> SignInProblem:
    if isinstance(error, PersonalAccountRefused):
        return SignInProblem.PERSONAL_ACCOUNT
    if isinstance(error, OtherTenantRefused):
        return SignInProblem.WRONG_TENANT
    return SignInProblem.INCOMPLETE_ANSWER


def _refresh_token(tokens: Tokens, tenant: str | None) -> str:
    """Return the refresh token; raises ConsentFailed if the permission was not granted."""
    if not any(scope.lower().endswith(DELEGATED_PERMISSION) for scope in tokens.scopes):
        raise ConsentFailed(SignInProblem.INCOMPLETE_ANSWER, "scope", tenant, is_authenticated=True)
    if not tokens.refresh_token:
        raise ConsentFailed(SignInProblem.INCOMPLETE_ANSWER, "refresh_token", tenant, is_authenticated=True)
    return tokens.refresh_token
