"""The sign-in protocol: MSAL behind four calls.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import requests

from shared.arm.endpoints import ARM_SCOPE
from shared.core.errors import EntraUnavailable
from shared.core.settings import Settings
from shared.identity.claims import CAPABILITIES, with_capabilities
from shared.identity.failures import EntraRefused, Refusal, refusal_of_token_answer
from shared.identity.tenants import ORGANIZATIONS, TENANT_ID, TenantNotFound
from shared.identity.transport import EntraTransport

if TYPE_CHECKING:
    from msal import ConfidentialClientApplication

SIGN_IN_SCOPES = ("openid", "profile", "offline_access")
"""What MSAL adds by itself: who signed in, and a refresh token."""

SIGN_IN_CALLBACK = "/consent/callback"
ADMIN_CALLBACK = "/consent/admin/callback"

TENANT_GONE = Refusal("invalid_tenant", (90002,))

MSAL_CANNOT_READ = (ValueError, LookupError, TypeError, AttributeError, RuntimeError)
"""What MSAL raises on an answer whose ID token is no token or has another nonce; the texts quote it."""


@dataclass(frozen=True)
class SignInStart:
    """A sign-in that has begun. `flow` holds the code verifier: it stays on the server, encrypted.

    `tenant_id` is what Entra resolved the named tenant to, None when none was named.
    """

    authorize_url: str
    tenant_id: str | None
    flow: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Tokens:
    """What the token endpoint gave. `id_claims` are decoded, not yet checked."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_in_seconds: int
    scopes: tuple[str, ...]
    id_claims: Mapping[str, Any] = field(repr=False)


class EntraClient:
    """Talks to Entra for one application, with no memory between calls.

    Each call makes an MSAL object with a token cache of its own: a shared one would pile
    up every customer's tokens, and would answer a repeated refresh from its memory.
    """

    def __init__(self, settings: Settings, http: requests.Session | None = None) -> None:
        self._settings = settings
        self._transport = EntraTransport(settings.authority_host, http)

    def begin_sign_in(
        self, tenant: str | None, state: str, claims: str | None = None, login_hint: str | None = None
    ) -> SignInStart:
        """Where to send the browser. Raises TenantNotFound, EntraUnavailable."""
        app = self._app(tenant)
        flow = app.initiate_auth_code_flow(
            [ARM_SCOPE],
            redirect_uri=self._settings.base_url + SIGN_IN_CALLBACK,
            state=state,
            claims_challenge=claims,
            login_hint=login_hint,
            response_mode="query",  # a form_post would come without our SameSite=Lax cookie
        )
        resolved = str(app.authority.tenant).lower()
        return SignInStart(
            authorize_url=self._as_configured(flow.pop("auth_uri")),
            tenant_id=resolved if TENANT_ID.fullmatch(resolved) else None,
            flow=flow,
        )

    def redeem(self, tenant: str | None, flow: Mapping[str, Any], code: str) -> Tokens:
        """Tokens for the code. `tenant` as at the start: Entra redeems a code only where it was issued.

        Raises EntraRefused, TenantNotFound, EntraUnavailable; ValueError for an answer that cannot be read.
        """
        app = self._app(tenant)
        try:
            answer = app.acquire_token_by_auth_code_flow(dict(flow), {"code": code, "state": flow["state"]})
        except MSAL_CANNOT_READ:
            raise ValueError("the answer cannot be read") from None
        return _tokens(answer)

    def refresh(self, tenant_id: str, refresh_token: str, claims: str | None = None) -> Tokens:
        """New tokens for the user of the refresh token. Raises EntraRefused, EntraUnavailable."""
        try:
            app = self._app(tenant_id)
            answer = app.acquire_token_by_refresh_token(
                refresh_token, [ARM_SCOPE], data={"claims": with_capabilities(claims)}
            )
            return _tokens(answer)
        except TenantNotFound:
            raise EntraRefused(TENANT_GONE) from None
        except MSAL_CANNOT_READ as error:
            raise EntraUnavailable(f"Entra's answer cannot be read: {type(error).__name__}") from None

    def admin_consent_url(self, tenant: str | None, state: str) -> str:
        """Where an administrator approves the app for the whole tenant.

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
        from msal import ConfidentialClientApplication, TokenCache  # heavy: imported only where used

        return ConfidentialClientApplication(
            self._settings.client_id,
            client_credential=self._settings.client_secret,
            authority=f"https://{urlsplit(self._settings.authority_host).netloc}/{tenant or ORGANIZATIONS}",
            token_cache=TokenCache(),
            http_client=self._transport,
            instance_discovery=False,
            client_capabilities=list(CAPABILITIES),
        )

    def _as_configured(self, url: str) -> str:
        """The address with the scheme of the authority host: MSAL knows https only."""
        return urlsplit(url)._replace(scheme=urlsplit(self._settings.authority_host).scheme).geturl()


def _tokens(answer: Mapping[str, Any]) -> Tokens:
    if "access_token" not in answer:
        raise EntraRefused(refusal_of_token_answer(answer))
    return Tokens(
        access_token=str(answer["access_token"]),
        refresh_token=answer.get("refresh_token"),
        expires_in_seconds=int(answer.get("expires_in") or 0),  # a number, or a number as text
        scopes=tuple(str(answer.get("scope") or "").split()),
        id_claims=answer.get("id_token_claims") or {},
    )
