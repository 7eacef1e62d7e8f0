"""Build the app's services from the settings; the only module that reads the environment.

Nothing is built at import, and a service's modules are loaded when it is first used: the first request of
a cold instance waits only for what it needs. The local host and the tests install a subclass that replaces
single services.
"""

import os
import threading
from typing import TYPE_CHECKING

from shared.core.lazy import lazy
from shared.core.settings import Settings, read_settings
from shared.repositories import Repositories

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

    from shared.arm.client import ArmClient
    from shared.arm.paced_arm import PacedArm
    from shared.core.clock import Clock
    from shared.core.pseudonyms import Pseudonyms
    from shared.exports.blobs import BlobStore
    from shared.exports.exports import Exports
    from shared.identity.api_tokens import ApiTokens
    from shared.identity.broker import TokenBroker
    from shared.identity.consent import ConsentFlows
    from shared.identity.entra import EntraClient, Registration
    from shared.identity.key_vault import KeyVault
    from shared.identity.keys import KeySource
    from shared.identity.mail_confirmations import MailConfirmations
    from shared.identity.operator_sessions import OperatorSessions
    from shared.identity.operators import OperatorSignIns
    from shared.identity.sessions import Sessions
    from shared.identity.vault import TokenVault
    from shared.mail.graph import GraphMail
    from shared.messaging.queues import QueueSender
    from shared.sql.engine.engine import Database
    from shared.table_storage.rate_limits import RateLimits
    from shared.table_storage.store import TableStore


