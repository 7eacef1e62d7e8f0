"""Create MSAL's application object for one call. MSAL is slow to import, so this module is imported late."""

from typing import Any
from urllib.parse import urlsplit

from msal import ConfidentialClientApplication, TokenCache

from shared.core.settings import Settings
from shared.identity.claims import CAPABILITIES
from shared.identity.client_proof import ClientProof
from shared.identity.transport import EntraTransport


class NoCache(TokenCache):  # type: ignore[misc]  # MSAL has no types
    """Caches nothing. MSAL's own cache also logs each response at DEBUG, code and code verifier included."""

    def add(self, event: dict[str, Any], now: float | None = None) -> None:
        """Do nothing: the caller stores the refresh token."""


def make_app(
    settings: Settings, tenant: str, transport: EntraTransport, proof: ClientProof, *, keeps_access: bool = True
) -> ConfidentialClientApplication:
    """Return a new object for one call: a longer-lived one would answer a repeated refresh from its cache.

    Without `keeps_access` no refresh token is requested.
    """
    return ConfidentialClientApplication(
        settings.client_id,
        client_credential=proof.for_msal(),
        authority=f"https://{urlsplit(settings.authority_host).netloc}/{tenant}",
        token_cache=NoCache(),
        http_client=transport,
        instance_discovery=False,
        client_capabilities=list(CAPABILITIES),
        exclude_scopes=None if keeps_access else ["offline_access"],
    )
