"""Read and write secrets of our Key Vault; its failures become configuration or transient errors.

https://learn.microsoft.com/python/api/overview/azure/keyvault-secrets-readme
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from shared.core.errors import AzureUnavailable, ConfigurationError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

PATIENCE: dict[str, Any] = {"connection_timeout": 5, "read_timeout": 10, "retry_total": 3, "retry_backoff_max": 5}
"""A sign-in may wait for the vault: fail early and let the user retry."""


@dataclass(frozen=True)
class SecretVersion:
    """One version of a secret, without its value. `created_at` is aware UTC, to the second."""

    version: str
    created_at: datetime
    is_enabled: bool


class KeyVault:
    """Secrets of one vault. Every method raises ConfigurationError or AzureUnavailable; no error holds a value."""

    def __init__(self, url: str, identity: "TokenCredential", transport: object = None) -> None:
        from azure.keyvault.secrets import SecretClient

        given = {"transport": transport} if transport else {}
        self._client = SecretClient(url, identity, **PATIENCE, **given)

    def versions(self, name: str) -> list[SecretVersion]:
        """Return all versions, newest first; none if there is no such secret."""
        with faults(name):
            found = [
                SecretVersion(properties.version, properties.created_on, bool(properties.enabled))
                for properties in self._client.list_properties_of_secret_versions(name)
                if properties.version and properties.created_on
            ]
        return sorted(found, key=lambda version: (version.created_at, version.version), reverse=True)

    def value(self, name: str, version: str | None = None) -> str:
        """Return the value of this version, or of the newest."""
        with faults(name):
            value = self._client.get_secret(name, version).value
        return value or ""

    def add(self, name: str, value: str, content_type: str) -> None:
        """Add a new version, which becomes the newest."""
        with faults(name):
            self._client.set_secret(name, value, content_type=content_type)

    def disable(self, name: str, version: str) -> None:
        """Disable this version: it cannot be read until it is enabled again. It is not deleted."""
        with faults(name):
            self._client.update_secret_properties(name, version, enabled=False)


@contextmanager
def faults(name: str) -> Iterator[None]:
    """Translate the SDK's errors; their texts are dropped because they may quote the request."""
    from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError

    try:
        yield
    except ResourceNotFoundError:
        raise ConfigurationError(f"KEY_VAULT_URL: the vault has no secret {name}: add it") from None
    except HttpResponseError as error:
        if error.status_code == HTTPStatus.FORBIDDEN:
            raise ConfigurationError(
                f"KEY_VAULT_URL: the vault denies access to {name}: grant the identity Key Vault Secrets User there, "
                "and check that the vault's network allows it"
            ) from None
        raise AzureUnavailable(f"Key Vault answered {error.status_code or type(error).__name__}") from None
    except AzureError as error:
        raise AzureUnavailable(f"Key Vault did not answer: {type(error).__name__}") from None