class Services(Repositories):
    """All services of the running app, each built at its first use."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings

    @lazy
    def clock(self) -> "Clock":
        from shared.core.clock import SystemClock

        return SystemClock(self.settings.speed_up)

    @lazy
    def database(self) -> "Database":
        from shared.sql.engine.engine import Database

        return Database.connect(self.settings.sql_url, lambda: self.own_identity, self.clock)

    @lazy
    def purge_database(self) -> "Database":
        """The database under the identity that may only delete old activity log entries."""
        from shared.own_identity import purge_identity
        from shared.sql.engine.engine import Database

        if self.settings.is_local:
            return self.database
        return Database.connect(self.settings.sql_url, lambda: purge_identity(self.settings), self.clock)

    @lazy
    def queues(self) -> "QueueSender":
        from shared.messaging.service_bus import ServiceBusSender, connect

        return ServiceBusSender(self.settings.service_bus_namespace, lambda name: connect(name, self.own_identity))

    @lazy
    def tables(self) -> "TableStore":
        from shared.table_storage.azure import AzureTableStore

        return AzureTableStore(self.settings.tables_endpoint, self.own_identity)

    @lazy
    def blobs(self) -> "BlobStore":
        from shared.exports.azure import AzureBlobStore

        return AzureBlobStore(self.settings.blobs_endpoint, self.own_identity)

    @lazy
    def exports(self) -> "Exports":
        from shared.exports.exports import Exports

        return Exports(self.tables, self.blobs, self.clock)

    @lazy
    def arm(self) -> "ArmClient":
        from shared.arm.client import ArmClient

        return ArmClient(self.settings.arm_endpoint, self.clock)

    @lazy
    def paced_arm(self) -> "PacedArm":
        from shared.arm.paced_arm import PacedArm
        from shared.arm.quota_state import QuotaStates

        return PacedArm(self.arm, QuotaStates(self.tables, self.clock), self.clock, self.settings.speed_up)

    @lazy
    def on_demand_arm(self) -> "ArmClient":
        from shared.arm.client import ArmClient

        return ArmClient(self.settings.arm_endpoint, self.clock, on_demand=True)

    @lazy
    def own_identity(self) -> "TokenCredential":
        from shared.own_identity import own_identity

        return own_identity(self.settings)

    @lazy
    def key_vault(self) -> "KeyVault":
        from shared.identity.key_vault import KeyVault

        return KeyVault(self.settings.key_vault_url, self.own_identity)

    @lazy
    def mail(self) -> "GraphMail":
        from shared.mail.graph import GraphMail
        from shared.own_identity import token_of

        endpoint, sender = self.settings.graph_endpoint, self.settings.mail_sender
        return GraphMail(endpoint, sender, lambda: token_of(self.own_identity, f"{endpoint}/.default"))

    @lazy
    def entra(self) -> "EntraClient":
        """Entra for a user who grants the delegated permission."""
        from shared.identity.entra import CUSTOMERS

        return self._entra_for(CUSTOMERS, self.settings)

    @lazy
    def keys(self) -> "KeySource":
        from shared.identity.keys import FixedKeys, KeyVaultKeys

        if self.settings.key_vault_url:
            return KeyVaultKeys(self.key_vault, self.clock)
        return FixedKeys(self.settings.token_encryption_keys)

    @lazy
    def entra_for_readers(self) -> "EntraClient":
        """Entra for a user who only reads: it asks for no permission."""
        from shared.identity.entra import READERS

        return self._entra_for(READERS, self.settings)

    def _entra_for(self, registration: "Registration", settings: Settings) -> "EntraClient":
        """A client of Entra with the app's own credential, which `settings` choose."""
        from shared.identity.client_proof import proof_of
        from shared.identity.entra import EntraClient

        proof = proof_of(settings, lambda: self.own_identity, lambda: self.key_vault, self.clock)
        return EntraClient(settings, registration=registration, proof=proof)

    @lazy
    def vault(self) -> "TokenVault":
        from shared.identity.vault import TokenVault

        return TokenVault(self.keys if self.settings.key_vault_url else self.settings.token_encryption_keys)

    @lazy
    def pseudonyms(self) -> "Pseudonyms":
        from shared.core.pseudonyms import Pseudonyms

        return Pseudonyms(self.keys.newest_first)

    @lazy
    def tokens(self) -> "TokenBroker":
        from shared.identity.broker import TokenBroker

        return TokenBroker(self.entra, self.database, self.vault, self.clock)

    @lazy
    def consent(self) -> "ConsentFlows":
        from shared.identity.consent import ConsentFlows

        return ConsentFlows(self.settings, self.entra, self.entra_for_readers, self.tables, self.vault, self.clock)

    @lazy
    def sessions(self) -> "Sessions":
        from shared.identity.sessions import Sessions

        return Sessions(self.tables, self.clock)

    @lazy
    def mail_confirmations(self) -> "MailConfirmations":
        from shared.identity.mail_confirmations import MailConfirmations

        return MailConfirmations(self.tables, self.vault, self.clock)

    @lazy
    def api_tokens(self) -> "ApiTokens":
        from shared.identity.api_tokens import ApiTokens

        return ApiTokens(self.tables, self.clock)

    @lazy
    def rate_limits(self) -> "RateLimits":
        from shared.table_storage.rate_limits import RateLimits

        return RateLimits(self.tables, self.clock)

    @lazy
    def operator_sign_ins(self) -> "OperatorSignIns":
        from shared.identity.operators import OPERATORS, OperatorSignIns, operators_settings

        settings = operators_settings(self.settings)
        entra = self._entra_for(OPERATORS, settings)
        return OperatorSignIns(settings, entra, self.tables, self.vault, self.clock)

    @lazy
    def operator_sessions(self) -> "OperatorSessions":
        from shared.identity.operator_sessions import OperatorSessions

        return OperatorSessions(self.tables, self.clock)


_services: Services | None = None
_services_lock = threading.Lock()


def services() -> Services:
    """Return the services of this process; the first call reads the settings and may raise ConfigurationError."""
    global _services
    with _services_lock:
        if _services is None:
            settings = read_settings(os.environ)
            if settings.insights_connection_string:
                from shared.observability.export import start  # slow to import, and only needed in Azure

                start(settings.insights_connection_string)
            _services = Services(settings)
        return _services


def use(replacement: Services | None) -> None:
    """Install other services: the local run's, or a test's."""
    global _services
    with _services_lock:
        _services = replacement
