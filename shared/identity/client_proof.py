"""The app's credential at Entra: its managed identity, or else a certificate or a secret."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from shared.core.clock import Clock
from shared.core.errors import AzureUnavailable, ConfigurationError, EntraUnavailable
from shared.core.settings import Settings
from shared.observability.events import Event
from shared.observability.work_log import log_event
from shared.own_identity import EXCHANGE_SCOPE, own_identity, token_of

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

    from shared.identity.key_vault import KeyVault

CERTIFICATE_LIFE = timedelta(hours=1)
"""How long a certificate is used before it is read again; a renewed one takes effect then."""

log = logging.getLogger("caleta.identity")


class ClientProof(Protocol):
    """Provides MSAL's `client_credential`."""

    def for_msal(self) -> str | dict[str, Any]:
        """Return the credential. Raises ConfigurationError, EntraUnavailable."""


class SecretProof:
    """A client secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def for_msal(self) -> str | dict[str, Any]:
        return self._secret


class IdentityProof:
    """A token of the managed identity, which the app registration trusts as a federated credential.

    azure-identity caches the token until shortly before its expiry; an MSAL cache on top could
    return an expired one.
    """

    def __init__(self, identity: "TokenCredential") -> None:
        self._identity = identity

    def for_msal(self) -> str | dict[str, Any]:
        return {"client_assertion": self._assertion}

    def _assertion(self) -> str:
        try:
            return token_of(self._identity, EXCHANGE_SCOPE)
        except AzureUnavailable as error:
            raise EntraUnavailable(str(error)) from None


class CertificateProof:
    """A certificate with its private key as PEM; `read` returns it, `setting` is named in errors."""

    def __init__(self, read: Callable[[], str], setting: str, clock: Clock) -> None:
        self._read = read
        self._setting = setting
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, Any] = {}
        self._read_at: datetime | None = None

    def for_msal(self) -> str | dict[str, Any]:
        """Return the credential. Given the certificate itself, MSAL signs with PS256 and sends its SHA-256."""
        with self._lock:
            now = self._clock.now()
            if self._read_at is None or now - self._read_at >= CERTIFICATE_LIFE:
                self._renew(now)
            return self._known

    def _renew(self, now: datetime) -> None:
        try:
            text = self._read()
        except AzureUnavailable as error:
            if not self._known:
                raise EntraUnavailable(str(error)) from None
            log_event(log, Event.CERTIFICATE_KEPT, error, level=logging.WARNING)
            return
        from shared.identity.certificate import checked  # imported only where a certificate is used

        self._known = checked(self._setting, text, now)
        self._read_at = now


def proof_of(
    settings: Settings, identity: "Callable[[], TokenCredential]", vault: "Callable[[], KeyVault]", clock: Clock
) -> ClientProof:
    """Return the proof that the settings select. `identity` and `vault` are called only if needed."""
    if settings.client_certificate_path:
        return CertificateProof(lambda: _file(settings.client_certificate_path), "ENTRA_CLIENT_CERTIFICATE_PATH", clock)
    if settings.client_certificate_name:
        name, opened = settings.client_certificate_name, vault()
        return CertificateProof(lambda: opened.value(name), "ENTRA_CLIENT_CERTIFICATE_NAME", clock)
    return SecretProof(settings.client_secret) if settings.client_secret else IdentityProof(identity())


def proof_without_vault(settings: Settings) -> ClientProof:
    """Return the secret if there is one, else the managed identity."""
    return SecretProof(settings.client_secret) if settings.client_secret else IdentityProof(own_identity(settings))


def _file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except (OSError, ValueError):
        raise ConfigurationError("ENTRA_CLIENT_CERTIFICATE_PATH is not a readable PEM file") from None
