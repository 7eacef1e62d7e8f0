"""The app's own identity in Azure: one user-assigned managed identity, for everything that is ours but one thing.

It opens our Key Vault, sends our mail, and proves the app to Entra. What belongs to a
customer is never reached by it. A second one does nothing but take old entries out of the
activity log, which the first may only add to (shared/sql/roles.sql).
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
"""A token that is good for one thing: to prove the app to Entra, as a federated credential of its registration.

https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
"""

log = logging.getLogger("caleta.identity")


def own_identity(settings: Settings) -> "TokenCredential":
    """The managed identity; it asks for no token by itself, and keeps those it got in memory until they end.

    https://learn.microsoft.com/python/api/azure-identity/azure.identity.managedidentitycredential
    """
    return _managed_identity(settings.managed_identity_client_id)


def purge_identity(settings: Settings) -> "TokenCredential":
    """The identity for the one deletion that the app's own may not do."""
    return _managed_identity(settings.purge_identity_client_id)


def _managed_identity(client_id: str) -> "TokenCredential":
    from azure.identity import ManagedIdentityCredential  # takes a second to import

    return ManagedIdentityCredential(client_id=client_id)


def token_of(identity: "TokenCredential", scope: str) -> str:
    """A token for this scope. Raises AzureUnavailable: whether the fault passes cannot be told from here."""
    from azure.core.exceptions import AzureError

    try:
        return identity.get_token(scope).token
    except AzureError as error:
        log_event(log, Event.IDENTITY_UNAVAILABLE, type(error).__name__, alert="own-identity", scope=scope)
        raise AzureUnavailable(f"no token of our own for {scope}: {type(error).__name__}") from None
