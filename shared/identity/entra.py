"""The sign-in protocol: MSAL behind four calls.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

from shared.arm.endpoints import ARM_SCOPE
from shared.core.errors import EntraUnavailable
from shared.core.settings import Settings
from shared.identity.claims import with_capabilities
from shared.identity.client_proof import ClientProof, proof_without_vault
from shared.identity.failures import EntraRefused, OAuthErrorResponse, error_from_token_response
from shared.identity.tenants import ORGANIZATIONS, TENANT_ID, TenantNotFound
from shared.identity.transport import EntraTransport

if TYPE_CHECKING:
    from msal import ConfidentialClientApplication

SIGN_IN_SCOPES = ("openid", "profile", "offline_access")
"""Added by MSAL: the user's identity and a refresh token."""

READING_SCOPES = ("openid", "profile")
"""All that a user who only reads is asked for."""

SIGN_IN_CALLBACK = "/consent/callback"
ADMIN_CALLBACK = "/consent/admin/callback"
READING_CALLBACK = "/sign-in/callback"

TENANT_DELETED = OAuthErrorResponse("invalid_tenant", (90002,))

MSAL_CANNOT_READ = (ValueError, LookupError, TypeError, AttributeError, RuntimeError)
"""What MSAL raises on a malformed ID token or a wrong nonce; the error texts quote the token."""


@dataclass(frozen=True)
class Registration:
    """A sign-in's scopes beyond the user's identity, and its callback path. `keeps_access` requests a refresh token."""

    callback: str
    scopes: tuple[str, ...]
    keeps_access: bool


CUSTOMERS = Registration(SIGN_IN_CALLBACK, (ARM_SCOPE,), keeps_access=True)
READERS = Registration(READING_CALLBACK, scopes=(), keeps_access=False)
"""The same application, for a user who only reads: `openid` and `profile`, no Azure permission, no refresh token."""


@dataclass(frozen=True)
class SignInStart:
    """A started sign-in. `flow` holds the code verifier: it stays on the server, encrypted.

    `tenant_id` is Entra's id of the named tenant, None if none was named.
    """

    authorize_url: str
    tenant_id: str | None
    flow: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Tokens:
    """The token endpoint's response. `id_claims` are decoded but not yet validated."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_in_seconds: int
    scopes: tuple[str, ...]
    id_claims: Mapping[str, Any] = field(repr=False)


class EntraClient:
    """Calls Entra for one application; keeps no customer data between calls. Thread-safe."""

    def __init__(
        self,
        settings: Settings,
        http: requests.Session | None = None,
        registration: Registration = CUSTOMERS,
        proof: ClientProof | None = None,
    ) -> None:
        self._settings = settings
        self._proof = proof or proof_without_vault(settings)
        self._registration = registration
        self._transport = EntraTransport(settings.authority_host, http)

    def begin_sign_in(
        self,
        tenant: str | None,
        state: str,
        claims: str | None = None,
        login_hint: str | None = None,
        prompt: str | None = None,
    ) -> SignInStart:
        """Start a sign-in: return where to redirect the browser. Raises TenantNotFound, EntraUnavailable.

        `prompt` is `none` for a sign-in without a page, `login` for one with credentials entered anew.
        """
        app = self._app(tenant)
        flow = app.initiate_auth_code_flow(
            list(self._registration.scopes),
            redirect_uri=self._settings.base_url + self._registration.callback,
            state=state,
            claims_challenge=claims,
            login_hint=login_hint,
            prompt=prompt,
            response_mode="form_post",
        )
        resolved = str(app.authority.tenant).lower()
        return SignInStart(
            authorize_url=self._for_browser(flow.pop("auth_uri")),
            tenant_id=resolved if TENANT_ID.fullmatch(resolved) else None,
            flow=flow,
        )

    def check_connection(self) -> None:
        """Check that Entra answers; raises EntraUnavailable otherwise."""
        self._transport.check_connection()

    def redeem(self, tenant: str | None, flow: Mapping[str, Any], code: str) -> Tokens:
        """Redeem the code for tokens. `tenant` as at the start: Entra redeems a code only where it was issued.

        Raises EntraRefused, TenantNotFound, EntraUnavailable; ValueError for an unreadable response.
        """
        app = self._app(tenant)
        try:
            answer = app.acquire_token_by_auth_code_flow(dict(flow), {"code": code, "state": flow["state"]})
        except MSAL_CANNOT_READ:
            raise ValueError("the response cannot be read") from None
        return _tokens(answer)

    def refresh(self, tenant_id: str, refresh_token: str, claims: str | None = None) -> Tokens:
        """Return new tokens for the user of the refresh token. Raises EntraRefused, EntraUnavailable."""
        try:
            app = self._app(tenant_id)
            answer = app.acquire_token_by_refresh_token(
                refresh_token, [ARM_SCOPE], data={"claims": with_capabilities(claims)}
            )
            return _tokens(answer)
        except TenantNotFound:
            raise EntraRefused(TENANT_DELETED) from None
        except MSAL_CANNOT_READ as error:
            raise EntraUnavailable(f"Entra's response cannot be read: {type(error).__name__}") from None

    def admin_consent_url(self, tenant: str | None, state: str) -> str:
        """Return the URL at which an administrator approves the app for the whole tenant.

        https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
        """
        query = {
            "client_id": self._settings.client_id,
            "scope": " ".join((ARM_SCOPE, *SIGN_IN_SCOPES)),
            "redirect_uri": self._settings.base_url + ADMIN_CALLBACK,
            "state": state,
        }
        authority = f"{self._settings.authority_host}/{tenant or ORGANIZATIONS}"
        return f"{authority}/v2.0/adminconsent?{urlencode(query)}"

    def _app(self, tenant: str | None) -> "ConfidentialClientApplication":
        from shared.identity.msal_app import make_app

        keeps_access = self._registration.keeps_access
        return make_app(
            self._settings, tenant or ORGANIZATIONS, self._transport, self._proof, keeps_access=keeps_access
        )

    def _for_browser(self, url: str) -> str:
        """Return MSAL's URL with the authority host's scheme and the response mode `query`.

        MSAL supports https only and prefers form_post, which would arrive without our SameSite=Lax
        cookie. A code in the URL is useless to others: redeeming it needs the code verifier, and
        its flow works once and in one browser.
        """
        parts = urlsplit(url)
        query = urlencode({**dict(parse_qsl(parts.query)), "response_mode": "query"})
        return parts._replace(scheme=urlsplit(self._settings.authority_host).scheme, query=query).geturl()


def _tokens(answer: Mapping[str, Any]) -> Tokens:
    if "access_token" not in answer:
        raise EntraRefused(error_from_token_response(answer))
    return Tokens(
        access_token=str(answer["access_token"]),
        refresh_token=answer.get("refresh_token"),
        expires_in_seconds=int(answer.get("expires_in") or 0),  # a number, or a number as text
        scopes=tuple(str(answer.get("scope") or "").split()),
        id_claims=answer.get("id_token_claims") or {},
    )
