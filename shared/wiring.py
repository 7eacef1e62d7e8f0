"""Builds the parts from the settings; the only module that reads the environment.

Nothing is built at import. The local host and the tests install a subclass that
replaces single parts.
"""

import os
import threading
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from shared.arm.client import ArmClient
from shared.arm.paced_arm import PacedArm
from shared.arm.quota_state import QuotaStates
from shared.core.clock import Clock, SystemClock
from shared.core.settings import Settings, read_settings
from shared.identity.broker import TokenBroker
from shared.identity.client_proof import proof_of
from shared.identity.consent import ConsentFlows
from shared.identity.entra import EntraClient
from shared.identity.keys import KeyVaultKeys
from shared.identity.operator_sessions import OperatorSessions
from shared.identity.operators import OPERATORS, OperatorSignIns, operators_settings
from shared.identity.sessions import Sessions
from shared.identity.vault import TokenVault
from shared.mail.graph import GraphMail
from shared.messaging.queues import QueueSender
from shared.own_identity import own_identity, purge_identity, token_of
from shared.sql.engine.engine import Database
from shared.table_storage.store import TableStore

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

    from shared.identity.key_vault import KeyVault

T = TypeVar("T")


def part(build: Callable[[Any], T]) -> cached_property[T]:
    """Built at its first use, once, whichever thread comes first: cached_property alone has no lock from 3.12 on."""

    def built(services: "Services") -> T:
        with services.lock:
            if build.__name__ not in services.__dict__:
                services.__dict__[build.__name__] = build(services)
        made: T = services.__dict__[build.__name__]
        return made

    return cached_property(built)


class Services:
    """All parts of the running app, each built at its first use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = threading.RLock()

    @part
    def clock(self) -> Clock:
        return SystemClock(self.settings.speed_up)

    @part
    def database(self) -> Database:
        return Database.connect(self.settings.sql_url, lambda: self.own_identity, self.clock)

    @part
    def purge_database(self) -> Database:
        """The database as it is open to who takes old entries out of the activity log, and may do nothing else."""
        if self.settings.is_local:
            return self.database
        return Database.connect(self.settings.sql_url, lambda: purge_identity(self.settings), self.clock)

    @part
    def queues(self) -> QueueSender:
        from shared.messaging.service_bus import (  # azure-servicebus is heavy: imported only where used
            ServiceBusSender,
            connect,
        )

        return ServiceBusSender(self.settings.service_bus_namespace, lambda name: connect(name, self.own_identity))

    @part
    def tables(self) -> TableStore:
        from shared.table_storage.azure import AzureTableStore  # likewise azure-data-tables

        return AzureTableStore(self.settings.tables_endpoint, self.own_identity)

    @part
    def arm(self) -> ArmClient:
        return ArmClient(self.settings.arm_endpoint, self.clock)

    @part
    def paced_arm(self) -> PacedArm:
        return PacedArm(self.arm, QuotaStates(self.tables, self.clock), self.clock, self.settings.speed_up)

    @part
    def on_demand_arm(self) -> ArmClient:
        return ArmClient(self.settings.arm_endpoint, self.clock, on_demand=True)

    @part
    def own_identity(self) -> "TokenCredential":
        return own_identity(self.settings)

    @part
    def key_vault(self) -> "KeyVault":
        from shared.identity.key_vault import KeyVault  # likewise azure-keyvault-secrets

        return KeyVault(self.settings.key_vault_url, self.own_identity)

    @part
    def mail(self) -> GraphMail:
        endpoint, sender = self.settings.graph_endpoint, self.settings.mail_sender
        return GraphMail(endpoint, sender, lambda: token_of(self.own_identity, f"{endpoint}/.default"))

    @part
    def entra(self) -> EntraClient:
        proof = proof_of(self.settings, lambda: self.own_identity, lambda: self.key_vault, self.clock)
        return EntraClient(self.settings, proof=proof)

    @part
    def vault(self) -> TokenVault:
        if self.settings.key_vault_url:
            return TokenVault(KeyVaultKeys(self.key_vault, self.clock))
        return TokenVault(self.settings.token_encryption_keys)

    @part
    def tokens(self) -> TokenBroker:
        return TokenBroker(self.entra, self.database, self.vault, self.clock)

    @part
    def consent(self) -> ConsentFlows:
        return ConsentFlows(self.settings, self.entra, self.tables, self.vault, self.clock)

    @part
    def sessions(self) -> Sessions:
        return Sessions(self.tables, self.clock)

    @part
    def operator_sign_ins(self) -> OperatorSignIns:
        settings = operators_settings(self.settings)
        proof = proof_of(settings, lambda: self.own_identity, lambda: self.key_vault, self.clock)
        entra = EntraClient(settings, registration=OPERATORS, proof=proof)
        return OperatorSignIns(settings, entra, self.tables, self.vault, self.clock)

    @part
    def operator_sessions(self) -> OperatorSessions:
        return OperatorSessions(self.tables, self.clock)


_services: Services | None = None
_services_lock = threading.Lock()


def services() -> Services:
    """The parts of this process; the first call reads the settings and may raise ConfigurationError."""
    global _services
    with _services_lock:
        if _services is None:
            settings = read_settings(os.environ)
            if settings.insights_connection_string:
                from shared.observability.export import start  # heavy, and only Azure has somewhere to send to

                start(settings.insights_connection_string)
            _services = Services(settings)
        return _services


def use(replacement: Services | None) -> None:
    """Installs other parts: the local run's, or a test's."""
    global _services
    with _services_lock:
        _services = replacement
