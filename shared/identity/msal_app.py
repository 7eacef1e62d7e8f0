"""MSAL's object for one call. MSAL takes a while to import, so this module is imported where it is used."""

from typing import Any
from urllib.parse import urlsplit

from msal import ConfidentialClientApplication, TokenCache

from shared.core.settings import Settings
from shared.identity.claims import CAPABILITIES
from shared.identity.client_proof import ClientProof
from shared.identity.transport import EntraTransport


class NoCache(TokenCache):  # type: ignore[misc]  # MSAL has no types
    """Keeps nothing. MSAL's own also logs each answer at level DEBUG, code and code verifier included."""

    def add(self, event: dict[str, Any], now: float | None = None) -> None:
        """Leaves it to the caller to keep the one token that is to be kept."""


def make_app(
    settings: Settings, tenant: str, transport: EntraTransport, proof: ClientProof, *, keeps_access: bool = True
) -> ConfidentialClientApplication:
    """An object of its own for each call: one that lived longer would answer a repeated refresh from its memory.

    Without `keeps_access` no refresh token is asked for.
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
