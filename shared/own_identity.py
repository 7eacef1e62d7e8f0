"""The app's own identity in Azure: a user-assigned managed identity for our own resources.

It reads our Key Vault, sends our mail and authenticates the app to Entra. It has no access to
customers' resources. A second identity only deletes old entries of the activity log, to which
the first can only append (shared/sql/rights.py).
"""

import logging
from typing import TYPE_CHECKING

from shared.core.errors import AzureUnavailable
from shared.core.settings import Settings
from shared.observability.events import Event
from shared.observability.work_log import log_event

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

EXCHANGE_SCOPE = "api://AzureADTokenExchange/.default"
"""The scope of a token that authenticates the app to Entra, as a federated credential of its registration.

https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
"""

log = logging.getLogger("caleta.identity")


def own_identity(settings: Settings) -> "TokenCredential":
    """Return the managed identity; it requests tokens when needed and caches them in memory.

    https://learn.microsoft.com/python/api/azure-identity/azure.identity.managedidentitycredential
    """
    return _managed_identity(settings.managed_identity_client_id)


def purge_identity(settings: Settings) -> "TokenCredential":
    """Return the identity that deletes old activity log entries, which the app's own cannot."""
    return _managed_identity(settings.purge_identity_client_id)


def _managed_identity(client_id: str) -> "TokenCredential":
    from azure.identity import ManagedIdentityCredential  # takes a second to import

    return ManagedIdentityCredential(client_id=client_id)


def token_of(identity: "TokenCredential", scope: str) -> str:
    """Return a token for this scope. Raises AzureUnavailable: we cannot tell whether the failure is transient."""
    from azure.core.exceptions import AzureError

    try:
        return identity.get_token(scope).token
    except AzureError as error:
        log_event(log, Event.IDENTITY_UNAVAILABLE, type(error).__name__, alert="own-identity", scope=scope)
        raise AzureUnavailable(f"no token for our own identity, scope {scope}: {type(error).__name__}") from None
